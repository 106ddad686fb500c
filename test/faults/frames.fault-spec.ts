import { describe, expect, it } from 'vitest';

import { ASK, FRAMES, TEXTS, type FrameRow } from './support/frame-rows.js';
import { RawSocket } from './support/raw-socket.js';
import { Load, memoryOf, Scenario } from './support/scenario.js';
import { clientFrame, handshake } from './support/wire.js';

const LOBBY = '/ws?room=lobby';

describe('frames and requests by name', { timeout: 180_000 }, () => {
  it('come to what the contract says, and trouble nobody else', async () => {
    const scenario = await Scenario.start({ env: { MAX_SOCKETS_PER_ADDRESS: '10000' } });
    const { port } = scenario.server;
    const writer = await scenario.writer('writer');
    const staff = await scenario.writer('staff');
    const crowd = await scenario.viewers(5);
    await Promise.all([writer.isLive(), staff.isLive()]);
    const load = new Load([writer], 10);
    const before = memoryOf(scenario.server);

    const slow = slowOnes(port);
    const rows = [...FRAMES, ...TEXTS];
    const outcomes: [name: string, outcome: unknown][] = [];
    for (const row of rows) {
      outcomes.push([row.name, await outcomeOf(row, port, staff.options.cookie!)]);
    }
    expect(outcomes).toEqual(rows.map((row) => [row.name, expected(row)]));
    expect(await slow).toEqual(SLOW_ENDS);

    load.stop();
    const grown = memoryOf(scenario.server) - before;
    console.log(`${rows.length} frames by name; memory grew by ${grown.toFixed(0)} MiB`);
    const others = [writer, ...crowd];
    await scenario.settle(others);
    expect(others.flatMap(({ closes }) => closes)).toEqual([]);
    expect(scenario.rows().filter(({ nonce }) => nonce === 'nonce-twice')).toMatchObject([{ text: 'first' }]);
    const posted = crowd[0]!.segments.flatMap(({ applied }) => applied.map(({ data }) => data));
    expect(posted.find((data) => 'nonce' in data && data.nonce === 'nonce-proto')).toMatchObject({
      kind: 'chat',
    });
    expect(scenario.server.lines.filter((line) => /"level":"(?:error|fatal)"/.test(line))).toEqual([]);
  });
});

function expected({ comes }: FrameRow): unknown {
  return typeof comes === 'number' ? comes : [...comes, 'history'].toSorted();
}

async function outcomeOf({ sent, comes }: FrameRow, port: number, cookie: string): Promise<unknown> {
  const raw = await RawSocket.live(port, LOBBY, cookie);
  for (const bytes of Buffer.isBuffer(sent) ? [sent] : sent) {
    raw.write(bytes);
    // A segment of its own for each, where there are few.
    await new Promise(setImmediate);
  }
  if (typeof comes !== 'number') {
    raw.write(clientFrame(ASK));
  }
  const enough = typeof comes === 'number' ? Infinity : comes.length + 1;
  await raw.until(({ closeCode, answers }) => closeCode !== null || answers.length >= enough);
  raw.end();
  const { closeCode, answers } = raw.heard;
  return closeCode ?? answers.toSorted();
}

const POST =
  'POST /user/login HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n';

/** What ends those who send slowly, and within how many seconds: the limits, and as long again as until they are looked at. */
const SLOW_ENDS = {
  'a header, a byte a second': [408, true],
  'half an upgrade, and then nothing': [408, true],
  'a body, a byte a second': [408, true],
  'a frame, a byte a second': [4201, true],
  'half a frame, and then nothing': [4201, true],
  'an upgrade, and then nothing': [4201, true],
};

async function slowOnes(port: number): Promise<unknown> {
  const outcome = async (raw: RawSocket, seconds: number) => {
    await raw.until(({ ended }) => ended, 80_000);
    const took = (performance.now() - raw.openedAt) / 1000;
    const { status, closeCode } = raw.heard;
    return [closeCode ?? status, took <= seconds || `after ${took.toFixed(0)} s`];
  };
  const request = async (seconds: number, send: (raw: RawSocket) => void) => {
    const raw = RawSocket.to(port);
    send(raw);
    return outcome(raw, seconds);
  };
  const socket = async (seconds: number, send: (raw: RawSocket) => void) => {
    // Where nothing is said: who is sent much and does not answer is a slow reader, 4108.
    const raw = await RawSocket.live(port, '/ws/streaming?room=main');
    send(raw);
    return outcome(raw, seconds);
  };
  const upgrade = handshake(LOBBY);
  const frame = clientFrame(ASK);
  const ends = await Promise.all([
    request(25, (raw) => raw.trickle(upgrade)),
    request(25, (raw) => raw.write(upgrade.slice(0, -2))),
    request(50, (raw) => {
      raw.write(POST);
      raw.trickle('x'.repeat(900));
    }),
    socket(45, (raw) => raw.trickle(frame)),
    socket(45, (raw) => raw.write(frame.subarray(0, 20))),
    socket(45, () => undefined),
  ]);
  return Object.fromEntries(Object.keys(SLOW_ENDS).map((name, index) => [name, ends[index]]));
}
