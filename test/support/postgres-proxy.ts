import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

import { APPLICATION_NAME } from '../../src/database/postgres-client.js';

/** Both ways of the protocol say it like this: a simple query, and the tag of a command that is complete. */
const COMMIT = Buffer.from('COMMIT\0');
/** Where a connection is cut around a commit: the server never hears of it, may or may not, or has done it and is not heard. */
const CUTS = ['before', 'during', 'after'] as const;
type Cut = (typeof CUTS)[number];

/** Stands between a node and PostgreSQL, and makes trouble for the connection that appends. */
export class PostgresProxy {
  /** Added to every round trip, in milliseconds. */
  latencyMs = 0;
  /** Cuts every how manyeth commit; 0: none. */
  cutEvery = 0;
  /** How often each kind of cut was made. */
  readonly cuts: Record<Cut, number> = { before: 0, during: 0, after: 0 };
  private commits = 0;
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    private readonly target: URL,
  ) {
    server.on('connection', (client) => this.relay(client));
  }

  /** A proxy to the server of this address, on a free port. */
  static async start(databaseUrl: string): Promise<PostgresProxy> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new PostgresProxy(server, new URL(databaseUrl));
  }

  /** The address of the database by way of the proxy. */
  get url(): string {
    const url = new URL(this.target);
    url.host = `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    return url.href;
  }

  get cutsInAll(): number {
    return Object.values(this.cuts).reduce((sum, count) => sum + count, 0);
  }

  stop(): void {
    this.server.close();
    this.sockets.forEach((socket) => socket.destroy());
  }

  private relay(client: Socket): void {
    const upstream = connect(Number(this.target.port), this.target.hostname);
    let appends: boolean | null = null;
    let cut: Cut | null = null;
    const end = () => {
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) {
      socket.setNoDelay(true);
      this.sockets.add(socket);
      socket.on('error', end);
      socket.on('close', () => {
        this.sockets.delete(socket);
        end();
      });
    }
    client.on('data', (chunk) => {
      appends ??= chunk.includes(`${APPLICATION_NAME} log`);
      const at = appends ? chunk.indexOf(COMMIT) : -1;
      cut = at === -1 ? null : this.nextCut();
      if (cut === 'before') {
        // The message has its type and its length before the text.
        upstream.end(chunk.subarray(0, at - 5));
        client.destroy();
        return;
      }
      this.later(() => upstream.write(chunk));
      if (cut === 'during') {
        client.destroy();
      }
    });
    upstream.on('data', (chunk) => {
      if (cut === 'after' && chunk.includes(COMMIT)) {
        end();
        return;
      }
      this.later(() => client.write(chunk));
    });
  }

  private nextCut(): Cut | null {
    this.commits++;
    if (this.cutEvery === 0 || this.commits % this.cutEvery !== 0) {
      return null;
    }
    const cut = CUTS[(this.commits / this.cutEvery) % CUTS.length]!;
    this.cuts[cut]++;
    return cut;
  }

  private later(write: () => void): void {
    if (this.latencyMs === 0) {
      write();
    } else {
      setTimeout(write, this.latencyMs / 2);
    }
  }
}
