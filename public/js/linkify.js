/** Finds what is an address in plain text. Only http and https: nothing else may become clickable. */

const ADDRESS = /\bhttps?:\/\/[^\s<>"'`\u2018-\u201f]+/giu;
/** Punctuation that ends a sentence rather than an address. */
const TRAILING = new Set('.,:;!?…·、。」』】)]}');

/**
 * @param {string} text
 * @returns {{ text: string, href?: string }[]} the whole text in pieces, in order
 */
export function linkify(text) {
  const pieces = [];
  let from = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const address = trimmed(match[0]);
    const href = safeHref(address);
    if (href === null) {
      continue;
    }
    if (match.index > from) {
      pieces.push({ text: text.slice(from, match.index) });
    }
    pieces.push({ text: address, href });
    from = match.index + address.length;
  }
  if (from < text.length) {
    pieces.push({ text: text.slice(from) });
  }
  return pieces;
}

/** Without what belongs to the sentence; a closing bracket stays when the address opened it. @param {string} match */
function trimmed(match) {
  let unopened = match.split(')').length - match.split('(').length;
  let end = match.length;
  for (; end > 0 && TRAILING.has(match[end - 1] ?? ''); end--) {
    if (match[end - 1] === ')' && unopened-- <= 0) {
      break;
    }
  }
  return match.slice(0, end);
}

/** The address as a link may lead to it; null for what nobody should be led to. @param {string} address */
export function safeHref(address) {
  if (!URL.canParse(address)) {
    return null;
  }
  const { protocol, username, password, href } = new URL(address);
  // `https://bank.example@evil.example` reads as the one and leads to the other.
  return /^https?:$/.test(protocol) && !username && !password ? href : null;
}
