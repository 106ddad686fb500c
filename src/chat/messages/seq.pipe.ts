import { Injectable, type PipeTransform } from '@nestjs/common';

import { DomainError } from '../../common/errors.js';

/** A seq in a path. One that is no seq names nothing: `not-found`. */
@Injectable()
export class SeqPipe implements PipeTransform<string, number> {
  transform(value: string): number {
    if (!/^[1-9]\d{0,15}$/.test(value)) {
      throw new DomainError('not-found');
    }
    return Number(value);
  }
}
