import { isIP } from 'node:net';

import { databaseAddress, type DatabaseAddress } from './database-address.js';
import type { Fault } from './fault.js';

/** Everything an operator can set. Read once at the start; nothing else reads `process.env`. */
export interface AppConfig {
  readonly port: number;
  readonly host: string;
  readonly database: DatabaseAddress;
  /** Where the nodes of one installation meet; null: there is one node. */
  readonly redisUrl: string | null;
  /** Null: made once and kept with the database. */
  readonly sessionSecret: string | null;
  /** The address people use, without a trailing slash; null: loopback and own interfaces. */
  readonly publicUrl: string | null;
  readonly allowedOrigins: readonly string[];
  /** Who may show the chat in a frame, as sources of a Content-Security-Policy. */
  readonly embedSites: readonly string[];
  /** Express's `trust proxy`: false, a hop count, or a list of addresses and subnets. */
  readonly trustProxy: false | number | readonly string[];
  /** Null: none is sent. With neither a key nor an address the AI is not set up. */
  readonly openaiApiKey: string | null;
  /** A server that speaks Chat Completions, without a trailing slash; null: OpenAI's own. */
  readonly openaiBaseUrl: string | null;
  /** Null: chosen from what the provider lists. */
  readonly openaiModel: string | null;
  readonly aiName: string;
  readonly maxSocketsPerUser: number;
  readonly maxSocketsPerAddress: number;
  readonly maxHandshakesPerSecond: number;
  /** Null: entries are kept for ever. */
  readonly retentionDays: number | null;
  readonly metricsToken: string | null;
  readonly logLevel: LogLevel;
  readonly production: boolean;
}

/** The injection token of the frozen configuration. */
export const APP_CONFIG = Symbol('AppConfig');

