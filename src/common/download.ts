import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import type { Response } from 'express';

export type DownloadFormat = 'json' | 'csv' | 'txt';

const TYPES: Record<DownloadFormat, string> = {
  json: 'application/json; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
  txt: 'text/plain; charset=utf-8',
};

/**
 * Answers with a file that is made while it is sent, as fast as the other side reads. When making it fails half-way the
 * connection breaks, so that nobody takes a part for the whole.
 */
export async function download(
  response: Response,
  name: string,
  format: DownloadFormat,
  chunks: AsyncIterable<string>,
): Promise<void> {
  response.setHeader('Content-Type', TYPES[format]);
  response.setHeader('Content-Disposition', `attachment; filename="${name}.${format}"`);
  response.setHeader('Cache-Control', 'no-store');
  try {
    await pipeline(Readable.from(chunks), response);
  } catch (error) {
    // Whoever leaves before the end is no fault; anything else must be heard of, though the answer is under way.
    if (!(error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE')) {
      response.destroy();
      throw error;
    }
  }
}

/** A JSON array, one item a line. */
export async function* jsonLines(items: AsyncIterable<object>): AsyncGenerator<string> {
  let before = '[\n';
  for await (const item of items) {
    yield before + JSON.stringify(item);
    before = ',\n';
  }
  yield before === '[\n' ? '[]\n' : '\n]\n';
}
