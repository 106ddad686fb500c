import { Logger } from '@nestjs/common';

import type { BusListener, Unsubscribe } from './bus.js';

interface Subscription {
  readonly receive: (json: string) => void;
  readonly onReady: () => void;
}

/** Who on this node listens to which topic; both adapters keep their book with it. */
export class Topics {
  private readonly log = new Logger('Bus');
  private readonly topics = new Map<string, Set<Subscription>>();

  get names(): string[] {
    return [...this.topics.keys()];
  }

  /** Adds a listener; answers whether it is the topic's first, and how to take it away again. */
  add<Message>(
    topic: string,
    listener: BusListener<Message>,
    onReady: () => void,
    onLast: () => void,
  ): { isFirst: boolean; remove: Unsubscribe } {
    // Each gets its own copy: what one does to it is nobody else's business.
    const subscription: Subscription = { receive: (json) => listener(JSON.parse(json)), onReady };
    const known = this.topics.get(topic);
    const set = known ?? new Set();
    set.add(subscription);
    this.topics.set(topic, set);
    const remove = () => {
      if (set.delete(subscription) && set.size === 0 && this.topics.get(topic) === set) {
        this.topics.delete(topic);
        onLast();
      }
    };
    return { isFirst: !known, remove };
  }

  ready(topic: string): void {
    this.topics.get(topic)?.forEach(({ onReady }) => onReady());
  }

  /** Hands a message to the topic's listeners. What cannot be read is logged and dropped: others go on. */
  deliver(topic: string, json: string): void {
    for (const { receive } of this.topics.get(topic) ?? []) {
      try {
        receive(json);
      } catch (error) {
        this.log.error(error);
      }
    }
  }
}
