import { confirm, input, password as secret } from '@inquirer/prompts';
import { NestFactory } from '@nestjs/core';

import { errorBody } from '../common/error-answer.js';
import { DomainError } from '../common/errors.js';
import { translate, type MessageKey } from '../common/i18n/translate.js';
import { adminOfProcess, configOfProcess, localeOfProcess, type AdminInput } from '../config/load-env.js';
import { USERNAME } from '../users/name-rules.js';
import { AdminsService } from './admins.service.js';
import { isPassword } from './dto/is-password.js';
import { InitAdminModule } from './init-admin.module.js';

const config = configOfProcess();
const given = adminOfProcess();
const locale = localeOfProcess();
const canAsk = process.stdin.isTTY && process.stdout.isTTY;
const say = (key: MessageKey, params?: Record<string, string>) => translate(locale, key, params);

/** Something the operator has to put right; the program ends with 1. */
class Stop extends Error {}

const app = await NestFactory.createApplicationContext(InitAdminModule.with(config), { logger: false });
try {
  process.stdout.write(`${await initAdmin(app.get(AdminsService))}\n`);
} catch (error) {
  process.stderr.write(`${explain(error)}\n`);
  process.exitCode = 1;
} finally {
  await app.close();
}

async function initAdmin(admins: AdminsService): Promise<string> {
  const username = await ask('username', () =>
    input({
      message: say('cli.admin.username'),
      validate: (value) => USERNAME.test(value) || say('field.username'),
    }),
  );
  const existing = await admins.find(username);
  if (existing?.role === 'admin') {
    return say('cli.admin.unchanged', { username });
  }
  if (existing) {
    const { nickname } = existing;
    if (given.password !== undefined && !(await admins.owns(username, given.password))) {
      throw new Stop(say('cli.admin.not-yours', { username }));
    }
    if (
      canAsk &&
      !(await confirm({ message: say('cli.admin.promote', { username, nickname }), default: false }))
    ) {
      return say('cli.admin.declined');
    }
    await admins.promote(existing);
    return say('cli.admin.promoted', { username });
  }

  const password = await ask('password', () =>
    secret({
      message: say('cli.admin.password'),
      mask: true,
      validate: (value) => isPassword(value) || say('field.password'),
    }),
  );
  const nickname =
    given.nickname ??
    (canAsk ? await input({ message: say('cli.admin.nickname'), default: username }) : username);
  await admins.create({ username, password, nickname });
  return say('cli.admin.created', { username });
}

async function ask(name: keyof AdminInput, prompt: () => Promise<string>): Promise<string> {
  const value = given[name];
  if (value !== undefined) {
    return value;
  }
  if (!canAsk) {
    throw new Stop(say('cli.admin.missing', { variables: `ADMIN_${name.toUpperCase()}` }));
  }
  return prompt();
}

function explain(error: unknown): string {
  if (error instanceof DomainError) {
    const { message, fields = {} } = errorBody(error, locale);
    return [message, ...Object.entries(fields).map(([field, what]) => `  ${field}: ${what}`)].join('\n');
  }
  // A person who presses Ctrl-C at a prompt needs no stack.
  if (error instanceof Stop || (error instanceof Error && error.name === 'ExitPromptError')) {
    return error.message;
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
