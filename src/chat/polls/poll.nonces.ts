import type { Poll } from './poll.entity.js';

/** Under which nonces the log knows a poll: however often, and on however many nodes, it is said, it is said once. */
export const openingNonce = ({ id }: Pick<Poll, 'id'>) => `poll-open-${id}`;
export const closingNonce = ({ id }: Pick<Poll, 'id'>) => `poll-close-${id}`;
