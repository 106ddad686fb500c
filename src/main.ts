import { Logger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';

import { AppModule } from './app.module.js';
import { APP_OPTIONS, configureApp } from './app.setup.js';
import { AppLogger } from './common/logger.js';
import { configOfProcess } from './config/load-env.js';

const config = configOfProcess();
const app = await NestFactory.create<NestExpressApplication>(AppModule.with(config), {
  ...APP_OPTIONS,
  // From the first line on, so that a start that fails is told in the same form.
  bufferLogs: false,
  logger: new AppLogger(config.logLevel),
});
configureApp(app);
// Exit code 0: an orderly end is no failure to whoever supervises the process.
app.enableShutdownHooks(['SIGTERM', 'SIGINT'], { useProcessExit: true });
await app.listen(config.port, config.host);

const port = Number(new URL(await app.getUrl()).port);
new Logger('Server').log({ msg: 'listening', port, url: config.publicUrl ?? `http://localhost:${port}` });
