import { translate } from '../common/i18n/translate.js';
import { configOfProcess, localeOfProcess } from '../config/load-env.js';
import { runMigrations } from './run-migrations.js';

const config = configOfProcess();
const locale = localeOfProcess();
const done = await runMigrations(config);
const lines = done.map((name) => translate(locale, 'cli.migrate.done', { name }));
process.stdout.write(`${lines.join('\n') || translate(locale, 'cli.migrate.nothing')}\n`);
