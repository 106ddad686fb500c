import { Injectable } from '@nestjs/common';

import { Checks } from '../../common/checks.js';
import type { HeldMessage } from '../log/held-message.entity.js';

/** Told of each message that this node has had wait for a look at it. */
@Injectable()
export class HeldChecks extends Checks<HeldMessage> {}
