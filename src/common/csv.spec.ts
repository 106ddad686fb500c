import { expect, it } from 'vitest';

import { csvLine } from './csv.js';

it.each([
  [['a', 1, null, undefined], 'a,1,,\r\n'],
  [['a,b', 'say "hi"', 'two\nlines'], '"a,b","say ""hi""","two\nlines"\r\n'],
  [[-5], '-5\r\n'],
  [['-5'], "'-5\r\n"],
  [['=1+1'], "'=1+1\r\n"],
  [['+1', '@SUM(A1)', '\t=1'], "'+1,'@SUM(A1),'\t=1\r\n"],
  [['  =cmd|/c'], "'  =cmd|/c\r\n"],
  [['＝1+1', '\u00a0=1'], "'＝1+1,'\u00a0=1\r\n"],
  [['=a,"b"'], '"\'=a,""b"""\r\n'],
  [['\r=1'], '"\'\r=1"\r\n'],
  [['마당', 'a=b'], '마당,a=b\r\n'],
] as const)('%j becomes %j', (cells, line) => {
  expect(csvLine(cells)).toBe(line);
});
