import { Injectable } from '@nestjs/common';

import type { Account } from '../../common/viewer.js';
import type { LiveRoom } from '../rooms/live-room.js';

/** What somebody wants to say, or to have said. */
export interface Words {
  readonly account: Account;
  readonly live: LiveRoom;
  readonly text: string;
}

/** How somebody may say what they want to. */
export interface Verdict {
  /** The text as it is to be stored. */
  readonly text: string;
  /** Whether staff are to look at it first. */
  readonly isHeld: boolean;
}

/** A say in what people say: modes, word lists. Features above chat register theirs. */
export interface PostingPolicy {
  /**
   * Answers the text as it is to be stored, or more than that; throws the refusal. It is asked before anything waits, so that posts keep
   * their order: what it needs to know it must know already.
   */
  judge(words: Words): string | Verdict;
}

/** Everything that is asked about a new or changed text, in the order of registering. */
@Injectable()
export class PostingPolicies {
  private readonly policies: PostingPolicy[] = [];

  register(policy: PostingPolicy): void {
    this.policies.push(policy);
  }

  judge(words: Words): Verdict {
    let verdict: Verdict = { text: words.text, isHeld: false };
    for (const policy of this.policies) {
      const judged = policy.judge({ ...words, text: verdict.text });
      const { text, isHeld } = typeof judged === 'string' ? { text: judged, isHeld: false } : judged;
      verdict = { text, isHeld: verdict.isHeld || isHeld };
    }
    return verdict;
  }
}
