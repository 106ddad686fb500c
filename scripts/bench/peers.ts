import { spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { JSON_DIALECT, SOCKET_IO, type Dialect } from './crowd.js';
import { startServer, type MeasuredServer } from './server-process.js';

export interface Peer {
  readonly name: string;
  readonly dialect: Dialect;
  start(): Promise<MeasuredServer>;
}

export const WS_LOOP: Peer = {
  name: 'plain ws loop',
  dialect: JSON_DIALECT('/'),
  start: () => node('ws-loop'),
};
export const SOCKET_IO_PEER: Peer = { name: 'Socket.IO', dialect: SOCKET_IO, start: () => node('socket-io') };
const STOCK_NEST: Peer = {
  name: 'stock Nest gateway',
  dialect: JSON_DIALECT('/'),
  start: () => node('stock-nest'),
};
const FAST_API: Peer = { name: 'FastAPI on uvicorn', dialect: JSON_DIALECT('/'), start: fastApi };

/** Peers that no figure is judged by. */
export function otherPeers(): Peer[] {
  if (spawnSync('/usr/bin/python3', ['-c', 'import fastapi, uvicorn']).status === 0) {
    return [STOCK_NEST, FAST_API];
  }
  console.log('FastAPI is not measured: install python3-fastapi and uvicorn.');
  return [STOCK_NEST];
}

function fastApi(): Promise<MeasuredServer> {
  const file = join(mkdtempSync(join(tmpdir(), 'fastapi-bench-')), 'chat.db');
  return startServer('/usr/bin/python3', ['-u', 'scripts/bench/peers/fastapi_chat.py', file, '0']);
}

function node(name: string): Promise<MeasuredServer> {
  return startServer(process.execPath, ['--import', 'tsx', `scripts/bench/peers/${name}.ts`], {
    NODE_ENV: 'production',
  });
}
