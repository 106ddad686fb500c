import unhomoglyph from 'unhomoglyph';

/** A nickname as it is stored, with the key by which look-alikes are found. */
export interface Nickname {
  nickname: string;
  key: string;
  /** It speaks for the place: only who runs the place may have it. */
  reserved: boolean;
}

/** Longest nickname in UTF-16 units: twenty emoji made of many parts fit, a book of combining marks does not. */
export const LONGEST_NICKNAME = 200;

/** Names that speak for the place, in the languages the product speaks. Their look-alikes are refused too. */
const RESERVED = (
  'madang 마당 admin admins administrator administrators operator operators owner root system server staff ' +
  'moderator moderators mod official support help host bot chatbot assistant ai anonymous guest everyone here all ' +
  'null undefined 운영자 운영진 운영팀 관리자 관리인 관리팀 시스템 서버 진행자 공식 어드민 모더레이터 봇 챗봇 도우미 ' +
  '인공지능 익명 손님 게스트 방장 매니저'
).split(' ');

/** An emoji of several parts, or with its presentation selector: the one honest use of invisible characters. */
const EMOJI =
  /\p{Extended_Pictographic}(?:\uFE0F|\p{Emoji_Modifier})?(?:\u200D\p{Extended_Pictographic}(?:\uFE0F|\p{Emoji_Modifier})?)*/gu;
/** Control, format (bidirectional, zero-width), private and unassigned characters; fillers; odd spaces. */
const INVISIBLE = /[\p{C}\p{Default_Ignorable_Code_Point}\p{Zl}\p{Zp}\u2800]|(?! )\p{Zs}/u;
/** More marks on one letter than any living script writes. */
const STACKED = /\p{M}{4}/u;
/** Letters of phonetic notation, small capitals among them: they pass for plain ones, and no name needs them. */
const PHONETIC = /[\u0250-\u02AF\u1D00-\u1DBF]/u;
/** Scripts whose letters pass for each other's; one name is written in one of them. */
const CONFUSABLE = [
  /\p{Script=Latin}/u,
  /\p{Script=Cyrillic}/u,
  /\p{Script=Greek}/u,
  /\p{Script=Armenian}/u,
  /\p{Script=Cherokee}/u,
];
const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });

/**
 * Reads a nickname: 2–20 graphemes, nothing invisible, at most one of the scripts that pass for each other. Null if it
 * is not one. `reserved` adds names, such as the AI's. Whether it is taken, the database knows.
 */
export function readNickname(raw: string, reserved: readonly string[] = []): Nickname | null {
  if (raw.length > 2 * LONGEST_NICKNAME) {
    return null;
  }
  const nickname = raw.normalize('NFC').trim().replaceAll(/ {2,}/g, ' ');
  const key = nicknameKey(nickname);
  if (key === '' || !isWellFormed(nickname)) {
    return null;
  }
  return { nickname, key, reserved: [...RESERVED, ...reserved].some((name) => nicknameKey(name) === key) };
}

function isWellFormed(nickname: string): boolean {
  if (nickname.length > LONGEST_NICKNAME) {
    return false;
  }
  const length = [...graphemes.segment(nickname)].length;
  const scripts = CONFUSABLE.filter((script) => script.test(nickname.normalize('NFKC')));
  return (
    length >= 2 &&
    length <= 20 &&
    scripts.length <= 1 &&
    !INVISIBLE.test(nickname.replaceAll(EMOJI, '')) &&
    !STACKED.test(nickname) &&
    !PHONETIC.test(nickname)
  );
}

/**
 * The skeleton of a name: equal for names that people take for the same. Width, case, accents, spaces and punctuation do
 * not count, nor whether a stroke is an i, an l or a 1. Empty for a name of nothing but punctuation.
 */
export function nicknameKey(name: string): string {
  // Marks go first: the table of look-alikes takes some letters with marks for letters of other scripts.
  const folded = name.normalize('NFKD').toLowerCase().replaceAll(/\p{M}/gu, '').normalize('NFC');
  return unhomoglyph(folded)
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[\p{M}\p{P}\p{Z}\p{C}\p{Default_Ignorable_Code_Point}]/gu, '')
    .replaceAll(/[i1|]/g, 'l')
    .replaceAll('0', 'o')
    .normalize('NFC')
    .slice(0, 400);
}

/** 4–20 ASCII letters, digits or underscores. */
export const USERNAME = /^[A-Za-z0-9_]{4,20}$/;

/** Usernames are one without regard to case. */
export function usernameKey(username: string): string {
  return username.toLowerCase();
}
