import { beforeEach, describe, expect, it } from 'vitest';

import { messagesIn } from '../public/js/reducer.js';
import { Room } from '../public/js/room.js';
import type { ErrorData, ServerFrame } from '../src/protocol/frames.js';
import type { UserView } from '../src/protocol/views.js';
import { FakeSurroundings, type FakeSocket } from './support/fake-surroundings.js';
import { LogModel } from './support/log-model.js';

const me: UserView = { id: 'u1', nickname: 'Ara', role: 'user', color: 1 };

describe('a room in the browser', () => {
  let world: FakeSurroundings;
  let log: LogModel;
  let room: Room;
  let storage: MemoryStorage;
  let strangers: number;
  let refusals: ErrorData[];
  let verdict: 'taken' | 'kept';

  beforeEach(() => {
    world = new FakeSurroundings();
    log = new LogModel();
    storage = new MemoryStorage();
    strangers = 0;
    refusals = [];
    verdict = 'taken';
    room = enter();
  });

  function enter(): Room {
    const entered = new Room(
      {
        socketAddress: 'ws://madang/ws?room=lobby',
        slug: 'lobby',
        viewer: me,
        storage,
        onChange: () => undefined,
        onNotice: () => undefined,
        onError: () => undefined,
        onRefused: (_, error) => {
          refusals.push(error);
          return verdict;
        },
        onStranger: () => strangers++,
      },
      world.build(),
    );
    entered.start();
    return entered;
  }

  /** What the server does when somebody comes. */
  function admit(
    mode: 'snapshot' | 'resume' = 'snapshot',
    after = 0,
    viewer: UserView | null = me,
  ): FakeSocket {
    const { socket } = world;
    socket.open();
    socket.say(withViewer(log.welcome(mode), viewer));
    socket.say({ event: 'batch', data: { events: log.page({ after }, 100).entries } });
    socket.say({ event: 'live', data: { seq: log.head } });
    return socket;
  }

  const texts = () => messagesIn(room.log).map(({ text }) => text);
  const said = (socket: FakeSocket) =>
    socket.sent.flatMap((frame) => (frame.event === 'say' ? [frame.data] : []));

  it('sends what was written before it was live once the replay is over', () => {
    room.say('early');
    log.post('older');
    const socket = admit();
    expect(texts()).toEqual(['older']);
    expect(said(socket).map(({ text }) => text)).toEqual(['early']);
  });

  it('resumes from its place and sends again only what the replay does not hold', () => {
    const first = admit();
    room.say('stored');
    room.say('lost');
    const [stored] = said(first);
    const entry = log.post('stored');
    Object.assign(entry.data, { nonce: stored!.nonce });
    first.end(1012);
    world.pass(1000);
    expect(world.socket.address).toBe('ws://madang/ws?room=lobby&after=0&epoch=e1');

    const second = admit('resume');
    expect(texts()).toEqual(['stored']);
    expect(said(second).map(({ text }) => text)).toEqual(['lost']);
  });

  it('asks the server for a hole', () => {
    const socket = admit();
    log.post('lost');
    socket.say(log.post('seen'));
    expect(socket.sent).toEqual([{ event: 'history', data: { after: 0 } }]);
    socket.say({ event: 'history', data: log.page({ after: 0 }, 50) });
    expect(texts()).toEqual(['lost', 'seen']);
  });

  it('gives a refused text to whoever takes it, and keeps it otherwise', () => {
    const socket = admit();
    room.say('one');
    refuse(socket, 'rate.limited');
    expect(refusals).toHaveLength(1);
    expect(room.outbox.parcels).toEqual([]);

    verdict = 'kept';
    room.say('two');
    refuse(socket, 'rate.limited');
    expect(room.outbox.parcels).toMatchObject([{ status: 'failed', reason: 'No.' }]);
  });

  it('does not trouble its author with a server that is about to restart', () => {
    const socket = admit();
    room.say('one');
    refuse(socket, 'server.draining');
    socket.end(1012);
    world.pass(1000);
    expect(said(admit('resume')).map(({ text }) => text)).toEqual(['one']);
    expect(refusals).toEqual([]);
  });

  it('keeps the unsent text over a reload, for the same person in the same room', () => {
    room.say('not sent yet');
    world.sockets.length = 0;
    room = enter();
    expect(said(admit()).map(({ text }) => text)).toEqual(['not sent yet']);
  });

  it('sends nothing in the name of somebody else', () => {
    room.say('mine');
    const socket = admit('snapshot', 0, { ...me, id: 'u2' });
    expect(strangers).toBe(1);
    expect(socket.closed).toBe(true);
    expect(said(socket)).toEqual([]);
  });

  it('loads older pages one at a time, to the beginning', () => {
    for (let index = 1; index <= 120; index++) {
      log.post(`m${index}`);
    }
    const socket = admit('snapshot', 70);
    room.loadOlder();
    room.loadOlder();
    expect(socket.sent).toEqual([{ event: 'history', data: { before: 71, limit: 50 } }]);
    socket.say({ event: 'history', data: log.page({ before: 71 }, 50) });
    room.loadOlder();
    socket.say({ event: 'history', data: log.page({ before: 21 }, 50) });
    expect(texts()).toHaveLength(120);
    expect(room.older).toBe(false);
  });

  function refuse(socket: FakeSocket, code: ErrorData['code']): void {
    const { nonce } = said(socket).at(-1)!;
    socket.say({ event: 'error', data: { code, message: 'No.', nonce } });
  }
});

function withViewer(frame: ServerFrame, viewer: UserView | null): ServerFrame {
  return frame.event === 'welcome' ? { event: 'welcome', data: { ...frame.data, viewer } } : frame;
}

class MemoryStorage {
  private readonly values = new Map<string, string>();

  getItem(key: string): string | null {
    return this.values.get(key) ?? null;
  }

  setItem(key: string, value: string): void {
    this.values.set(key, value);
  }

  removeItem(key: string): void {
    this.values.delete(key);
  }
}
