import { Socket } from 'node:net';

import { Client } from 'pg';

import { APPLICATION_NAME, postgresTypes } from '../../database/postgres-client.js';
import { SESSION } from './pg-log.statements.js';

const CONNECT_MS = 1500;
/** The server gives a lock and a statement up before the driver gives the connection up. */
const LOCK_MS = 2000;
const STATEMENT_MS = 2500;
const QUERY_MS = 3000;
/** A node that stops in the middle of a transaction holds a room: the server ends its connection after this. */
const IDLE_IN_TRANSACTION_MS = 2000;

/** A connection that only appends: statements are sent without waiting for the answers to those before. */
export class LogConnection {
  private open = true;

  private constructor(
    readonly client: Client,
    private readonly socket: Socket,
  ) {
    client.on('error', () => {
      this.open = false;
    });
  }

  get isOpen(): boolean {
    return this.open;
  }

  /** Rejects when the server does not answer in time. */
  static async open(url: string): Promise<LogConnection> {
    const socket = new Socket();
    const client = new Client({
      connectionString: url,
      application_name: `${APPLICATION_NAME} log`,
      types: postgresTypes,
      pipeline: true,
      stream: () => socket,
      keepAlive: true,
      connectionTimeoutMillis: CONNECT_MS,
      query_timeout: QUERY_MS,
      statement_timeout: STATEMENT_MS,
      lock_timeout: LOCK_MS,
      idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    });
    const connection = new LogConnection(client, socket);
    try {
      await client.connect();
      await client.query(SESSION);
      return connection;
    } catch (error) {
      connection.cut();
      throw error;
    }
  }

  /** Ends it in order, once what was sent has been answered. */
  async end(): Promise<void> {
    this.open = false;
    await this.client.end().catch(() => undefined);
  }

  /** Ends it now. The driver's own way would wait for the answers to everything that was sent. */
  cut(): void {
    this.open = false;
    this.socket.destroy();
  }
}
