import { Injectable } from '@nestjs/common';

/** Whether this node is on its way out: it still serves what it has, and asks for nothing new. */
@Injectable()
export class Draining {
  private begun = false;

  get active(): boolean {
    return this.begun;
  }

  /** Once begun it stays: a node that drains ends. */
  begin(): void {
    this.begun = true;
  }
}
