import { Injectable } from '@nestjs/common';

import type { HeldMessage } from '../log/held-message.entity.js';

/** Told of each message that this node has had wait for a look at it. A feature above chat registers what looks. */
@Injectable()
export class HeldChecks {
  private check: (message: HeldMessage) => void = () => undefined;

  /** It must not throw, and answers at once. */
  register(check: (message: HeldMessage) => void): void {
    this.check = check;
  }

  begin(message: HeldMessage): void {
    this.check(message);
  }
}
