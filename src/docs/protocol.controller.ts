import { readFile } from 'node:fs/promises';

import { Controller, Get, Header } from '@nestjs/common';

import { Public } from '../common/decorators.js';

/** The same depth below `src` and `dist`. */
const PROTOCOL = new URL('../../docs/protocol.md', import.meta.url);

/** The public contract as a text that reads well in a browser. */
@Public()
@Controller('docs/protocol')
export class ProtocolController {
  @Get()
  @Header('Content-Type', 'text/plain; charset=utf-8')
  read(): Promise<string> {
    return readFile(PROTOCOL, 'utf8');
  }
}
