type Cell = string | number | null | undefined;

/** What a spreadsheet takes for a formula at the start of a cell, in full width too. */
const FORMULA = /^[\s\p{Z}]*[=+\-@＝＋－＠\t\r]/u;

/**
 * One line of CSV (RFC 4180, with its CRLF). What would be a formula in a spreadsheet gets an apostrophe in front: the
 * words of strangers are opened on the machines of staff.
 */
export function csvLine(cells: readonly Cell[]): string {
  return `${cells.map(cellOf).join(',')}\r\n`;
}

function cellOf(cell: Cell): string {
  if (typeof cell === 'number') {
    return String(cell);
  }
  const text = cell ?? '';
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** With it, spreadsheets read the file as UTF-8. */
export const CSV_MARK = '\uFEFF';
