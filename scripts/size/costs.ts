/** Something that the calculation takes for granted: how much, and where it comes from. */
export interface Cost {
  readonly value: number;
  readonly unit: string;
  readonly what: string;
  /** Read by `npm run size -- check`, or else by whom; `chosen` is a decision and no reading. */
  readonly from: string;
}

export const COSTS = {
  frame: { value: 13, unit: 'µs', what: 'CPU to write one frame to one socket', from: 'check' },
  entry: { value: 0.5, unit: 'µs', what: 'CPU for each entry in that frame', from: 'check' },
  post: {
    value: 60,
    unit: 'µs',
    what: 'CPU to check, store and acknowledge a post',
    from: 'bench -- append',
  },
  heard: { value: 185, unit: 'µs', what: "CPU to take another node's entry", from: 'check' },
  idle: {
    value: 12,
    unit: 'µs',
    what: 'CPU of a socket in a second in which nothing happens',
    from: 'check',
  },
  beat: { value: 0.05, unit: 'cores', what: 'CPU of one of many nodes, without sockets', from: 'check' },
  share: {
    value: 0.5,
    unit: 'cores',
    what: 'CPU a node may take, so that half is left for a rush',
    from: 'chosen',
  },
  socket: {
    value: 16,
    unit: 'KB',
    what: "memory of a socket, the system's part included",
    from: 'check, and 6 KB for the system',
  },
  node: { value: 200, unit: 'MB', what: 'memory of a node without sockets', from: 'check' },
  sockets: {
    value: 30_000,
    unit: '',
    what: 'sockets of a node, so that all are back in a minute',
    from: 'chosen',
  },
  memory: { value: 2000, unit: 'MB', what: 'memory a node may take', from: 'chosen' },
  wire: {
    value: 345,
    unit: 'bytes',
    what: 'an entry on the wire: 80 characters, its author, its nonce',
    from: 'check',
  },
  packet: {
    value: 94,
    unit: 'bytes',
    what: 'around each frame: WebSocket, TCP, IP, Ethernet',
    from: 'the protocols',
  },
  link: { value: 0.7, unit: 'Gbit/s', what: 'what a node may send', from: 'chosen' },
  handshakes: {
    value: 500,
    unit: '1/s',
    what: 'sockets a node opens, MAX_HANDSHAKES_PER_SECOND',
    from: 'the default',
  },
  redis: {
    value: 30,
    unit: 'µs',
    what: 'CPU of Redis to hand one message to one node',
    from: 'check; 1.5 where it is busy: Centrifugo, 2026',
  },
  commits: {
    value: 3000,
    unit: '1/s',
    what: 'posts PostgreSQL stores for nodes that share one room',
    from: 'bench -- cluster',
  },
  row: {
    value: 400,
    unit: 'bytes',
    what: 'an entry in the database, with its indexes',
    from: 'docs/operations.md',
  },
  connections: {
    value: 11,
    unit: '',
    what: 'connections of a node to PostgreSQL',
    from: 'the pool, and the log',
  },
} as const satisfies Record<string, Cost>;

export type Costs = Readonly<Record<keyof typeof COSTS, Pick<Cost, 'value'>>>;
