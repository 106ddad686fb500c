import { describe, expect, it } from 'vitest';

import { noAnswers, reduceAnswers, type AnswersState } from '../public/js/answers.js';
import type { ServerFrame } from '../src/protocol/frames.js';

const id = 'a1';
const started: ServerFrame = { event: 'ai.started', data: { id, replyTo: 4 } };
const live: ServerFrame = { event: 'live', data: { seq: 4 } };
const delta = (n: number, text: string) => ({ event: 'ai.delta', data: { id, n, text } }) as const;
const snapshot = (n: number, text: string): ServerFrame => ({
  event: 'ai.snapshot',
  data: { id, n, text, status: 'running', replyTo: 4 },
});
const ended = (data: object) =>
  ({ event: 'ai.ended', data: { id, status: 'complete', ...data } }) as ServerFrame;

/** A page that is sent frames. */
class Reader {
  state: AnswersState = noAnswers();
  readonly asked: string[] = [];
  next = 5;

  take(...frames: ServerFrame[]): this {
    for (const frame of frames) {
      const { state, sync } = reduceAnswers(this.state, frame, this.next);
      this.state = state;
      this.asked.push(...sync);
    }
    return this;
  }

  get text(): string | undefined {
    return this.state.running.get(id)?.text;
  }
}

describe('an answer that is being written', () => {
  it('grows by deltas in order, in batches too, and by each once', () => {
    const reader = new Reader().take(started, delta(1, 'Hel'), delta(1, 'Hel'));
    reader.take({ event: 'batch', data: { events: [delta(2, 'lo'), delta(3, '!')] } }, delta(2, 'lo'));
    expect(reader.text).toBe('Hello!');
    expect(reader.state.running.get(id)).toMatchObject({ replyTo: 4, n: 3 });
    expect(reader.asked).toEqual([]);
  });

  it('may wait in a line first', () => {
    const queued = (place: number): ServerFrame => ({ event: 'ai.queued', data: { id, replyTo: 4, place } });
    const reader = new Reader().take(queued(2), queued(1));
    expect(reader.state.running.get(id)).toMatchObject({ replyTo: 4, place: 1, text: '' });
    reader.take(started, delta(1, 'Hello'));
    expect(reader.state.running.get(id)).toMatchObject({ place: 0, text: 'Hello' });
  });

  it('is asked for once after a hole, and goes on from the snapshot', () => {
    const reader = new Reader().take(started, delta(1, 'a'), delta(3, 'c'), delta(4, 'd'));
    expect(reader.text).toBe('a');
    expect(reader.asked).toEqual([id]);
    reader.take(snapshot(4, 'abcd'), delta(5, 'e'));
    expect(reader.text).toBe('abcde');
    reader.take(delta(7, 'g'));
    expect(reader.asked).toEqual([id, id]);
  });

  it('is not set back by a snapshot that is older than what is there', () => {
    expect(new Reader().take(started, delta(1, 'a'), delta(2, 'b'), snapshot(1, 'a')).text).toBe('ab');
  });

  it('is known to a latecomer from the snapshot, with its question', () => {
    const reader = new Reader().take(live, snapshot(2, 'ab'), delta(3, 'c'));
    expect(reader.text).toBe('abc');
    expect(reader.state.running.get(id)?.replyTo).toBe(4);
  });

  it('goes on where another connection ended, or has ended meanwhile', () => {
    const welcome = { event: 'welcome', data: {} } as ServerFrame;
    const reader = new Reader().take(started, delta(1, 'a'), delta(2, 'b'), welcome);
    expect(reader.text).toBe('ab');
    expect(reader.take(live, snapshot(1, 'a'), delta(2, 'b'), delta(3, 'c')).text).toBe('abc');
    expect(reader.take(welcome, live).text).toBeUndefined();
  });

  it('stays until the log has come to its entry', () => {
    const reader = new Reader().take(started, delta(1, 'a'), ended({ seq: 6 }));
    expect(reader.text).toBe('a');
    reader.next = 7;
    expect(reader.take({ event: 'ping', data: { head: 6 } }).text).toBeUndefined();
  });
});

describe('a question without an answer', () => {
  it('says why, until it is answered after all', () => {
    const reader = new Reader().take(started, ended({ status: 'failed', code: 'ai.provider' }));
    expect(reader.state.running.size).toBe(0);
    expect(reader.state.outcomes.get(4)).toEqual({ status: 'failed', code: 'ai.provider', message: '' });
    expect(reader.take(started).state.outcomes.size).toBe(0);
  });

  it('says the server’s own sentence when it was refused', () => {
    const reader = new Reader();
    reader.take({ event: 'error', data: { code: 'ai.quota', message: 'No more today.', replyTo: 4 } });
    expect(reader.state.outcomes.get(4)).toMatchObject({ status: 'refused', message: 'No more today.' });
  });

  it('says nothing when the question is gone', () => {
    const reader = new Reader().take(started, delta(1, 'a'), ended({ status: 'stopped' }));
    expect(reader.state).toEqual(noAnswers());
  });
});
