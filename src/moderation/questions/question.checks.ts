import { Injectable } from '@nestjs/common';

import { Checks } from '../../common/checks.js';
import type { Question } from './question.entity.js';

/** Told of each question that is to be looked at; its status tells whether it waits for that. */
@Injectable()
export class QuestionChecks extends Checks<Question> {}
