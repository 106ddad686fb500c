/**
 * Reads the arguments of commands: people, spans of time, on and off. Pure.
 *
 * @typedef {object} Somebody
 * @property {string} user their id, or a nickname of somebody who is not on the page
 * @property {string} name as it is shown
 */

const QUOTED = /^@?["“]([^"”]+)["”](?=\s|$)/u;
const TEXT = /^["“”]([^"“”]*)["“”](?=\s|$)/u;
const WORD = /^@?([^\s@]\S*)/u;
const SPAN = /^(\d{1,7})(s|sec|초|m|min|분|h|hour|시간|d|day|일)?(?=\s|$)/iu;
const SECONDS = new Map([
  ...['s', 'sec', '초'].map((unit) => /** @type {const} */ ([unit, 1])),
  ...['m', 'min', '분'].map((unit) => /** @type {const} */ ([unit, 60])),
  ...['h', 'hour', '시간'].map((unit) => /** @type {const} */ ([unit, 3600])),
  ...['d', 'day', '일'].map((unit) => /** @type {const} */ ([unit, 86_400])),
]);
const REASONS = new Map(
  Object.entries({
    spam: ['spam', '스팸', '도배'],
    harassment: ['harassment', '괴롭힘'],
    hate: ['hate', '혐오'],
    sexual: ['sexual', '음란'],
    danger: ['danger', '위험'],
    privacy: ['privacy', '개인정보'],
    other: ['other', '기타'],
  }).flatMap(([reason, words]) => words.map((word) => /** @type {const} */ ([word, reason]))),
);
const REMOVES = new Set(['remove', '삭제']);
const OUTCOMES = new Map(
  Object.entries({ refuse: '거절', mask: '가리기', hold: '검토' }).flatMap(([outcome, korean]) =>
    [outcome, korean].map((word) => /** @type {const} */ ([word, outcome])),
  ),
);
const ON = new Set(['on', '켜기', '켬']);
const OFF = new Set(['off', '끄기', '끔', '0']);

/**
 * The person that the arguments begin with: `@name`, `name`, or `@"a name with spaces"`. A nickname of the page is also
 * found unquoted, the longest first.
 * @param {string} args
 * @param {readonly { id: string, nickname: string }[]} people
 * @returns {{ who: Somebody | null, rest: string }}
 */
export function takePerson(args, people) {
  const plain = args.replace(/^@/, '');
  const known = people
    .filter(({ nickname }) => beginsWithName(plain, nickname))
    .reduce(
      (best, person) => (best === null || person.nickname.length > best.nickname.length ? person : best),
      /** @type {{ id: string, nickname: string } | null} */ (null),
    );
  if (known) {
    return {
      who: { user: known.id, name: known.nickname },
      rest: plain.slice(known.nickname.length).trim(),
    };
  }
  const match = QUOTED.exec(args) ?? WORD.exec(args);
  const name = match?.[1]?.trim() ?? '';
  if (!match || name === '') {
    return { who: null, rest: args };
  }
  const same = people.find(({ nickname }) => nickname.toLowerCase() === name.toLowerCase());
  return {
    who: { user: same?.id ?? name, name: same?.nickname ?? name },
    rest: args.slice(match[0].length).trim(),
  };
}

/**
 * The span of time that the arguments begin with, in seconds: `90`, `90s`, `10m`, `2h`, `3d`, `10분`.
 * @param {string} args
 * @returns {{ seconds: number | null, rest: string }} null: they begin with something else
 */
export function takeSpan(args) {
  const match = SPAN.exec(args);
  if (!match) {
    return { seconds: null, rest: args };
  }
  const unit = SECONDS.get((match[2] ?? 's').toLowerCase()) ?? 1;
  return { seconds: Number(match[1]) * unit, rest: args.slice(match[0].length).trim() };
}

/**
 * The quoted texts that the arguments begin with: `"one" "two words"`.
 * @param {string} args
 * @returns {{ texts: string[], rest: string }}
 */
export function takeQuoted(args) {
  const texts = [];
  let rest = args;
  for (let match = TEXT.exec(rest); match; match = TEXT.exec(rest)) {
    texts.push(match[1]?.trim() ?? '');
    rest = rest.slice(match[0].length).trim();
  }
  return { texts, rest };
}

/**
 * The reason for a report that the arguments begin with, in either language; all of it are words where they do not.
 * @param {string} args
 */
export function takeReason(args) {
  const [first = ''] = args.split(/\s/, 1);
  const reason = REASONS.get(first.toLowerCase());
  return { reason: reason ?? 'other', rest: reason ? args.slice(first.length).trim() : args };
}

/**
 * Whether the arguments begin by saying that what somebody wrote goes, too.
 * @param {string} args
 */
export function takeRemoval(args) {
  const [first = ''] = args.split(/\s/, 1);
  const removes = REMOVES.has(first.toLowerCase());
  return { removes, rest: removes ? args.slice(first.length).trim() : args };
}

/**
 * A term to block, after what becomes of messages with it where that is said.
 * @param {string} args
 */
export function takeTerm(args) {
  const [first = ''] = args.split(/\s/, 1);
  const outcome = OUTCOMES.get(first.toLowerCase());
  const rest = args.slice(first.length).trim();
  // A word that names an outcome, and stands alone, is the term.
  return outcome && rest !== '' ? { outcome, text: rest } : { text: args };
}

/** @param {string} args @returns {boolean | null} null: neither on nor off; nothing at all is on */
export function readSwitch(args) {
  const word = args.toLowerCase();
  if (word === '' || ON.has(word)) {
    return true;
  }
  return OFF.has(word) ? false : null;
}

/** @param {string} text @param {string} nickname */
function beginsWithName(text, nickname) {
  const isThere = text.toLowerCase().startsWith(nickname.toLowerCase());
  return isThere && /^(?:\s|$)/.test(text.slice(nickname.length));
}
