import { isObservable, lastValueFrom } from 'rxjs';
import type { WebSocket } from 'ws';

import { DomainError } from '../common/errors.js';
import { isDeeperThan } from '../common/json-depth.js';
import { RoomSocket } from './room-socket.js';

const DEEPEST = 8;

type Callback = (data: unknown) => unknown;

/**
 * Reads one client frame and calls the gateway's handler for it. What cannot be read is answered with an error frame,
 * never with silence and never with what was sent. Only what comes after this side has closed the socket is not read.
 */
export async function readFrame(
  ws: WebSocket,
  raw: Buffer,
  callbacks: ReadonlyMap<string, Callback>,
): Promise<void> {
  const socket = RoomSocket.of(ws);
  socket.heard();
  if (!socket.writable) {
    // Whoever writes faster than they read waits here, and their next frames behind them.
    await socket.drained();
  }
  if (socket.closedWith !== null) {
    return;
  }
  const frame = parseFrame(raw);
  if (frame === null) {
    socket.refuse(new DomainError('frame.malformed'));
    return;
  }
  const wait = socket.paceOf();
  if (wait > 0) {
    socket.refuse(new DomainError('rate.limited', { retryAfterMs: wait }), nonceOf(frame.data));
    return;
  }
  const callback = callbacks.get(frame.event);
  if (!callback) {
    socket.refuse(new DomainError('frame.unknown-event'), nonceOf(frame.data));
    return;
  }
  // Nest wraps the handler: guards, pipes and the gateway's filter have run when this settles.
  const result = await callback(frame.data);
  if (isObservable(result)) {
    // With an interceptor anywhere in the application, a handler runs only when somebody subscribes.
    await lastValueFrom(result, { defaultValue: undefined });
  }
}

function parseFrame(raw: Buffer): { event: string; data: object } | null {
  let value: unknown;
  try {
    value = JSON.parse(raw.toString());
  } catch {
    return null;
  }
  if (!isPlain(value) || typeof value['event'] !== 'string' || !isPlain(value['data'])) {
    return null;
  }
  // A deep object would overflow the stack of whatever walks it later.
  return isDeeperThan(value, DEEPEST) ? null : { event: value['event'], data: value['data'] };
}

/** The nonce of a refused frame, if it has one that is worth repeating. */
export function nonceOf(data: unknown): { nonce?: string } {
  return isPlain(data) && typeof data['nonce'] === 'string' && data['nonce'].length <= 64
    ? { nonce: data['nonce'] }
    : {};
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
