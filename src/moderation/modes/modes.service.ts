import { Injectable, type OnModuleInit } from '@nestjs/common';

import { Clock } from '../../common/clock.js';
import { PostingPolicies, type PostingPolicy, type Words } from '../../chat/messages/posting.policies.js';
import { withoutEmotes } from '../../chat/emotes/room-emotes.js';
import { modeRefusal } from './mode.policy.js';

/** Has the modes of a room hold for what people say, and for what they change it to. */
@Injectable()
export class ModesService implements PostingPolicy, OnModuleInit {
  constructor(
    private readonly policies: PostingPolicies,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.policies.register(this);
  }

  judge({ account, live, text }: Words): string {
    const refusal = modeRefusal(account, live.settings, withoutEmotes(text, live.emotes), this.clock.now());
    if (refusal) {
      throw refusal;
    }
    return text;
  }
}
