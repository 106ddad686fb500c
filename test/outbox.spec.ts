import { beforeEach, describe, expect, it } from 'vitest';

import { newNonce } from '../public/js/nonce.js';
import { Outbox, type Writing } from '../public/js/outbox.js';
import type { EntryFrame } from '../src/protocol/frames.js';

const at = '2026-01-01T00:00:00.000Z';
const say = (text: string): Writing => ({ event: 'say', data: { text, nonce: `nonce-${text}` } });
const posted = (text: string, seq: number, authorId = 'me'): EntryFrame => ({
  event: 'message.posted',
  data: {
    seq,
    id: `m${seq}`,
    kind: 'chat',
    author: { id: authorId, nickname: 'Ara', role: 'user', color: 1 },
    text,
    at,
    nonce: `nonce-${text}`,
  },
});

describe('the outbox', () => {
  let storage: Map<string, string>;
  let sent: string[];
  let online: boolean;
  let outbox: Outbox;

  beforeEach(() => {
    storage = new Map();
    sent = [];
    online = true;
    outbox = open();
  });

  function open(): Outbox {
    return new Outbox({
      storage: {
        getItem: (key: string) => storage.get(key) ?? null,
        setItem: (key: string, value: string) => void storage.set(key, value),
        removeItem: (key: string) => void storage.delete(key),
      },
      key: 'outbox:lobby:me',
      send: ({ data }) => {
        if (online) {
          sent.push(data.nonce);
        }
        return online;
      },
      onChange: () => undefined,
    });
  }

  const states = () => outbox.parcels.map(({ frame, status }) => `${frame.data.nonce} ${status}`);

  it('keeps what is held through a reload, and asks each time what has become of it', () => {
    outbox.connected();
    outbox.post(say('one'));
    outbox.held('nonce-one');
    outbox = open();
    expect(states()).toEqual(['nonce-one held']);
    outbox.connected();
    expect(sent).toEqual(['nonce-one', 'nonce-one']);
    expect(states()).toEqual(['nonce-one held']);
    outbox.acked({ nonce: 'nonce-one', seq: 1, id: 'm1', at });
    outbox.settle(2);
    expect([states(), storage.size]).toEqual([[], 0]);
  });

  it('sends nothing before the replay is over, then all in the order written', () => {
    outbox.post(say('one'));
    outbox.post(say('two'));
    expect(sent).toEqual([]);
    outbox.connected();
    outbox.post(say('three'));
    expect(sent).toEqual(['nonce-one', 'nonce-two', 'nonce-three']);
  });

  it('sends again, with the same nonce, what a lost connection did not confirm', () => {
    outbox.connected();
    outbox.post(say('one'));
    outbox.post(say('two'));
    outbox.acked({ nonce: 'nonce-one', seq: 1, id: 'm1', at });
    outbox.disconnected();
    outbox.connected();
    expect(sent).toEqual(['nonce-one', 'nonce-two', 'nonce-two']);
  });

  it('takes its own words in the replay for the ack that was lost', () => {
    outbox.connected();
    outbox.post(say('one'));
    outbox.disconnected();
    outbox.seen([posted('one', 7, 'somebody else')], 'me');
    expect(states()).toEqual(['nonce-one waiting']);
    outbox.seen([posted('one', 7)], 'me');
    outbox.connected();
    expect(sent).toEqual(['nonce-one']);
  });

  it('shows an acked writing until its entry is there, so that it never blinks away', () => {
    outbox.connected();
    outbox.post(say('one'));
    outbox.acked({ nonce: 'nonce-one', seq: 7, id: 'm7', at });
    outbox.settle(7);
    expect(states()).toEqual(['nonce-one acked']);
    outbox.settle(8);
    expect(states()).toEqual([]);
  });

  it('survives a reload, and forgets what was confirmed', () => {
    outbox.connected();
    outbox.post(say('one'));
    outbox.post(say('two'));
    outbox.post(say('three'));
    outbox.acked({ nonce: 'nonce-one', seq: 1, id: 'm1', at });
    outbox.failed('nonce-three', 'Not so.');
    outbox = open();
    expect(states()).toEqual(['nonce-two waiting', 'nonce-three failed']);
    outbox.connected();
    expect(sent.slice(3)).toEqual(['nonce-two']);
  });

  it('gives a refused writing back once', () => {
    outbox.connected();
    outbox.post(say('one'));
    expect(outbox.take('nonce-one')).toEqual(say('one'));
    expect(outbox.take('nonce-one')).toBeNull();
    expect(storage.size).toBe(0);
  });

  it('keeps a failed writing until its author sends it again or discards it', () => {
    outbox.connected();
    outbox.post(say('one'));
    outbox.failed('nonce-one', 'Too fast.');
    outbox.disconnected();
    outbox.connected();
    expect(sent).toEqual(['nonce-one']);
    outbox.retry('nonce-one');
    expect(sent).toEqual(['nonce-one', 'nonce-one']);
  });

  it('keeps what could not be sent after all, in order', () => {
    outbox.connected();
    online = false;
    outbox.post(say('one'));
    outbox.post(say('two'));
    expect(states()).toEqual(['nonce-one waiting', 'nonce-two waiting']);
  });

  it('works without storage', () => {
    const refuse = () => {
      throw new DOMException('denied', 'SecurityError');
    };
    outbox = new Outbox({
      storage: { getItem: refuse, setItem: refuse, removeItem: refuse },
      key: 'k',
      send: () => true,
      onChange: () => undefined,
    });
    outbox.post(say('one'));
    expect(states()).toEqual(['nonce-one waiting']);
  });
});

describe('nonces', () => {
  it('are made without randomUUID too, which plain http does not have', () => {
    const insecure = { getRandomValues: crypto.getRandomValues.bind(crypto) };
    const nonces = Array.from({ length: 50 }, () => newNonce(insecure));
    expect(new Set(nonces).size).toBe(50);
    for (const nonce of [...nonces, newNonce()]) {
      expect(nonce).toMatch(/^[\w-]{8,64}$/);
    }
  });
});
