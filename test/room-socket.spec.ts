import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';

import type { Viewer } from '../src/common/viewer.js';
import { RoomSocket } from '../src/realtime/room-socket.js';

const guest: Viewer = { account: null, sessionId: null, locale: 'en', address: '192.0.2.1' };

const OPEN: number = WebSocket.OPEN;

/** A line whose other end reads, answers and acknowledges only when the test says so. */
function aLine() {
  const ws = Object.assign(new EventEmitter(), {
    readyState: OPEN,
    pings: 0,
    closes: [] as number[],
    terminated: false,
    ping: () => ws.pings++,
    close: (code: number) => {
      ws.closes.push(code);
      ws.readyState = WebSocket.CLOSING;
    },
    terminate: () => {
      ws.terminated = true;
    },
  });
  const raw = {
    bytesWritten: 0,
    writableLength: 0,
    /** What the system takes before anything has to wait. */
    room: Infinity,
    write: ({ length }: Buffer) => {
      raw.bytesWritten += length;
      raw.writableLength = Math.max(0, raw.bytesWritten - raw.room);
    },
    cork: () => undefined,
    uncork: () => undefined,
  };
  const socket = new RoomSocket(
    ws as unknown as WebSocket,
    raw as unknown as Socket,
    guest,
    () => true,
    () => 0,
    () => undefined,
    () => undefined,
  );
  /** Looks at the line once a second; answers after how many seconds it was closed. */
  const watch = (seconds: number, eachSecond: (second: number) => void = () => undefined): number | null => {
    for (let second = 1; second <= seconds; second++) {
      vi.advanceTimersByTime(1000);
      eachSecond(second);
      socket.sweep(performance.now());
      if (socket.closed) {
        return second;
      }
    }
    return null;
  };
  return { ws, raw, socket, watch };
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const kilobytes = (count: number) => Buffer.alloc(count * 1024);

describe('a socket that is watched', () => {
  it('is pinged when it is silent, and lost when it never answers', () => {
    const { ws, socket, watch } = aLine();
    expect(watch(60)).toBe(33);
    expect(ws).toMatchObject({ pings: 1, closes: [4201], terminated: true });
    expect(socket.closedWith).toBe(4201);
  });

  it('is a slow reader when what waits in it gets no less for 20 s', () => {
    const { ws, raw, socket, watch } = aLine();
    raw.room = 10_000;
    socket.write(kilobytes(20));
    expect(watch(60)).toBe(22);
    expect(ws).toMatchObject({ closes: [4108], terminated: false });
  });

  it('is no slow reader as long as something leaves', () => {
    const { raw, socket, watch } = aLine();
    raw.room = 10_000;
    socket.write(kilobytes(60));
    const trickle = () => {
      raw.writableLength -= 100;
      socket.heard();
    };
    expect(watch(60, trickle)).toBeNull();
  });

  it('is a slow reader when it takes much into buffers and reads nothing, within 25 s', () => {
    const { ws, socket, watch } = aLine();
    expect(watch(60, () => socket.write(kilobytes(50)))).toBeLessThanOrEqual(25);
    expect(ws.closes).toEqual([4108]);
    expect(ws.pings).toBe(1);
  });

  it('that answers its pings in a busy room stays', () => {
    const { ws, socket, watch } = aLine();
    let answered = 0;
    const answer = () => {
      socket.write(kilobytes(50));
      if (ws.pings > answered) {
        answered = ws.pings;
        ws.emit('pong');
      }
    };
    expect(watch(60, answer)).toBeNull();
    expect(ws.pings).toBeGreaterThan(2);
  });
});
