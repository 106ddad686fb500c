import { randomUUID } from 'node:crypto';

import type { Request, RequestHandler, Response } from 'express';
import { pinoHttp, startTime } from 'pino-http';

import { cut, type AppLogger } from './logger.js';

const PROBES = /^\/(health\/|metrics$)/;

/**
 * One line for each answered request: id, method, path without its query, status, milliseconds. The id is ours, never
 * the client's; it is on `X-Request-Id` of the answer and on whatever is logged by `request.log`. Probes and files
 * are at debug, so that what people do can be seen.
 */
export function requestLog(logger: AppLogger): RequestHandler {
  return pinoHttp<Request, Response>({
    logger: logger.pino,
    genReqId: (request, response) => {
      const id = randomUUID();
      response.setHeader('X-Request-Id', id);
      return id;
    },
    customAttributeKeys: { reqId: 'id' },
    quietReqLogger: true,
    quietResLogger: true,
    customLogLevel: (request, response, error) => {
      if (error || response.statusCode >= 500) {
        return response.statusCode === 503 ? 'warn' : 'error';
      }
      return PROBES.test(request.path) || isFile(request, response) ? 'debug' : 'info';
    },
    customSuccessMessage: () => 'request',
    customErrorMessage: () => 'request',
    customSuccessObject: describe,
    customErrorObject: (request, response) => ({
      ...describe(request, response),
      ...(response.err ? { err: response.err } : {}),
    }),
  });
}

function describe(request: Request, response: Response): object {
  const [path = ''] = request.originalUrl.split('?', 1);
  return {
    method: request.method,
    path: cut(path, 200),
    status: response.statusCode,
    ms: Date.now() - response[startTime],
  };
}

/** Express names the route of a request that a controller answered; a file has none. */
function isFile(request: Request, response: Response): boolean {
  return request.route === undefined && response.statusCode < 400;
}
