import { describe, expect, it } from 'vitest';

import { DomainError } from '../../common/errors.js';
import type { Draft } from './draft.js';
import { WriterThread } from './writer.thread.js';

const aThread = () =>
  new WriterThread({
    script: '../../../test/support/dying.worker',
    data: {},
    refusalFor: (error) => new Error(error),
  });
const ann = { id: 'u1', nickname: 'Ann', role: 'user' } as const;
/** A post whose nonce says what the worker of this test does with it. */
const draft = (nonce: string): Draft[] => [
  { type: 'post', roomId: 1, id: 'm1', actor: ann, nonce, kind: 'chat', text: 'hello', replyTo: null },
];

describe('a writer whose thread dies', () => {
  it('refuses what was on its way, and writes on in another thread', async () => {
    const thread = aThread();
    const refused = [thread.append(draft('dies')), thread.append(draft('was behind it'))];
    const busy = new DomainError('storage.busy');
    await Promise.all(refused.map((append) => expect(append).rejects.toEqual(busy)));
    // At once, as the queue does it: the end of the dead thread is not the end of the new one.
    await expect(thread.append(draft('lives'))).resolves.toEqual([]);
    await thread.close();
  });
});
