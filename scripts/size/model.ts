import type { Costs } from './costs.js';

/** Who is there, and what they do. Viewers are spread evenly over rooms and nodes; posts come evenly too. */
export interface Load {
  readonly viewers: number;
  readonly rooms: number;
  /** Posts a second in each room. */
  readonly posts: number;
}

/** What one node has to do. */
export interface NodeNeed {
  readonly sockets: number;
  /** How long sends of a room are kept apart, in ms. */
  readonly window: number;
  readonly cores: number;
  readonly megabytes: number;
  readonly gigabits: number;
}

export interface Need {
  readonly nodes: number;
  /** Which of its limits makes a node full. */
  readonly limit: 'CPU' | 'sockets' | 'memory' | 'network';
  readonly node: NodeNeed;
  readonly gigabits: number;
  readonly redis: { readonly messages: number; readonly cores: number; readonly gigabits: number };
  readonly postgres: {
    readonly rows: number;
    /** Of what one server was seen to store; above 1 it is not enough. */
    readonly share: number;
    readonly connections: number;
    readonly gigabytesADay: number;
  };
  /** Until everybody is back, in seconds: of one node that died, and of all that were restarted at once. */
  readonly back: { readonly afterOne: number; readonly afterAll: number };
}

/** The fan-out's window as `src/realtime/channel.ts` has it. */
export function windowOf(sockets: number): number {
  return Math.min(200, Math.max(10, sockets * 0.1));
}

/** What one of so many nodes has to do. */
export function nodeNeed({ viewers, rooms, posts }: Load, nodes: number, costs: Costs): NodeNeed {
  const sockets = viewers / nodes;
  const here = viewers / rooms / nodes;
  const window = windowOf(here);
  // In a quiet room every post is a frame of its own; in a busy one a window is.
  const frames = Math.min(posts, 1000 / window);
  const heard = rooms * posts * isOpen(here) * (1 - 1 / nodes);
  const microseconds =
    sockets * (frames * costs.frame.value + posts * costs.entry.value + costs.idle.value) +
    heard * costs.heard.value +
    ((rooms * posts) / nodes) * costs.post.value;
  const bytes = sockets * (frames * costs.packet.value + posts * costs.wire.value);
  return {
    sockets,
    window,
    cores: (nodes > 1 ? costs.beat.value : 0) + microseconds / 1e6,
    megabytes: costs.node.value + (sockets * costs.socket.value) / 1024,
    gigabits: (bytes * 8) / 1e9,
  };
}

/** What a load needs: the fewest nodes of which none is full, and what they ask of the rest. */
export function need(load: Load, costs: Costs): Need {
  let nodes = 1;
  let full: Need['limit'] = 'CPU';
  for (let limit = limitOf(load, nodes, costs); limit !== null; limit = limitOf(load, nodes, costs)) {
    full = limit;
    nodes++;
    if (nodes > 10_000) {
      throw new RangeError('No number of nodes is enough: each hears more than it can take.');
    }
  }
  const { viewers, rooms, posts } = load;
  const node = nodeNeed(load, nodes, costs);
  const rows = rooms * posts;
  const messages = nodes === 1 ? 0 : rows * nodes * isOpen(viewers / rooms / nodes);
  return {
    nodes,
    limit: full,
    node,
    gigabits: node.gigabits * nodes,
    redis: {
      messages,
      cores: (messages * costs.redis.value) / 1e6,
      gigabits: (messages * costs.wire.value * 8) / 1e9,
    },
    postgres: {
      rows,
      share: rows / costs.commits.value,
      connections: nodes * costs.connections.value,
      gigabytesADay: (rows * 86_400 * costs.row.value) / 1e9,
    },
    back: {
      afterOne: node.sockets / Math.max(1, nodes - 1) / costs.handshakes.value,
      afterAll: node.sockets / costs.handshakes.value,
    },
  };
}

function limitOf(load: Load, nodes: number, costs: Costs): Need['limit'] | null {
  const { cores, sockets, megabytes, gigabits } = nodeNeed(load, nodes, costs);
  if (cores > costs.share.value) {
    return 'CPU';
  }
  if (sockets > costs.sockets.value) {
    return 'sockets';
  }
  if (megabytes > costs.memory.value) {
    return 'memory';
  }
  return gigabits > costs.link.value ? 'network' : null;
}

/** The share of the rooms that somebody has open at a node, when so many of each room are to be expected there. */
function isOpen(here: number): number {
  return 1 - Math.exp(-here);
}
