import type { CloseCode } from '../protocol/close-codes.js';
import type { Account, Viewer } from '../common/viewer.js';

/** One open socket, as far as the hub needs to know it. */
export interface Connection {
  readonly viewer: Viewer;
  /** The account changed its name or role; what the connection does from now on is judged by the new one. */
  renew(account: Account): void;
  /** Ends the connection with a reason the client understands. Calling it again does nothing. */
  close(code: CloseCode): void;
}
