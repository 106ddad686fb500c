import { masked, TermMatcher, type Term } from '../../src/moderation/terms/matcher.js';
import type { Bench } from './bench.js';

const TERMS = 10_000;
const SYLLABLES = [
  'ba',
  'do',
  'ki',
  'lum',
  'ne',
  'ro',
  'sta',
  'vi',
  'zor',
  '가',
  '나',
  '도',
  '말',
  '바',
  '소',
  '치',
];
const TEXTS = [
  'the quick brown fox jumps over the lazy dog and runs on and on and on',
  'ｗｉｄｅ letters, 𝓯𝓪𝓷𝓬𝔂 letters, b\u200Broken words and d1gits f0r l3tters',
  '안녕하세요, 오늘 방송 정말 재미있네요 ㅋㅋㅋㅋ 다음에도 꼭 볼게요! 수고하셨습니다',
  'badokilum starovizor neroba dokineba 가나도말 바소치가 나도말바 sta vi zor ba do ki lum',
];

/** What one message costs against ten thousand blocked terms, in microseconds of one core. */
export function termsSection({ report, seconds }: Bench): Promise<void> {
  const built = performance.now();
  const matcher = new TermMatcher(Array.from({ length: TERMS }, (_, index) => termOf(index)));
  report.reading('terms', `${TERMS} of them`, { 'ms to build': (performance.now() - built).toFixed(0) });
  check(matcher, 1);
  const slowest = Math.max(...TEXTS.map((text) => check(matcher, seconds / TEXTS.length / 2, text)));
  report.figure('a message against 10,000 blocked terms', slowest, { must: 50, aim: 20 }, ' µs');
  return Promise.resolve();
}

/** Made of the same syllables as the last text, so that many of them begin in it and break off. */
function termOf(index: number): Term {
  let rest = index;
  const word = Array.from({ length: 4 }, () => {
    const syllable = SYLLABLES[rest % SYLLABLES.length]!;
    rest = Math.floor(rest / SYLLABLES.length);
    return syllable;
  }).join('');
  return {
    text: index % 2 === 0 ? `${word}${index}` : `${word}*`,
    outcome: index % 3 === 0 ? 'mask' : 'refuse',
  };
}

/** Microseconds a message. */
function check(matcher: TermMatcher, seconds: number, ...texts: string[]): number {
  const said = texts.length > 0 ? texts : TEXTS;
  const end = performance.now() + seconds * 1000;
  const started = performance.now();
  let count = 0;
  while (performance.now() < end) {
    for (let round = 0; round < 100; round++) {
      const text = said[count++ % said.length]!;
      masked(text, matcher.match(text).masks);
    }
  }
  return ((performance.now() - started) / count) * 1000;
}
