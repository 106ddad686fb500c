import { afterEach, describe, expect, it } from 'vitest';

import { AppLogger } from './logger.js';

const lines: string[] = [];
const parsed = () => lines.map((line): Record<string, unknown> => JSON.parse(line));
const aLogger = (level: 'debug' | 'info' = 'info') =>
  new AppLogger(level, { write: (line) => void lines.push(line) });

afterEach(() => void lines.splice(0));

describe('AppLogger', () => {
  it('writes one line of JSON with level, time, context and message', () => {
    aLogger().warn('low on space', 'Disk');

    expect(parsed()).toEqual([
      { level: 'warn', time: expect.stringMatching(/^\d{4}-.*Z$/), context: 'Disk', msg: 'low on space' },
    ]);
  });

  it('gives the fields of an object to the line', () => {
    aLogger().log({ msg: 'listening', port: 8000 });

    expect(parsed()[0]).toMatchObject({ level: 'info', msg: 'listening', port: 8000 });
  });

  it('keeps hostile text inside its line, escaped and cut', () => {
    aLogger().log(`a\r\n{"level":60}\u001b[2J\u009b2J\u2028\u007f${'x'.repeat(10_000)}`);

    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^[\x20-\x7e…]+\n$/);
    expect(lines[0]!.length).toBeLessThan(1200);
    expect(parsed()[0]!['msg']).toContain('\u009b2J\u2028');
  });

  it('says of an error its name, message, stack and cause, and not what hangs on it', () => {
    const fault = Object.assign(new Error('UNIQUE constraint failed'), {
      query: 'INSERT …',
      parameters: ['hello dear diary'],
      headers: { authorization: 'Bearer abc' },
    });
    aLogger().error(new Error('could not store', { cause: fault }), 'Log');
    aLogger().error('could not store', fault);

    const text = lines.join('');
    expect(parsed()[0]).toMatchObject({
      context: 'Log',
      err: { name: 'Error', message: 'could not store', cause: 'Error: UNIQUE constraint failed' },
    });
    expect(parsed()[1]).toMatchObject({
      msg: 'could not store',
      err: { message: 'UNIQUE constraint failed' },
    });
    expect(text).not.toMatch(/diary|INSERT|Bearer/);
  });

  it('drops secrets and message text that were logged by mistake', () => {
    aLogger().log({
      msg: 'oops',
      text: 'dear diary',
      body: { password: 'pa55word', headers: { cookie: 'sid=1' } },
    });

    expect(lines[0]).not.toMatch(/diary|pa55word|sid=/);
  });

  it('keeps what Nest says about its own start for those who debug', () => {
    aLogger('info').log('Mapped {/, GET} route', 'RouterExplorer');
    expect(lines).toEqual([]);

    aLogger('debug').log('Mapped {/, GET} route', 'RouterExplorer');
    expect(parsed()[0]).toMatchObject({ level: 'debug' });
  });
});
