import { describe, expect, it } from 'vitest';

import { resultText } from '../public/js/poll.js';
import { changedQuestions, inOrder } from '../public/js/questions.js';
import { cursorOf, emptyLog, reduce } from '../public/js/reducer.js';
import type { ServerFrame } from '../src/protocol/frames.js';
import type { PollView, QuestionView } from '../src/protocol/views.js';
import { LogModel } from './support/log-model.js';

const at = '2026-01-01T00:00:00.000Z';
const opened = (seq: number, id: string) =>
  ({
    event: 'room.poll-opened',
    data: {
      seq,
      id,
      question: 'Q',
      choices: ['A', 'B'],
      by: { id: 'mod', nickname: 'Mod' },
      at,
      closesAt: at,
    },
  }) satisfies ServerFrame;
const closed = (seq: number, id: string) =>
  ({
    event: 'room.poll-closed',
    data: { seq, id, opened: seq - 1, question: 'Q', choices: ['A', 'B'], counts: [2, 1], at },
  }) satisfies ServerFrame;
const counts = (id: string, ...now: number[]): ServerFrame => ({
  event: 'poll.counts',
  data: { id, counts: now },
});
const welcome = (mode: 'snapshot' | 'resume', poll?: PollView): ServerFrame => {
  const frame = new LogModel().welcome(mode);
  return frame.event === 'welcome' ? { ...frame, data: { ...frame.data, ...(poll && { poll }) } } : frame;
};
const live: ServerFrame = { event: 'live', data: { seq: 0 } };
const fold = (...frames: ServerFrame[]) =>
  frames.reduce((state, frame) => reduce(state, frame).state, emptyLog());

describe('the open poll of a room', () => {
  it('opens, is counted and ends as the log says, with a line for each', () => {
    const before = fold(welcome('snapshot'), live, opened(1, 'p'), counts('p', 3, 1), counts('other', 9, 9));
    expect(before.poll).toMatchObject({ id: 'p', counts: [3, 1] });
    const { poll, items } = reduce(before, closed(2, 'p')).state;
    expect(poll).toBeNull();
    expect(items).toMatchObject([
      { says: 'poll-opened', params: { question: 'Q' } },
      { says: 'poll-closed', poll: { id: 'p', counts: [2, 1] } },
    ]);
  });

  it('keeps what the welcome says of it through the replay of older entries', () => {
    const { data } = opened(3, 'now');
    const poll = { ...data, counts: [4, 5], vote: 1 };
    const state = fold(welcome('snapshot', poll), opened(1, 'old'), closed(2, 'old'), opened(3, 'now'));
    expect(state.poll).toEqual(poll);
    expect(cursorOf(state)).toMatchObject({ after: 3 });
    expect(reduce(state, opened(4, 'next')).state.poll).toMatchObject({ id: 'next', counts: [0, 0] });
  });
});

it('says a result in one line', () => {
  expect(resultText(['Tea', '커피'], [2, 1], 'en')).toBe('Tea 67% (2) · 커피 33% (1)');
  expect(resultText(['A', 'B'], [0, 0], 'ko')).toBe('A 0% (0) · B 0% (0)');
});

describe('the questions of a room', () => {
  const question = (id: string, votes: number, status: QuestionView['status'] = 'open'): QuestionView => ({
    id,
    author: null,
    text: id,
    votes,
    at,
    status,
  });

  it('follow the frames, keep what is the reader’s own, and stand by votes', () => {
    const own = { ...question('a', 1), own: true as const };
    let now = changedQuestions([own], { event: 'question.asked', data: question('b', 0) });
    now = changedQuestions(now, { event: 'question.votes', data: { votes: { b: 3, gone: 9 } } });
    expect(inOrder(now).map(({ id, votes }) => [id, votes])).toEqual([
      ['b', 3],
      ['a', 1],
    ]);
    now = changedQuestions(now, { event: 'question.asked', data: question('b', 3, 'answered') });
    now = changedQuestions(now, { event: 'question.asked', data: question('a', 1) });
    expect(inOrder(now).map(({ id, own: isOwn }) => [id, isOwn])).toEqual([
      ['a', true],
      ['b', undefined],
    ]);
    expect(changedQuestions(now, { event: 'question.removed', data: { id: 'a' } })).toHaveLength(1);
  });
});
