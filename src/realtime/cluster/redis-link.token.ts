import type { RedisLink } from '../bus/redis.link.js';

/** The injection token of the connection that the nodes share; null for a server that is alone. */
export const REDIS_LINK = Symbol('RedisLink');

export type SharedLink = RedisLink | null;
