import { randomInt, randomUUID } from 'node:crypto';
import { connect } from 'node:net';

import { describe, expect, it } from 'vitest';

import { ERROR_STATUS } from '../../src/protocol/error-codes.js';
import { aUser, uniqueAddress } from '../support/factories.js';
import { mutated, scratched } from './support/json-mutations.js';
import { Random } from './support/random.js';
import { Load, LONG, memoryOf, Scenario } from './support/scenario.js';
import { badFrame, clientFrame, handshake, readServer } from './support/wire.js';

const SEED = Number(process.env['FAULTS_SEED'] ?? randomInt(2 ** 31));
const TIMES = LONG ? 10 : 1;
const JSON_FRAMES = 130_000 * TIMES;
const BAD_FRAMES = 45_000 * TIMES;
const BODIES = 25_000 * TIMES;

/** The server must do with this: what it would keep of all the rubbish would not fit. */
const HEAP_MIB = 128;
const ID = '6b1f4a52-9c0e-4f8e-8a55-0d8f6a1c2e3d';

const FRAMES: [string, object][] = [
  ['say', { text: 'hello', nonce: 'nonce-12345678', replyTo: 1, kind: 'admin' }],
  ['say', { text: '안녕하세요', nonce: 'nonce-87654321' }],
  ['edit', { target: 1, text: 'better', nonce: 'nonce-of-edit' }],
  ['remove', { target: 2, nonce: 'nonce-of-removal', reason: 'spam' }],
  ['history', { after: 1, limit: 3 }],
  ['history', { before: 10, limit: 2 }],
  ['ask', { text: 'why?', nonce: 'nonce-of-question', replaces: 1 }],
  ['stop', { id: ID }],
  ['sync', { id: ID }],
  ['regenerate', { id: ID }],
  ['continue', { id: ID }],
  ['react', { reaction: '👏' }],
  ['raid.go', { id: ID }],
];

const BODIES_OF: [string, string, object][] = [
  ['POST', '/api/rooms/lobby/messages', { text: 'over HTTP', nonce: 'nonce-by-http', replyTo: 1 }],
  ['PATCH', '/api/rooms/lobby/messages/1', { text: 'better', nonce: 'nonce-of-patch' }],
  ['POST', '/api/rooms/lobby/sanctions', { user: ID, action: 'timeout', seconds: 60, reason: 'loud' }],
  ['POST', '/api/rooms/lobby/polls', { question: 'Which?', choices: ['one', 'two'], seconds: 60 }],
  ['POST', '/api/rooms/lobby/questions', { text: 'why?', nonce: 'nonce-of-asking' }],
  ['POST', '/api/rooms/lobby/raid', { to: 'main', seconds: 10, nonce: 'nonce-of-raid' }],
  ['POST', '/user/register', { nickname: 'Somebody', username: 'somebody_1', password: 'correct horse 1' }],
  ['POST', '/user/login', { username: 'somebody_1', password: 'correct horse 1' }],
  ['PATCH', '/user/me', { nickname: 'Another', locale: 'ko' }],
  ['POST', '/user/password', { current: 'wrong horse 1', password: 'correct horse 2' }],
  ['POST', '/api/rooms', { slug: 'new-room', title: 'New', kind: 'chat' }],
  ['PATCH', '/api/rooms/main', { title: 'Other', settings: { textLimit: 200, noticesUpTo: 5 } }],
  ['POST', '/', { message: 'why?', conversation: ID, nonce: 'nonce-at-home' }],
];

const EVENT =
  /^(?:welcome|live|batch|ack|held(?:\.[a-z]+)?|error|history|presence|notice|reactions|gone|ignored|warned|warning\.acknowledged|ping|restart|(?:message|room|user|ai|staff|report|person|poll|question|raid)\.[a-z-]+)$/;
/** What a client's bad frames end a socket with; anything, when it sent a close of its own. */
const CLOSES = [null, 1000, 1002, 1003, 1007, 1008, 1009, 4101];

/** What was not as the contract says, the first of each kind. */
class Complaints {
  private readonly first = new Map<string, string>();

  get list(): string[] {
    return [...this.first.values()];
  }

  add(kind: string, what: string): void {
    if (!this.first.has(kind)) {
      this.first.set(kind, `${kind}: ${what.slice(0, 800)}`);
    }
  }
}

describe('rubbish', { timeout: 1_800_000 }, () => {
  it('is answered as the contract says, and troubles nobody else', async () => {
    console.log(`the seed is ${SEED}`);
    const scenario = await Scenario.start({
      env: { MAX_SOCKETS_PER_ADDRESS: '100000', NODE_OPTIONS: `--max-old-space-size=${HEAP_MIB}` },
    });
    const writer = await scenario.writer('writer');
    const staff = await scenario.writer('staff');
    const crowd = await scenario.viewers(5);
    await Promise.all([writer.isLive(), staff.isLive()]);
    const load = new Load([writer], 10);
    const complaints = new Complaints();
    const person = await aUser(scenario.server);
    const cookies = [undefined, person.cookie, staff.options.cookie];

    await talk(scenario, cookies, JSON_FRAMES / 20, 90, complaints, jsonFrame);
    const before = memoryOf(scenario.server);
    const started = performance.now();
    await talk(scenario, cookies, JSON_FRAMES, 90, complaints, jsonFrame);
    await talk(scenario, cookies, BAD_FRAMES, 15, complaints, (random) => badFrame(random, jsonText(random)));
    await post(scenario, cookies, complaints);
    const after = memoryOf(scenario.server);
    load.stop();

    console.log(
      `${JSON_FRAMES + BAD_FRAMES + BODIES} mutations in ${((performance.now() - started) / 1000).toFixed(0)} s; ` +
        `memory ${before.toFixed(0)} MiB before, ${after.toFixed(0)} MiB after`,
    );
    expect(complaints.list, `FAULTS_SEED=${SEED}`).toEqual([]);
    expect(scenario.server.lines.filter((line) => /"level":"(?:error|fatal)"/.test(line))).toEqual([]);
    await scenario.settle();
    for (const recorder of [writer, ...crowd]) {
      expect(recorder.closes).toEqual([]);
    }
    expect(after - before).toBeLessThan(96);
  });
});

