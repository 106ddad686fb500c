import type { LogFrame } from './ring.js';
import { textFrame } from './text-frame.js';

const FRAME_BYTES = 64 * 1024;

/** Whether somebody sees an entry, and whether it is marked as one that others do not. */
export type Sight = boolean | 'marked';

/** Whoever a frame is for. */
export interface Reader<Entry> {
  /** How this viewer sees a restricted entry. */
  sees(entry: Entry): Sight;
}

/** A frame of the log as somebody gets it. */
export function jsonFor<Entry>(frame: LogFrame<Entry>, sight: Sight): string {
  if (!sight) {
    return withheldJson(frame.seq);
  }
  return sight === 'marked' ? (frame.marked ?? frame.json) : frame.json;
}

/** As many of the frames as fit into one WebSocket frame; at least one. */
export function cut<Entry>(frames: LogFrame<Entry>[]): LogFrame<Entry>[] {
  let bytes = 0;
  const end = frames.findIndex(({ json }, index) => {
    bytes += Buffer.byteLength(json) + 1;
    return bytes > FRAME_BYTES && index > 0;
  });
  return end === -1 ? frames : frames.slice(0, end);
}

/** The same bytes for all who may see the same entries; built once for each such group. */
export function sharedFrames<Entry>(frames: LogFrame<Entry>[]): (reader: Reader<Entry>) => Buffer {
  const restricted = frames.filter((frame) => frame.restricted);
  if (restricted.length === 0) {
    const frame = textFrame(batchOf(frames.map(({ json }) => json)));
    return () => frame;
  }
  const built = new Map<string, Buffer>();
  return (reader) => {
    const sights = new Map(restricted.map(({ seq, entry }) => [seq, reader.sees(entry)]));
    const group = [...sights.values()].join();
    let frame = built.get(group);
    if (!frame) {
      frame = textFrame(batchOf(frames.map((one) => jsonFor(one, sights.get(one.seq) ?? true))));
      built.set(group, frame);
    }
    return frame;
  };
}

function batchOf(events: string[]): string {
  return events.length === 1 ? events[0]! : `{"event":"batch","data":{"events":[${events.join(',')}]}}`;
}

/** The place of an entry that a viewer may not see: it keeps the viewer's sequence dense. */
function withheldJson(seq: number): string {
  return `{"event":"message.withheld","data":{"seq":${seq}}}`;
}
