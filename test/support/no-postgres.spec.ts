import { it } from 'vitest';

import { POSTGRES_URL } from './database.js';

it.skip(`NOT RUN: no PostgreSQL answers at ${POSTGRES_URL} (set TEST_POSTGRES_URL)`, () => undefined);
