import { existsSync } from 'node:fs';
import { loadEnvFile } from 'node:process';

import type { Locale } from '../protocol/views.js';
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

/** Who `npm run init-admin` is about; what is missing is asked for, if there is somebody to ask. */
export interface AdminInput {
  username: string | undefined;
  password: string | undefined;
  nickname: string | undefined;
}

/** The administrator's name and password from the environment, read after `configOfProcess`. */
export function adminOfProcess(): AdminInput {
  const { ADMIN_USERNAME, ADMIN_PASSWORD, ADMIN_NICKNAME } = process.env;
  return {
    username: ADMIN_USERNAME || undefined,
    password: ADMIN_PASSWORD || undefined,
    nickname: ADMIN_NICKNAME || undefined,
  };
}

/** The language of the terminal. */
export function localeOfProcess(): Locale {
  const { LC_ALL, LC_MESSAGES, LANG } = process.env;
  return (LC_ALL || LC_MESSAGES || LANG || '').startsWith('ko') ? 'ko' : 'en';
}
