import { DataSource } from 'typeorm';

import { translate } from '../common/i18n/translate.js';
import { configOfProcess, localeOfProcess } from '../config/load-env.js';
import { dataSourceOptions } from './data-source.js';

const config = configOfProcess();
const locale = localeOfProcess();
const dataSource = await new DataSource(dataSourceOptions(config)).initialize();
try {
  const done = await dataSource.runMigrations();
  const lines = done.map(({ name }) => translate(locale, 'cli.migrate.done', { name }));
  process.stdout.write(`${lines.join('\n') || translate(locale, 'cli.migrate.nothing')}\n`);
} finally {
  await dataSource.destroy();
}
