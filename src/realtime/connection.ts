import type { CloseCode } from '../protocol/close-codes.js';
import type { ServerFrame } from '../protocol/frames.js';
import type { Account, Viewer } from '../common/viewer.js';

/** One open socket, as far as the hub needs to know it. */
export interface Connection {
  readonly viewer: Viewer;
  /** The account changed its name or role; what the connection does from now on is judged by the new one. */
  renew(account: Account): void;
  /** Called about once a second with `performance.now()`: pings the silent, ends the dead and the stalled. */
  sweep(now: number): void;
  /** Sends something that is not of the log. */
  send(frame: ServerFrame): void;
  /** Ends the connection with a reason the client understands. Calling it again does nothing. */
  close(code: CloseCode): void;
  /** Ends it without a word, for a peer that no longer answers. */
  terminate(): void;
}
