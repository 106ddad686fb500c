import { appendSection } from './append.js';
import type { Bench } from './bench.js';
import { clusterSection } from './cluster.js';
import { crowdSection, fanoutSection, memorySection, peersSection } from './fanout.js';
import { historySection } from './history.js';
import { relaySection } from './relay.js';
import { Report } from './report.js';
import { stormSection } from './storm.js';
import { termsSection } from './terms.js';

const SECTIONS: Record<string, (bench: Bench) => Promise<void>> = {
  fanout: fanoutSection,
  crowd: crowdSection,
  memory: memorySection,
  append: appendSection,
  storm: stormSection,
  history: historySection,
  relay: relaySection,
  cluster: clusterSection,
  terms: termsSection,
  peers: peersSection,
};

/**
 * `npm run bench` measures everything; `npm run bench -- append storm` these sections, `quick` a third as long, and
 * `profile` shows what the server's main thread was busy with.
 */
const words = process.argv.slice(2);
const unknown = words.filter((word) => !['quick', 'profile'].includes(word) && !(word in SECTIONS));
if (unknown.length > 0) {
  console.error(`${unknown.join(', ')}: there are ${Object.keys(SECTIONS).join(', ')}, quick and profile.`);
  process.exit(1);
}
const chosen = Object.entries(SECTIONS).filter(([name]) => words.includes(name));
const bench: Bench = {
  report: new Report(),
  seconds: words.includes('quick') ? 4 : 12,
  withProfile: words.includes('profile'),
};
for (const [, run] of chosen.length > 0 ? chosen : Object.entries(SECTIONS)) {
  await run(bench);
}
bench.report.print();
