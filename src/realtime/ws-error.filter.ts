import { Catch, Logger, type ArgumentsHost, type WsExceptionFilter } from '@nestjs/common';
import type { WebSocket } from 'ws';

import { domainErrorOf } from '../common/error-answer.js';
import { nonceOf } from './frame-reader.js';
import { RoomSocket } from './room-socket.js';

/**
 * Turns what a gateway's handler throws into an error frame with the nonce. Nest's own filter would send the client's
 * frame back, and global filters do not reach gateways.
 */
@Catch()
export class WsErrorFilter implements WsExceptionFilter {
  private readonly log = new Logger(WsErrorFilter.name);

  catch(exception: unknown, host: ArgumentsHost): void {
    const socket = RoomSocket.of(host.switchToWs().getClient<WebSocket>());
    const error = domainErrorOf(exception);
    if (error.code === 'internal') {
      this.log.error(exception);
    }
    socket.refuse(error, nonceOf(host.switchToWs().getData<unknown>()));
  }
}
