import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { describe, expect, it, onTestFinished } from 'vitest';

import { aUser } from '../support/factories.js';
import { Power } from './support/power.js';
import { flow, Load, LONG, Scenario } from './support/scenario.js';

const LAX = fileURLToPath(new URL('./support/lax-sync.js', import.meta.url));

describe('F12: the loss of power', { timeout: 240_000 }, () => {
  it('takes nothing that was acknowledged', async () => {
    const scenario = await Scenario.start();
    const writers = [await scenario.writer('ann'), await scenario.writer('bob')];
    await scenario.viewers(5);
    const power = await onOwnPower(scenario);
    const rounds = LONG ? 200 : 5;
    const load = new Load(writers, 200);
    let people = 0;
    for (let round = 0; round < rounds; round++) {
      await Promise.all(writers.map((writer) => writer.isLive()));
      const newcomer = await aUser(scenario.server);
      await flow(randomInt(50, 500));
      await scenario.server.kill('SIGKILL');
      power.lose();
      expect(scenario.integrity()).toBe('ok');
      await scenario.restart(power.env);
      // An account and its session were promised too.
      const { cookie } = newcomer;
      people += Number(
        (await fetch(`${scenario.server.url}/user/me`, { headers: { cookie } })).status === 200,
      );
    }
    load.stop();
    expect(people).toBe(rounds);
    const rows = await scenario.settle();
    expect(rows).toHaveLength(load.count);
    const retried = writers.flatMap(({ acks }) => acks).filter(({ dup }) => dup).length;
    console.log(
      `the power went ${rounds} times: ${rows.length} entries, ${retried} of them acked by their retry`,
    );
  });

  it('takes nobody’s log-in, be the server ever so new', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'madang-new-'));
    onTestFinished(() => rmSync(dir, { recursive: true }));
    const power = new Power(dir);
    onTestFinished(() => power.remove());
    const scenario = await Scenario.start({ dir, env: power.env });
    const { cookie } = await aUser(scenario.server);
    await scenario.server.kill('SIGKILL');
    power.lose();
    await scenario.restart();
    expect((await fetch(`${scenario.server.url}/user/me`, { headers: { cookie } })).status).toBe(200);
  });

  // What the first test is worth: a database that syncs less loses what it acknowledged, and that is seen.
  it.each(LONG ? ['NORMAL', 'OFF'] : ['NORMAL'])('would take it with synchronous = %s', async (lax) => {
    const scenario = await Scenario.start();
    const writer = await scenario.writer('writer');
    const power = await onOwnPower(scenario, { NODE_OPTIONS: `--import ${LAX}`, LAX_SYNC: lax });
    await writer.isLive();
    for (let number = 0; number < 20; number++) {
      writer.say('acknowledged', `nonce-acked-${number}`);
    }
    await writer.allAcked();
    await scenario.server.kill('SIGKILL');
    expect(scenario.rows()).toHaveLength(20);
    power.lose();
    expect(scenario.rows().length).toBeLessThan(20);
  });
});

/** Starts the server again, on files whose power can go. */
async function onOwnPower(scenario: Scenario, env: Record<string, string> = {}): Promise<Power> {
  await scenario.server.kill();
  const power = new Power(scenario.server.dir);
  onTestFinished(() => power.remove());
  await scenario.restart({ ...power.env, ...env });
  return power;
}
