import { Bus, type BusListener, type Unsubscribe } from './bus.js';
import { RedisLink } from './redis.link.js';
import { Topics } from './topics.js';

/** So long a topic is kept after its last listener: whoever reloads a page comes back at once. */
const LINGER_MS = 10_000;

/** The bus of many nodes, over Redis' publish and subscribe. Each node receives only what it has listeners for. */
export class RedisBus extends Bus {
  readonly link: RedisLink;
  nodes = 1;
  private readonly topics = new Topics();
  private readonly lingering = new Map<string, NodeJS.Timeout>();

  constructor(url: string, prefix: string) {
    super();
    this.link = new RedisLink(url, prefix, {
      names: () => [...this.topics.names, ...this.lingering.keys()],
      deliver: (topic, message) => this.deliver(topic, message),
    });
    this.link.onTrusted(() => this.topics.names.forEach((topic) => this.topics.ready(topic)));
    this.link.start();
  }

  get node(): string {
    return this.link.node;
  }

  get isTrusted(): boolean {
    return this.link.isTrusted;
  }

  publish(topic: string, message: object): void {
    if (this.link.isTrusted) {
      this.link.publish(topic, `${this.node} ${JSON.stringify(message)}`);
    }
  }

  subscribe<Message>(
    topic: string,
    listener: BusListener<Message>,
    onReady: () => void = () => undefined,
  ): Unsubscribe {
    const { isFirst, remove } = this.topics.add(topic, listener, onReady, () => this.linger(topic));
    const isStillThere = this.lingering.has(topic);
    clearTimeout(this.lingering.get(topic));
    this.lingering.delete(topic);
    if (isFirst && !isStillThere) {
      void this.link.subscribe(topic).then((isSubscribed) => isSubscribed && this.topics.ready(topic));
    } else {
      setImmediate(onReady);
    }
    return remove;
  }

  async close(): Promise<void> {
    this.lingering.forEach((timer) => clearTimeout(timer));
    this.lingering.clear();
    await this.link.close();
  }

  private linger(topic: string): void {
    const timer = setTimeout(() => {
      this.lingering.delete(topic);
      this.link.unsubscribe(topic);
    }, LINGER_MS);
    this.lingering.set(topic, timer.unref());
  }

  private deliver(topic: string, message: string): void {
    const space = message.indexOf(' ');
    if (message.slice(0, space) !== this.node) {
      this.topics.deliver(topic, message.slice(space + 1));
    }
  }
}
