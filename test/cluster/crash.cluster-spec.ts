import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';

import { flow, Load } from '../faults/support/scenario.js';
import { SocketClient } from '../support/socket-client.js';
import { ClusterScenario } from './support/cluster-scenario.js';

const FAILPOINTS = fileURLToPath(new URL('../faults/support/failpoints.js', import.meta.url));

describe('F3: a node killed', { timeout: 180_000 }, () => {
  it('at any place around its commit leaves its entries whole to the others, or not at all', async () => {
    const scenario = await ClusterScenario.start(2);
    const writers = [await scenario.writer('ann', 0), await scenario.writer('bob', 1)];
    await scenario.viewers(8);
    const load = new Load(writers, 100);
    for (const place of ['transaction', 'commit', 'committed', 'acked']) {
      const dups = () => writers.flatMap(({ acks }) => acks).filter(({ dup }) => dup).length;
      const before = dups();
      await scenario.kill(0, 'SIGKILL');
      await scenario.restart(0, { NODE_OPTIONS: `--import ${FAILPOINTS}`, FAILPOINT: `${place}:20` });
      // Whoever is at home there comes back to it, and is at work when it dies.
      scenario.recorders.forEach((recorder, index) => index % 2 === 0 && recorder.cut());
      expect(await scenario.ended(0)).toEqual({ code: null, signal: 'SIGKILL' });
      await Promise.all(scenario.recorders.map((recorder) => recorder.isLive()));
      await flow(500);
      console.log(`killed at ${place}: ${dups() - before} posts had been stored and not acked`);
      await scenario.restart(0);
    }
    load.stop();
    expect(await scenario.settle()).toHaveLength(load.count);
  });
});

describe('F18: an acknowledgement that does not arrive', { timeout: 60_000 }, () => {
  it('is given again by another node', async () => {
    const scenario = await ClusterScenario.start(2);
    const ann = await scenario.staff(0);
    const [here, there] = await Promise.all(
      [0, 1].map((node) =>
        SocketClient.open(scenario.nodes[node]!.url, '/ws?room=lobby', { cookie: ann.cookie }),
      ),
    );
    await there!.next('live');
    here!.send('say', { text: 'did it arrive?', nonce: 'not-answered' });
    const { seq } = await there!.find('message.posted');
    // Whatever the first node has answered: its client is gone before it reads that.
    here!.ws.terminate();
    expect(await there!.say('did it arrive?', { nonce: 'not-answered' })).toMatchObject({ seq, dup: true });
    expect(await scenario.rows()).toHaveLength(1);
    there!.close();
  });
});
