/** Ends a subscription; calling it again does nothing. */
export type Unsubscribe = () => void;

/** What a subscriber is told. It must not throw. */
export interface BusListener<Message> {
  (message: Message): void;
}

/**
 * How the nodes of one installation talk to each other. It is a hint and no more: a message may be lost, come late or
 * out of order, and never comes twice. What must not be missed is in the database, and whoever listens looks there too.
 */
export abstract class Bus {
  /** This node's name among the nodes; another one after each start. */
  abstract readonly node: string;

  /** Whether other nodes' messages can be expected to arrive now. */
  abstract readonly isTrusted: boolean;

  /** How many nodes there are, this one included, as far as is known; at least 1. */
  abstract readonly nodes: number;

  /** Sends a JSON value to the other nodes' subscribers of a topic. Never waits, never throws, gives up at once. */
  abstract publish(topic: string, message: object): void;

  /**
   * Listens to what the other nodes publish; one's own messages are not among them. `onReady` is called when the
   * subscription holds, and again whenever it was interrupted: what was published before may have been missed.
   */
  abstract subscribe<Message>(
    topic: string,
    listener: BusListener<Message>,
    onReady?: () => void,
  ): Unsubscribe;

  /** Stops sending and receiving. May be called twice. */
  abstract close(): Promise<void>;
}
