import { Injectable } from '@nestjs/common';

/** Whether this node is on its way out: it still serves what it has, and asks for nothing new. */
@Injectable()
export class Draining {
  private begun = false;
  private ended = false;

  get active(): boolean {
    return this.begun;
  }

  /** True when even open sockets may no longer post: the sockets are about to be closed. */
  get closed(): boolean {
    return this.ended;
  }

  close(): void {
    this.ended = true;
  }

  /** Once begun it stays: a node that drains ends. */
  begin(): void {
    this.begun = true;
  }
}
