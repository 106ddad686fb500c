import { Module } from '@nestjs/common';

import { Hub } from './hub.js';

/** The sockets of this node. */
@Module({
  providers: [Hub],
  exports: [Hub],
})
export class RealtimeModule {}
