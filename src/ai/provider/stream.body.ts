import { ProviderFault } from './ai-fault.js';

/** What the bytes of a stream showed, beyond what its events say. */
export interface Seen {
  /** The mark with which the provider says that nothing is missing. */
  done: boolean;
}

const DONE = /(?:^|[\r\n])data: ?\[DONE\]/;
/** Events of another API, whose data the SDK prints when they are broken. */
const FOREIGN = /(?:^|[\r\n])event: ?thread\./;
/** Ends of events, of whatever line breaks a server makes them. */
const BLANKS = ['\n\n', '\r\n\r\n', '\r\r'];
const TAIL = 16;
/** More than the longest answer in one piece, escaped; the SDK's parser takes quadratic time over a longer event. */
const EVENT_BYTES = 512 * 1024;
/** Far more than the longest answer takes, whatever a server sends around it. */
const STREAM_BYTES = 32 * 1024 * 1024;
/** More of an error, or of a list of models, nobody reads. */
const ANSWER_BYTES = 1024 * 1024;

/** `fetch`, but for answers that are no stream: whatever a server sends, only the beginning is taken. */
export async function boundedFetch(input: string | URL | Request, init?: RequestInit): Promise<Response> {
  const response = await fetch(input, { ...init, redirect: 'manual' });
  const isStream = response.ok && /event-stream/i.test(response.headers.get('content-type') ?? '');
  if (isStream || !response.body) {
    return response;
  }
  const { status, statusText, headers } = response;
  return new Response(response.body.pipeThrough(limit(ANSWER_BYTES)), { status, statusText, headers });
}

function limit(most: number): TransformStream<Uint8Array, Uint8Array> {
  let bytes = 0;
  return new TransformStream({
    transform(chunk, controller) {
      bytes += chunk.byteLength;
      if (bytes > most) {
        controller.error(new ProviderFault('bad-response'));
      } else {
        controller.enqueue(chunk);
      }
    },
  });
}

/**
 * The response with a body that is safe to give to the SDK's parser: it throws away an event that is not followed by an
 * empty line, takes a log-in page with status 200 for a stream of nothing, and reads one endless event over and over.
 * Rejects with `bad-response`.
 */
export function guardedStream(response: Response, seen: Seen): Response {
  const type = response.headers.get('content-type') ?? '';
  if (!response.body || /html|application\/json/i.test(type)) {
    void response.body?.cancel().catch(() => undefined);
    throw new ProviderFault('bad-response');
  }
  let tail = '\n';
  let unended = 0;
  const guard = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      const text = tail + Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString('latin1');
      const blank = Math.max(...BLANKS.map((end) => text.lastIndexOf(end)));
      unended = blank === -1 ? unended + chunk.byteLength : text.length - blank;
      if (unended > EVENT_BYTES || FOREIGN.test(text)) {
        controller.error(new ProviderFault('bad-response'));
        return;
      }
      seen.done ||= DONE.test(text);
      tail = text.slice(-TAIL);
      controller.enqueue(chunk);
    },
    flush(controller) {
      controller.enqueue(new TextEncoder().encode('\n\n'));
    },
  });
  return new Response(response.body.pipeThrough(limit(STREAM_BYTES)).pipeThrough(guard), {
    headers: response.headers,
  });
}
