// Preloaded into every thread: lets worker threads of the code under test load TypeScript. The `tsx` entry itself
// leaves threads other than the first alone.
import { isMainThread } from 'node:worker_threads';

import { register } from 'tsx/esm/api';

if (!isMainThread) {
  register();
}
