import { inlineMarks } from '../../public/js/inline-marks.js';
import type { Locale } from '../protocol/views.js';
import { translate } from '../common/i18n/translate.js';
import type { LineRow, MessageRow } from './message-row.js';

const row = ({ text = '', ...row }: Partial<MessageRow> & { text?: string }): MessageRow => ({
  seq: 0,
  id: '',
  kind: 'chat',
  style: '',
  state: '',
  hidden: false,
  authorId: '',
  hueClass: '',
  own: false,
  mention: false,
  continued: false,
  initial: '·',
  name: '',
  badge: '',
  pieces: inlineMarks(text),
  edited: false,
  note: '',
  at: '2026-11-22T20:47:00.000Z',
  time: '20:47',
  quote: null,
  ...row,
});

/** Rows of every kind and state, and the hues of people. Words of the sketches, not of the product: they are not translated. */
export function styleguideRows(locale: Locale): {
  rows: (MessageRow | LineRow)[];
  hues: { hueClass: string }[];
} {
  const t = (key: Parameters<typeof translate>[1]) => translate(locale, key);
  const rows: (MessageRow | LineRow)[] = [
    {
      line: translate(locale, 'client.notice.joined-others', { name: '하늘', count: 12 }),
      result: false,
      seq: 0,
    },
    row({
      name: '민서',
      initial: '민',
      hueClass: 'hue-30',
      text: '첫 곡 제목 아시는 분 계신가요? 정말 좋네요',
    }),
    row({
      name: '민서',
      initial: '민',
      hueClass: 'hue-30',
      text: '기타 소리가 참 따뜻해요',
      continued: true,
    }),
    row({
      name: 'bora',
      initial: 'B',
      hueClass: 'hue-4',
      mention: true,
      text: '@아라 아까 말한 그 곡이에요!',
    }),
    row({
      name: '운영자',
      initial: '운',
      kind: 'admin',
      badge: t('client.badge.announcement'),
      text: '9시부터 질문을 받아요.',
    }),
    row({ name: '아라', initial: '아', own: true, text: '@ai 지금까지 나온 곡을 정리해 줘', edited: true }),
    row({
      name: 'AI',
      initial: 'AI',
      kind: 'ai',
      badge: t('client.badge.ai'),
      text: '지금까지 세 곡이 나왔어요.',
    }),
    row({
      name: 'jun_02',
      initial: 'J',
      hueClass: 'hue-25',
      badge: t('client.badge.moderator'),
      text: '소리 **완전** 또렷해요 👏👏 ~~아까와~~ 달라요',
      quote: { seq: 0, name: '민서', pieces: [{ text: '첫 곡 제목 아시는 분 계신가요? 정말 좋네요' }] },
    }),
    row({
      name: '긴이름을가진사람이에요',
      initial: '긴',
      hueClass: 'hue-12',
      text: `${'아주긴낱말'.repeat(12)} https://example.org/${'a'.repeat(80)}`,
    }),
    row({ name: 'zoë', initial: 'Z', hueClass: 'hue-8', text: 'First line\nsecond line\n\nfourth' }),
    row({ name: 'x', state: 'removed', text: t('client.message.removed') }),
    row({ kind: 'system', name: 'x', text: '라이브를 시작했어요' }),
  ];
  return { rows, hues: Array.from({ length: 36 }, (_, hue) => ({ hueClass: `hue-${hue}` })) };
}
