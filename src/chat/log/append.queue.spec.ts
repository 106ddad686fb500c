import { Logger } from '@nestjs/common';
import { expect, it, vi } from 'vitest';

import { Metrics } from '../../common/metrics.js';
import { AppendQueue } from './append.queue.js';
import type { Draft, Outcome } from './draft.js';
import type { LogStore } from './log.store.js';

it('the log goes on when whoever is told of a commit fails', async () => {
  const outcome: Outcome = { status: 'dup', seq: 1, id: 'id-1', at: 0 };
  const store: LogStore = {
    append: (drafts) => Promise.resolve(drafts.map(() => outcome)),
    close: () => Promise.resolve(),
  };
  const logged = vi.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
  const fault = new Error('a bug');
  const queue = new AppendQueue(
    store,
    () => {
      throw fault;
    },
    new Metrics(),
  );
  const draft: Draft = {
    type: 'post',
    roomId: 1,
    id: 'id-1',
    actor: { id: 'ann', nickname: 'Ann', role: 'user' },
    nonce: null,
    kind: 'chat',
    text: 'hello',
    replyTo: null,
  };
  expect(await queue.append(draft)).toBe(outcome);
  await queue.drain();
  expect(await queue.append(draft)).toBe(outcome);
  await queue.drain();
  expect(logged.mock.calls).toEqual([[fault], [fault]]);
});
