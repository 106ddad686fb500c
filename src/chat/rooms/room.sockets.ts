import type { ServerFrame } from '../../protocol/frames.js';
import { DomainError } from '../../common/errors.js';
import { isStaff, speakerOf } from '../../common/viewer.js';
import type { RoomSocket } from '../../realtime/room-socket.js';
import { textFrame } from '../../realtime/text-frame.js';
import type { Entry } from '../messages/entry.entity.js';

/** The sockets of a room on this node, and what is sent to some of them beside its channel. */
export class RoomSockets implements Iterable<RoomSocket<Entry>> {
  private readonly all = new Set<RoomSocket<Entry>>();

  [Symbol.iterator](): Iterator<RoomSocket<Entry>> {
    return this.all.values();
  }

  add(socket: RoomSocket<Entry>): void {
    this.all.add(socket);
  }

  delete(socket: RoomSocket<Entry>): void {
    this.all.delete(socket);
  }

  /** Those of one person. */
  of(userId: string): RoomSocket<Entry>[] {
    return [...this.all].filter(({ viewer }) => speakerOf(viewer)?.id === userId);
  }

  /** Sends it to everybody, also to those who are late or still being sent what was before. */
  sendAll(frame: ServerFrame): void {
    const bytes = textFrame(JSON.stringify(frame));
    this.all.forEach((socket) => socket.write(bytes));
  }

  /** Sends staff what is for them alone; but for the person `except`. */
  sendStaff(frame: ServerFrame, except?: string): void {
    for (const socket of this.all) {
      if (isStaff(socket.viewer) && socket.viewer.account?.id !== except) {
        socket.send(frame);
      }
    }
  }

  /** Sends one person what is for them alone. */
  sendPerson(userId: string, frame: ServerFrame): void {
    this.of(userId).forEach((socket) => socket.send(frame));
  }

  /** Tells somebody that what they said with this nonce will not be posted. */
  deny(userId: string, nonce: string): void {
    this.of(userId).forEach((socket) => socket.refuse(new DomainError('text.denied'), { nonce }));
  }
}
