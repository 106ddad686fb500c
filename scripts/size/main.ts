import { check } from './check.js';
import { COSTS, type Cost } from './costs.js';
import { need, type Load } from './model.js';

const LOADS: { name: string; load: (viewers: number) => Load }[] = [
  { name: 'one event, 20 posts/s', load: (viewers) => ({ viewers, rooms: 1, posts: 20 }) },
  { name: 'one event, 200 posts/s', load: (viewers) => ({ viewers, rooms: 1, posts: 200 }) },
  {
    name: 'rooms of 500, a post every 5 s',
    load: (viewers) => ({ viewers, rooms: viewers / 500, posts: 0.2 }),
  },
];

const number = (value: number) =>
  value.toLocaleString('en', { maximumSignificantDigits: value < 1000 ? 2 : 3 });

if (process.argv[2] === 'check') {
  await check();
} else {
  console.log('What the calculation takes for granted:\n');
  for (const { value, unit, what, from } of Object.values<Cost>(COSTS)) {
    console.log(`  ${`${value} ${unit}`.padEnd(14)}${what} (${from})`);
  }
  for (const viewers of [100_000, 1_000_000]) {
    console.log(`\n${viewers.toLocaleString('en')} viewers`);
    console.table(Object.fromEntries(LOADS.map(({ name, load }) => [name, told(load(viewers))])));
  }
}

function told(load: Load): Record<string, string> {
  const { nodes, limit, node, gigabits, redis, postgres, back } = need(load, COSTS);
  return {
    nodes: `${nodes} (${limit})`,
    'each: sockets': number(node.sockets),
    window: `${number(node.window)} ms`,
    cores: number(node.cores),
    memory: `${number(node.megabytes)} MB`,
    'sent in all': `${number(gigabits)} Gbit/s`,
    Redis: `${number(redis.messages)}/s, ${number(redis.cores)} cores, ${number(redis.gigabits)} Gbit/s`,
    PostgreSQL: `${number(postgres.rows)} rows/s (${number(postgres.share * 100)} %), ${postgres.connections} connections, ${number(postgres.gigabytesADay)} GB/day`,
    'back after one, all': `${number(back.afterOne)} s, ${number(back.afterAll)} s`,
  };
}
