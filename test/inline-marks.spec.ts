import { describe, expect, it } from 'vitest';

import { inlineMarks, unmarked, type Piece } from '../public/js/inline-marks.js';

/** As tags, to be read. */
function html(pieces: readonly Piece[]): string {
  return pieces
    .map((piece) =>
      'mark' in piece
        ? `<${piece.mark}>${html(piece.pieces)}</${piece.mark}>`
        : 'image' in piece
          ? `{${piece.text}}`
          : piece.href
            ? `[${piece.text}]`
            : piece.text,
    )
    .join('');
}

describe('marks in messages', () => {
  it.each([
    ['**굵게**는 이렇게', '<strong>굵게</strong>는 이렇게'],
    ['an *italic* or _italic_ word', 'an <em>italic</em> or <em>italic</em> word'],
    ['~~gone~~', '<s>gone</s>'],
    ['run `npm **start**` now', 'run <code>npm **start**</code> now'],
    ['**bold and *italic* inside**', '<strong>bold and <em>italic</em> inside</strong>'],
    ['**see https://x.example/a_b_c**', '<strong>see [https://x.example/a_b_c]</strong>'],
    ['https://x.example/*a*b*', '[https://x.example/*a*b*]'],
    ['one **line**\nand **another**', 'one <strong>line</strong>\nand <strong>another</strong>'],
  ])('%j', (text, expected) => {
    expect(html(inlineMarks(text))).toBe(expected);
  });

  it.each([
    '2*3*4',
    'snake_case_name',
    '** not bold **',
    '*',
    '****',
    'a word that is masked: ******',
    '******, and ******!',
    'half of a w****d and a w****d',
    '``',
    '5 * 3 * 2',
    'a ~~ b ~~ c',
    '<b>x</b>',
  ])('are not seen in %j', (text) => {
    expect(inlineMarks(text).every((piece) => !('mark' in piece))).toBe(true);
    expect(html(inlineMarks(text))).toBe(text);
  });

  it('take no longer for hostile texts than people notice', () => {
    for (const piece of ['**', '~~a', '*a', '_a ', '`', 'https://']) {
      expect(html(inlineMarks(piece.repeat(5000))).length).toBeGreaterThan(1000);
    }
  });
});

describe('emotes in messages', () => {
  const emotes = new Map(
    ['wave', 'two', '_a', 'b_'].map((name) => [name, { name, image: `/emotes/${name}` }] as const),
  );
  it.each([
    [':wave:', '{:wave:}'],
    ['hi:wave::two:there', 'hi{:wave:}{:two:}there'],
    [':nope:wave:two:', ':nope{:wave:}two:'],
    [':wave:two:', '{:wave:}two:'],
    ['**:wave: bold**', '<strong>{:wave:} bold</strong>'],
    ['`:wave:`', '<code>:wave:</code>'],
    ['https://x.example/:wave:', '[https://x.example/:wave]:'],
    [':_a: and :b_: _em_', '{:_a:} and {:b_:} <em>em</em>'],
    ['10:30:45 :WAVE: :wave', '10:30:45 :WAVE: :wave'],
  ])('%j', (text, expected) => {
    expect(html(inlineMarks(text, emotes))).toBe(expected);
    expect(html(inlineMarks(text))).not.toContain('{');
  });

  it('are there where the room shows no marks, too', () => {
    expect(html(unmarked('**:wave:** https://x.example', emotes))).toBe('**{:wave:}** [https://x.example]');
  });
});
