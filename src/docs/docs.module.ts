import { Module } from '@nestjs/common';

import { ProtocolController } from './protocol.controller.js';

/** The contract, for people who write clients; `setupDocs` adds the OpenAPI part. */
@Module({ controllers: [ProtocolController] })
export class DocsModule {}
