import { describe, expect, it } from 'vitest';

import { nicknameKey, readNickname, USERNAME } from './name-rules.js';

describe('a nickname', () => {
  it.each([
    ['Ann', 'Ann'],
    ['  Ann  of   Green ', 'Ann of Green'],
    ['마당쇠', '마당쇠'],
    ['こんにちは', 'こんにちは'],
    ['Łukasz Żółw', 'Łukasz Żółw'],
    ['Борис', 'Борис'],
    ['ไทยแลนด์', 'ไทยแลนด์'],
    ['👩‍💻🚀', '👩‍💻🚀'],
    ['❤️ heart', '❤️ heart'],
    ['한글Latin', '한글Latin'],
    ['a'.repeat(20), 'a'.repeat(20)],
    ['👨‍👩‍👧‍👦'.repeat(10), '👨‍👩‍👧‍👦'.repeat(10)],
  ])('may be %j', (raw, nickname) => {
    expect(readNickname(raw)).toMatchObject({ nickname, reserved: false });
  });

  it.each([
    ['one letter', 'a'],
    ['more than twenty', 'a'.repeat(21)],
    ['forty letters', 'a'.repeat(40)],
    ['nothing but spaces', '     '],
    ['nothing but punctuation', '...---'],
    ['a zero-width space', 'ad\u200bmin2'],
    ['a joiner that joins nothing', 'an\u200dna'],
    ['a soft hyphen', 'an\u00adna'],
    ['right-to-left override', 'an\u202ena'],
    ['an isolate', 'an\u2066na'],
    ['a Hangul filler', '마\u3164당쇠'],
    ['a half-width filler', 'an\uffa0na'],
    ['a blank that is no space', 'an\u2800na'],
    ['a no-break space', 'an\u00a0na'],
    ['a tab', 'an\tna'],
    ['a line break', 'an\nna'],
    ['a NUL', 'an\0na'],
    ['half a surrogate pair', 'an\ud800na'],
    ['a tag character', 'an\u{e0041}na'],
    ['stacked marks', 'a\u0300\u0301\u0302\u0303\u0304nna'],
    ['Latin and Cyrillic', '\u0410nna'],
    ['Latin and Greek', '\u0391nna'],
    ['full-width Latin and Cyrillic', '\uff21\u043d\u043d\u0430'],
    ['a hundred thousand letters', 'a'.repeat(100_000)],
    ['a hundred thousand spaces', `${' '.repeat(100_000)}!`],
  ])('may not be %s', (_, raw) => {
    const start = performance.now();
    expect(readNickname(raw)).toBeNull();
    expect(performance.now() - start).toBeLessThan(50);
  });

  it.each(
    (
      'admin ADMIN Admın ａｄｍｉｎ a.d.m.i.n adrnin 𝐚𝐝𝐦𝐢𝐧 ádmín admln madang Madanɡ 마당 마.당 운영자 관리자 system AI А1 ' +
      'Helper he1per'
    ).split(' '),
  )('%j speaks for the place', (raw) => {
    // А1 begins with a Cyrillic letter: refused as reserved or as no name, it is all one.
    expect(readNickname(raw, ['helper'])?.reserved ?? true).toBe(true);
  });

  it.each([
    ['Alice', 'AIice'],
    ['Alice', 'alice'],
    ['Alice', 'A l i c e'],
    ['Alice', 'Àlice'],
    ['bob', 'ｂｏｂ'],
    ['bob', 'b0b'],
    ['morning', 'rnorning'],
    ['한글', '한 글'],
    ['한글', '한글'.normalize('NFD')],
  ])('%j and %j look alike', (one, other) => {
    expect(nicknameKey(one)).toBe(nicknameKey(other));
  });

  it.each([
    ['Alice', 'Alicia'],
    ['하늘', '하눌'],
    ['🚀🚀', '🚀🎉'],
  ])('%j and %j do not', (one, other) => {
    expect(nicknameKey(one)).not.toBe(nicknameKey(other));
  });
});

describe('a username', () => {
  it.each(['anna', 'Anna_01', '____', 'a'.repeat(20)])('may be %j', (username) => {
    expect(USERNAME.test(username)).toBe(true);
  });

  it.each(['ann', 'a'.repeat(21), 'anna b', 'anná', '안나안나', 'anna\n', 'аnna', ''])(
    'may not be %j',
    (username) => {
      expect(USERNAME.test(username)).toBe(false);
    },
  );
});
