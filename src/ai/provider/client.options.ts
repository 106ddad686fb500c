import type { ClientOptions } from 'openai';

export interface ProviderAddress {
  /** Null: a server that asks for none. */
  readonly apiKey: string | null;
  /** Null: OpenAI's own. */
  readonly baseUrl: string | null;
}

/**
 * What every client of the SDK is made with. Everything that it would otherwise read from the environment is given here; its
 * retries are off, and its log would print pieces of what people wrote.
 */
export function clientOptions({ apiKey, baseUrl }: ProviderAddress): ClientOptions {
  return {
    apiKey: apiKey ?? 'none',
    baseURL: baseUrl ?? 'https://api.openai.com/v1',
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    maxRetries: 0,
    logLevel: 'off',
  };
}
