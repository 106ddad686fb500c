import { existsSync } from 'node:fs';
import { loadEnvFile } from 'node:process';

import { ConfigError, loadConfig, type AppConfig } from './app-config.js';

/**
 * The configuration of this process: `.env` is read when there, the environment wins. Faults are printed all at
 * once and end the process, before anything has been opened.
 */
export function configOfProcess(): AppConfig {
  if (existsSync('.env')) {
    loadEnvFile('.env');
  }
  try {
    return loadConfig(process.env);
  } catch (error) {
    if (error instanceof ConfigError) {
      process.stderr.write(`${error.message}\n`);
      process.exit(1);
    }
    throw error;
  }
}
