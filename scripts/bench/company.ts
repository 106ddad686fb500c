import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';

import type { ModelServer } from '../../test/support/model-server.js';
import { SocketClient } from '../../test/support/socket-client.js';
import { acks, type AckFigure } from './acks.js';
import type { Bench } from './bench.js';
import { Crowd, JSON_DIALECT } from './crowd.js';
import { person, type Madang } from './madang.js';

const VIEWERS = 1000;
const AT_HOME = 50;
/** Tokens a second of the answer that everybody watches, and of each at home. */
const IN_ROOM = 100;
const APIECE = 20;
const POSTS = 20;
const LOBBY = JSON_DIALECT('/ws?room=lobby');
/** Everything of the crowd's is over: presence, notices, replays. */
const SETTLE_MS = 3000;

/**
 * What answers cost those who only chat: the acknowledgements of posts in a room of a thousand viewers, before, and while
 * fifty people are answered at home and one answer is written in that room.
 */
export async function company({ report, seconds }: Bench, model: ModelServer, server: Madang): Promise<void> {
  const base = `http://127.0.0.1:${server.port}`;
  const crowd = new Crowd(server.port, { ...LOBBY, mark: Buffer.from('"ai.delta"') });
  await crowd.join(VIEWERS);
  const people = await Promise.all(
    Array.from({ length: AT_HOME }, (_, index) => person(server, `reader_${index}`)),
  );
  const homes = await Promise.all(
    people.map((cookie) => SocketClient.open(base, `/ws/${randomUUID()}`, { cookie })),
  );
  const room = await SocketClient.open(base, LOBBY.path, { cookie: people[0]! });
  await pause(SETTLE_MS);
  const posting = { port: server.port, cookie: server.cookie, path: LOBBY.path, rate: POSTS, seconds };
  const alone = await acks(posting);

  const isOver = speakOn(model);
  homes.forEach((socket) => socket.send('ask', { text: 'Go on', nonce: randomUUID() }));
  room.send('say', { text: '@ai go on', nonce: randomUUID() });
  await Promise.all([room, ...homes].map((socket) => socket.next('ai.delta')));
  const before = { deltas: crowd.delivered, cpu: server.cpu(), at: performance.now() };
  const beside = await acks(posting);
  const lasted = (performance.now() - before.at) / 1000;
  const running = await server.metric('madang_ai_running');
  report.reading('posts alone', `${POSTS}/s, ${VIEWERS} viewers`, show(alone));
  report.reading('beside the AI', `${running} answers at once`, {
    ...show(beside),
    other: `${((crowd.delivered - before.deltas) / VIEWERS / lasted).toFixed(1)} deltas/s for each viewer, ${((server.cpu() - before.cpu) / lasted).toFixed(2)} cores`,
  });
  report.figure('acks beside 50 answers and one for 1,000, p50 of alone', beside.p50 / alone.p50, {
    must: 2,
    aim: 1.5,
  });
  report.figure('acks beside 50 answers and one for 1,000, p99 of alone', beside.p99 / alone.p99, {
    must: 2,
    aim: 1.5,
  });
  isOver.abort();
  await Promise.all([room, ...homes].map((socket) => socket.next('ai.ended')));
  [room, ...homes].forEach((socket) => socket.close());
  crowd.leave();
}

/** The model speaks until the signal; in the room, whose prompt has its messages as JSON, faster. */
function speakOn(model: ModelServer): AbortController {
  const over = new AbortController();
  model.otherwise = async (call) => {
    const rate = call.body.messages.at(-1)!.content.startsWith('{') ? IN_ROOM : APIECE;
    const started = performance.now();
    for (let token = 0; !over.signal.aborted && !call.response.destroyed; token++) {
      call.delta('word ');
      await pause(Math.max(0, started + ((token + 1) / rate) * 1000 - performance.now()));
    }
    call.finish().done();
  };
  return over;
}

const show = ({ p50, p99, missing }: AckFigure) => ({
  'p50 ms': p50.toFixed(1),
  'p99 ms': p99.toFixed(1),
  missing: String(missing),
});
