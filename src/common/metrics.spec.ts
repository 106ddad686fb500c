import { describe, expect, it } from 'vitest';

import { Metrics } from './metrics.js';

describe('Metrics', () => {
  it('keeps the numbers of two apps in one process apart', async () => {
    const [first, second] = [new Metrics(), new Metrics()];
    first.posts.inc({ outcome: 'stored' });

    expect(await first.registry.metrics()).toContain('madang_posts_total{outcome="stored"} 1');
    expect(await second.registry.metrics()).toContain('madang_posts_total{outcome="stored"} 0');
  });

  it('explains every metric, and has the delay of the event loop', async () => {
    const all = await new Metrics().registry.getMetricsAsJSON();

    for (const { name, help } of all.filter(({ name }) => name.startsWith('madang_'))) {
      expect(help, name).toMatch(/^[A-Z].{15,}\.$/);
    }
    expect(all.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        'madang_sockets',
        'nodejs_eventloop_lag_p50_seconds',
        'nodejs_eventloop_lag_p99_seconds',
      ]),
    );
  });
});
