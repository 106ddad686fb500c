import type { LoggerService } from '@nestjs/common';
import { pino, type DestinationStream, type Level, type Logger as Pino } from 'pino';

/** Longest text of one field, in UTF-16 units; a stack gets four times as much. */
const LONGEST = 1000;

/** What Nest says about its own start is of use only to those who look for it. */
const START_UP = new Set([
  'InstanceLoader',
  'NestFactory',
  'RouterExplorer',
  'RoutesResolver',
  'WebSocketsController',
]);

/** Nothing here should ever be logged; if a mistake does it, the value still stays out. */
const SECRETS = ['password', 'current', 'text', 'cookie', 'authorization', 'token', 'secret', 'parameters'];

/**
 * The process's log: one line of JSON for each event on the standard output, behind Nest's interface. An object as
 * message gives its fields to the line. Text is cut, and control characters are escaped, so that nobody can forge a
 * line or speak to the terminal of whoever reads it.
 */
export class AppLogger implements LoggerService {
  readonly pino: Pino;

  constructor(level: Level | 'silent', destination?: DestinationStream) {
    this.pino = pino(
      {
        level,
        base: null,
        timestamp: pino.stdTimeFunctions.isoTime,
        formatters: { level: (label) => ({ level: label }) },
        serializers: { err: describeError },
        redact: { paths: SECRETS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), remove: true },
        // JSON escapes the control characters up to U+001F and leaves these.
        hooks: { streamWrite: (line) => line.replaceAll(/[\u007f-\u009f\u2028\u2029]/g, escapeOf) },
      },
      destination,
    );
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.write('fatal', message, rest);
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.write('error', message, rest);
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.write('warn', message, rest);
  }

  log(message: unknown, ...rest: unknown[]): void {
    this.write(START_UP.has(String(rest.at(-1))) ? 'debug' : 'info', message, rest);
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.write('trace', message, rest);
  }

  /** Nest calls `(message, context)`, and for errors also `(message, stack, context)`. */
  private write(level: Level, message: unknown, rest: unknown[]): void {
    const context = typeof rest.at(-1) === 'string' ? { context: rest.at(-1) } : {};
    const fault = [message, ...rest].find((part) => part instanceof Error);
    const stack = rest.length > 1 && typeof rest[0] === 'string' ? { stack: cut(rest[0], 4 * LONGEST) } : {};

    if (fault) {
      this.pino[level]({ ...context, err: fault }, typeof message === 'string' ? cut(message) : undefined);
    } else if (typeof message === 'object' && message !== null) {
      this.pino[level]({ ...context, ...message });
    } else {
      this.pino[level]({ ...context, ...stack }, cut(String(message)));
    }
  }
}

/** The start of a text that came from elsewhere, so that no line grows without bounds. */
export function cut(text: string, longest = LONGEST): string {
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}

/**
 * Name, message and stack, and nothing else: drivers and SDKs hang queries with their values, headers and keys on
 * their errors.
 */
export function describeError(error: unknown): object {
  if (!(error instanceof Error)) {
    return { message: cut(String(error)) };
  }
  const cause = error.cause === undefined ? {} : { cause: describeCause(error.cause) };
  return {
    name: error.name,
    message: cut(error.message),
    stack: cut(error.stack ?? '', 4 * LONGEST),
    ...cause,
  };
}

function describeCause(cause: unknown): string {
  return cut(cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause));
}

function escapeOf(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
