import type { Random } from './random.js';

/** JSON as text, since half of what is wrong with JSON cannot be said with a value. */
const NASTY = [
  'null',
  'true',
  '0',
  '-1',
  '1.5',
  '1e400',
  '-1e-400',
  '9007199254740993',
  '18446744073709551616',
  '1'.repeat(400),
  '""',
  '" "',
  '"\\u0000"',
  '"\\ud800"',
  '"\\udfff\\ud800"',
  '"\\u202e\\u2066\\u200b"',
  '"__proto__"',
  '"constructor"',
  '"\' OR 1=1 --"',
  '"<script>alert(1)</script>"',
  '"{{this}} ${1+1} %s%n"',
  `"${'x'.repeat(3000)}"`,
  `"${'👩‍👩‍👧‍👦'.repeat(60)}"`,
  `"${'e\\u0301\\u0301'.repeat(200)}"`,
  '[]',
  '{}',
  '[null]',
  '{"toString":null,"valueOf":null}',
  '{"__proto__":{"role":"admin"}}',
  '{"constructor":{"prototype":{"role":"admin"}}}',
  `${'['.repeat(300)}${']'.repeat(300)}`,
  `${'{"a":'.repeat(200)}1${'}'.repeat(200)}`,
  'NaN',
  'undefined',
  '0x10',
  "'single'",
  '// comment',
];

const SNIPPETS = [
  '"',
  '\\',
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '\u0000',
  '\ufeff',
  '\n',
  '\\u',
  '1e999',
  '/*',
  '{}',
];

/** A value of the seed's making: mostly what was given, with something about it changed. */
export function mutated(random: Random, value: object): string {
  const fields = new Map(Object.entries(value).map(([name, field]) => [name, JSON.stringify(field)]));
  for (let changes = random.int(3); changes > 0; changes--) {
    changeField(random, fields);
  }
  const text = `{${Array.from(fields, ([name, field]) => `${JSON.stringify(name)}:${field}`).join(',')}}`;
  return random.chance(0.25) ? scratched(random, text) : text;
}

/** The text with some of its characters lost, doubled or replaced. */
export function scratched(random: Random, text: string): string {
  let scratched = text;
  for (let times = 1 + random.int(4); times > 0; times--) {
    const at = random.int(scratched.length + 1);
    const until = at + random.int(random.chance(0.1) ? scratched.length : 4);
    const instead = random.chance(0.6) ? random.pick(SNIPPETS) : '';
    scratched = scratched.slice(0, at) + instead + scratched.slice(until);
  }
  return scratched;
}

function changeField(random: Random, fields: Map<string, string>): void {
  const name = random.pick([...fields.keys(), 'extra']);
  switch (random.int(5)) {
    case 0:
      fields.delete(name);
      break;
    case 1:
      fields.set(random.pick(['__proto__', 'seq', 'id', 'role', 'k'.repeat(1000), '']), random.pick(NASTY));
      break;
    default:
      fields.set(name, random.pick(NASTY));
  }
}
