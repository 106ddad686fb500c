import { Injectable } from '@nestjs/common';

import type { Question } from './question.entity.js';

/** Told of each question that is to be looked at, with whether it waits for that. A feature above moderation registers what looks. */
@Injectable()
export class QuestionChecks {
  private check: (question: Question) => void = () => undefined;

  /** It must not throw, and answers at once. */
  register(check: (question: Question) => void): void {
    this.check = check;
  }

  begin(question: Question): void {
    this.check(question);
  }
}