/** Opens sockets, each for some frames, until `total` have been sent. */
async function talk(
  scenario: Scenario,
  cookies: (string | undefined)[],
  total: number,
  most: number,
  complaints: Complaints,
  frame: (random: Random) => Buffer,
): Promise<void> {
  let sent = 0;
  await inParallel(30, async (random) => {
    if (sent >= total) {
      return false;
    }
    const count = 1 + random.int(most);
    sent += count;
    const frames = Array.from({ length: count }, () => frame(random));
    const cookie = random.pick(cookies);
    const path = random.chance(0.1) && cookie ? `/ws/${randomUUID()}` : '/ws?room=lobby';
    const answer = readServer(await exchange(scenario.server.port, path, cookie, frames));
    const sentClose = frames.some((bytes) => (bytes[0]! & 0x0f) === 8);
    judge(answer, sentClose, complaints, () => Buffer.concat(frames).toString('latin1'));
    return true;
  });
}

function judge(
  { status, texts, closeCode }: ReturnType<typeof readServer>,
  sentClose: boolean,
  complaints: Complaints,
  what: () => string,
): void {
  if (status !== 101) {
    complaints.add(`handshake ${status}`, what());
  }
  if (!CLOSES.includes(closeCode) && !sentClose) {
    complaints.add(`closed with ${closeCode}`, what());
  }
  for (const text of texts) {
    const { event, data } = JSON.parse(text) as { event: string; data: { code?: string } };
    if (!EVENT.test(event) || typeof data !== 'object') {
      complaints.add(`not of the contract: ${event}`, text);
    }
    if (event === 'error' && (!isCode(data.code) || data.code === 'internal')) {
      complaints.add(`refused with ${data.code}`, what());
    }
  }
}

/** Sends everything at once and half-closes, so that the end is an event; resolves with all that came back. */
function exchange(port: number, path: string, cookie: string | undefined, frames: Buffer[]): Promise<Buffer> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    const chunks: Buffer[] = [];
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(Buffer.concat(chunks)));
    const headers = { 'X-Forwarded-For': uniqueAddress(), ...(cookie && { Cookie: cookie }) };
    socket.write(handshake(path, headers));
    let welcomed = false;
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      if (!welcomed) {
        welcomed = true;
        socket.end(Buffer.concat(frames));
      }
    });
    socket.on('end', () => socket.end());
  });
}

async function post(
  scenario: Scenario,
  cookies: (string | undefined)[],
  complaints: Complaints,
): Promise<void> {
  const addresses = Array.from({ length: 20 }, uniqueAddress);
  let sent = 0;
  await inParallel(12, async (random) => {
    if (sent++ >= BODIES) {
      return false;
    }
    const [method, path, body] = random.pick(BODIES_OF);
    const text = mutated(random, body);
    // Whoever logs in gives up the session they came with: those sockets would rightly be closed.
    const cookie = /login|register/.test(path) ? undefined : random.pick(cookies);
    const response = await fetch(scenario.server.url + path, {
      method,
      body: text,
      headers: {
        'content-type': random.chance(0.95)
          ? 'application/json'
          : scratched(random, 'application/json').replace(/[^\x20-\x7e]/g, ''),
        'x-forwarded-for': random.pick(addresses),
        ...(cookie && { cookie }),
      },
      redirect: 'manual',
    });
    const answer = await response.text();
    if (response.status >= 400) {
      const code = errorCodeOf(answer);
      if (code === 'internal' || ERROR_STATUS[code as keyof typeof ERROR_STATUS] !== response.status) {
        complaints.add(`${method} ${path} answered ${response.status}`, `${answer} to ${text}`);
      }
    }
    return true;
  });
}

function isCode(code: string | undefined): boolean {
  return code !== undefined && code in ERROR_STATUS;
}

function errorCodeOf(answer: string): string | undefined {
  try {
    const { error } = JSON.parse(answer) as { error?: { code?: string } };
    return error?.code;
  } catch {
    return undefined;
  }
}

function jsonText(random: Random): string {
  const [event, data] = random.pick(FRAMES);
  if (random.chance(0.05)) {
    return mutated(random, { event, data });
  }
  const name = random.chance(0.03) ? random.pick(['welcome', '__proto__', '', 'SAY']) : event;
  const text = `{"event":${JSON.stringify(name)},"data":${mutated(random, data)}}`;
  return random.chance(0.1) ? scratched(random, text) : text;
}

const jsonFrame = (random: Random) => clientFrame(jsonText(random));

/**
 * Runs `work` again and again, so many at a time, until it answers false. Each run has a chance of its own, so that the
 * same seed sends the same bytes in whatever order the runs end.
 */
async function inParallel(lanes: number, work: (random: Random) => Promise<boolean>): Promise<void> {
  let runs = 0;
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      while (await work(new Random(SEED + runs++))) {
        // The next one.
      }
    }),
  );
}
