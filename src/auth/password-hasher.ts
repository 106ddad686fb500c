import { createHmac } from 'node:crypto';

import { Injectable } from '@nestjs/common';
import { compare, hash } from 'bcrypt';

/** 64 ms on the machine this was chosen on; bcrypt runs in the thread pool, so the loop goes on serving. */
const COST = 10;
/** Not a secret: it only says what the digest is for. Hashes must not depend on anything an operator can lose. */
const LABEL = 'madang password v1';
/** The hash of a password nobody has, so that an unknown name takes the same time as a wrong password. */
const NOBODY = hash(digest(''), COST);

/** Hashes and checks passwords. Callers bound how many run at once. */
@Injectable()
export class PasswordHasher {
  hash(password: string): Promise<string> {
    return hash(digest(password), COST);
  }

  /** With `null` for the hash of an account that does not exist: false, after the same time. */
  async matches(password: string, passwordHash: string | null): Promise<boolean> {
    const same = await compare(digest(password), passwordHash ?? (await NOBODY));
    return same && passwordHash !== null;
  }
}

/** bcrypt reads 72 bytes and stops at a NUL: of a digest in base64 (64 bytes) it reads all, and so all of the password. */
function digest(password: string): string {
  return createHmac('sha384', LABEL).update(password).digest('base64');
}
