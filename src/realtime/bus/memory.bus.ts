import { randomUUID } from 'node:crypto';

import { Bus, type BusListener, type Unsubscribe } from './bus.js';
import { Topics } from './topics.js';

/** Connects buses of one process. The server has one bus, and so nobody to talk to; tests have several. */
export class Exchange {
  readonly buses = new Set<MemoryBus>();
}

/** The bus of a server that is alone. */
export class MemoryBus extends Bus {
  readonly node = randomUUID();
  readonly isTrusted = true;
  private readonly topics = new Topics();

  constructor(private readonly exchange = new Exchange()) {
    super();
    exchange.buses.add(this);
  }

  get nodes(): number {
    return this.exchange.buses.size;
  }

  publish(topic: string, message: object): void {
    if (this.exchange.buses.size === 1) {
      return;
    }
    // As over a wire: a copy, and not within the call.
    const json = JSON.stringify(message);
    setImmediate(() => {
      for (const bus of this.exchange.buses) {
        if (bus !== this) {
          bus.topics.deliver(topic, json);
        }
      }
    });
  }

  subscribe<Message>(
    topic: string,
    listener: BusListener<Message>,
    onReady: () => void = () => undefined,
  ): Unsubscribe {
    const { remove } = this.topics.add(topic, listener, onReady, () => undefined);
    setImmediate(onReady);
    return remove;
  }

  async close(): Promise<void> {
    this.exchange.buses.delete(this);
  }
}