export const LOG_LEVELS = ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** All faults of an environment at once; the values themselves are left out, since they may be secrets. */
export class ConfigError extends Error {
  constructor(readonly faults: readonly string[]) {
    super(`The configuration cannot be used:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
    this.name = 'ConfigError';
  }
}

/** Reads and checks the environment. Pure: the same `env` gives the same result. Throws `ConfigError`. */
export function loadConfig(env: Readonly<Record<string, string | undefined>>): AppConfig {
  const faults: string[] = [];
  const text = (name: string) => env[name]?.trim() || null;
  const fault = <T>(name: string, what: string, instead: T): T => {
    faults.push(`${name}: ${what}`);
    return instead;
  };
  const positive = <T extends number | null>(name: string, otherwise: T, max = 1_000_000_000): number | T => {
    const value = text(name);
    if (value === null) {
      return otherwise;
    }
    const number = Number(value);
    return /^\d+$/.test(value) && number >= 1 && number <= max
      ? number
      : fault(name, `a whole number from 1 to ${max}`, otherwise);
  };

  const config: AppConfig = {
    // Port 0 asks the system for a free one, which tests need.
    port: text('PORT') === '0' ? 0 : positive('PORT', 8000, 65_535),
    host: text('HOST') ?? '0.0.0.0',
    database: databaseAddress(text('DATABASE_URL'), fault),
    redisUrl: redisUrl(text('REDIS_URL'), fault),
    sessionSecret: secret(text('SESSION_SECRET'), fault),
    publicUrl: origin('PUBLIC_URL', text('PUBLIC_URL'), fault),
    allowedOrigins: (text('ALLOWED_ORIGINS') ?? '')
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== '')
      .map((item) => origin('ALLOWED_ORIGINS', item, fault))
      .filter((item) => item !== null),
    embedSites: (text('EMBED_SITES') ?? text('ALLOWED_ORIGINS') ?? '')
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== '')
      .map((item) => site(item, fault))
      .filter((item) => item !== null),
    trustProxy: trustProxy(text('TRUST_PROXY'), fault),
    openaiApiKey: apiKey(text('OPENAI_API_KEY'), fault),
    openaiBaseUrl: baseUrl(text('OPENAI_BASE_URL'), fault),
    openaiModel: modelName(text('OPENAI_MODEL'), fault),
    aiName: aiName(text('AI_NAME'), fault),
    maxSocketsPerUser: positive('MAX_SOCKETS_PER_USER', 10),
    maxSocketsPerAddress: positive('MAX_SOCKETS_PER_ADDRESS', 1000),
    maxHandshakesPerSecond: positive('MAX_HANDSHAKES_PER_SECOND', 500),
    retentionDays: positive('RETENTION_DAYS', null),
    metricsToken: metricsToken(text('METRICS_TOKEN'), fault),
    logLevel: logLevel(text('LOG_LEVEL'), fault),
    production: text('NODE_ENV') === 'production',
  };
  if (faults.length > 0) {
    throw new ConfigError(faults);
  }
  return Object.freeze(config);
}

function redisUrl(value: string | null, fault: Fault): string | null {
  return value === null || (/^rediss?:\/\//.test(value) && URL.canParse(value))
    ? value
    : fault('REDIS_URL', 'an address such as redis://127.0.0.1:6379', null);
}

function secret(value: string | null, fault: Fault): string | null {
  if (value !== null && value.length < 32) {
    return fault('SESSION_SECRET', 'at least 32 characters', null);
  }
  return value;
}

function metricsToken(value: string | null, fault: Fault): string | null {
  if (value !== null && value.length < 16) {
    return fault('METRICS_TOKEN', 'at least 16 characters', null);
  }
  return value;
}

function origin(name: string, value: string | null, fault: Fault): string | null {
  if (value === null) {
    return null;
  }
  const url = URL.canParse(value) ? new URL(value) : null;
  if (
    url === null ||
    !['http:', 'https:'].includes(url.protocol) ||
    url.pathname !== '/' ||
    url.search !== ''
  ) {
    return fault(name, 'an http or https address without a path, such as https://chat.example.org', null);
  }
  return url.origin;
}

/** An origin, one with `*.` for all below a name, or `*` for everybody. */
function site(value: string, fault: Fault): string | null {
  const isWild = /^https?:\/\/\*\.[a-z0-9-]+(\.[a-z0-9-]+)+(:\d{1,5})?$/i.test(value);
  return value === '*' || isWild ? value : origin('EMBED_SITES', value, fault);
}

function trustProxy(value: string | null, fault: Fault): AppConfig['trustProxy'] {
  if (value === null || value === 'false') {
    return false;
  }
  if (/^\d+$/.test(value)) {
    return Number(value);
  }
  const names = ['loopback', 'linklocal', 'uniquelocal'];
  const parts = value.split(',').map((part) => part.trim());
  const known = parts.every((part) => names.includes(part) || isIP(part.replace(/\/\d{1,3}$/, '')) > 0);
  // `true` would let anybody choose their own address by a header.
  return known
    ? parts
    : fault('TRUST_PROXY', 'a number of hops, or addresses and subnets (loopback is one)', false);
}

function apiKey(value: string | null, fault: Fault): string | null {
  return value === null || /^[\x21-\x7e]{1,500}$/.test(value)
    ? value
    : fault('OPENAI_API_KEY', 'a key as the provider gave it, without spaces', null);
}

function baseUrl(value: string | null, fault: Fault): string | null {
  if (value === null) {
    return null;
  }
  const url = URL.canParse(value) ? new URL(value) : null;
  if (
    url === null ||
    !['http:', 'https:'].includes(url.protocol) ||
    url.username + url.password + url.search + url.hash !== ''
  ) {
    return fault('OPENAI_BASE_URL', 'an http or https address, such as http://localhost:11434/v1', null);
  }
  // Everybody who speaks this protocol has it under /v1, and forgets to say so.
  const path = url.pathname.replace(/\/+$/, '');
  return url.origin + (path === '' ? '/v1' : path);
}

function modelName(value: string | null, fault: Fault): string | null {
  return value === null || /^[\x21-\x7e]{1,200}$/.test(value)
    ? value
    : fault('OPENAI_MODEL', 'the name of a model, without spaces', null);
}

function aiName(value: string | null, fault: Fault): string {
  const name = value ?? 'ai';
  return /^[\p{L}\p{N}_-]{1,20}$/u.test(name)
    ? name
    : fault('AI_NAME', '1–20 letters, digits, "_" or "-"', 'ai');
}

function logLevel(value: string | null, fault: Fault): LogLevel {
  const level = LOG_LEVELS.find((known) => known === (value ?? 'info'));
  return level ?? fault('LOG_LEVEL', `one of ${LOG_LEVELS.join(', ')}`, 'info');
}
