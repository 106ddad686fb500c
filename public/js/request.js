/**
 * @import { ErrorData } from '../../src/protocol/frames.js'
 * @import { Translate } from './strings.js'
 */

/** @typedef {Pick<ErrorData, 'message' | 'fields'> & { code?: string }} Refusal */

/**
 * Asks the HTTP API for a change; sends no body when there is nothing to say. A file is sent as it is.
 * @param {string} method
 * @param {string} path
 * @param {Record<string, unknown> | File} body
 * @param {Translate} t
 * @returns {Promise<Refusal | null>} null: done
 */
export async function request(method, path, body, t) {
  const isFile = body instanceof File;
  const hasBody = isFile || Object.keys(body).length > 0;
  const type = isFile ? body.type || 'application/octet-stream' : 'application/json';
  try {
    const answer = await fetch(path, {
      method,
      headers: { Accept: 'application/json', ...(hasBody && { 'Content-Type': type }) },
      ...(hasBody && { body: isFile ? body : JSON.stringify(body) }),
    });
    if (answer.ok) {
      return null;
    }
    /** @type {{ error?: ErrorData }} */
    const { error } = await answer.json().catch(() => ({}));
    return error ?? { message: t('form.failed') };
  } catch {
    return { message: t('form.offline') };
  }
}
