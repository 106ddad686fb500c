import { Logger } from '@nestjs/common';
import { describe, expect, it } from 'vitest';

import { ActionLog } from '../../moderation/actions/action.log.js';
import { loadConfig } from '../../config/app-config.js';
import { DEFAULT_LIMITS } from '../ai.limits.js';
import { ProviderFault } from '../provider/ai-fault.js';
import type { AiProvider } from '../provider/ai-provider.js';
import { AiSettings } from '../settings/ai.settings.js';
import { AiSettingsRepository } from '../settings/settings.repository.js';
import { ModelsService } from './models.service.js';

Logger.overrideLogger(false);

// Nothing is loaded or stored here: the settings are their defaults.
const nothingStored: AiSettingsRepository = Object.create(AiSettingsRepository.prototype);
const nobodyActs: ActionLog = Object.create(ActionLog.prototype);

function setUp(env: Record<string, string>, ...lists: (string[] | ProviderFault)[]) {
  const provider: AiProvider = {
    stream: () => expect.fail('nobody asked for an answer'),
    models: async () => {
      const list = lists.shift() ?? expect.fail('asked too often');
      if (list instanceof ProviderFault) {
        throw list;
      }
      return list.map((id) => ({ id }));
    },
  };
  const config = loadConfig(env);
  return new ModelsService(
    config,
    provider,
    new AiSettings(config, DEFAULT_LIMITS, nothingStored, nobodyActs),
  );
}

describe('the model', () => {
  it('is nobody’s when there is neither a key nor an address', async () => {
    const models = setUp({ OPENAI_MODEL: 'gpt-4o' });
    expect(models.isSetUp).toBe(false);
    await expect(models.current()).rejects.toMatchObject({ code: 'ai.off' });
  });

  it('is the one that was set, without a question', async () => {
    expect(await setUp({ OPENAI_API_KEY: 'k', OPENAI_MODEL: 'mine' }).current()).toBe('mine');
  });

  it('is chosen from the list, which is read once until the model goes missing', async () => {
    const models = setUp({ OPENAI_BASE_URL: 'http://localhost:1' }, ['a', 'gpt-3.5-turbo'], ['b']);
    expect(await Promise.all([models.current(), models.current()])).toEqual([
      'gpt-3.5-turbo',
      'gpt-3.5-turbo',
    ]);
    models.forget();
    expect(await models.current()).toBe('b');
  });

  it('is the seed’s where there is no list', async () => {
    const models = setUp({ OPENAI_API_KEY: 'k' }, new ProviderFault('model-missing'));
    expect(await models.current()).toBe('gpt-3.5-turbo');
  });

  it('is the seed’s while the provider is away, and is asked for again', async () => {
    const models = setUp({ OPENAI_API_KEY: 'k' }, new ProviderFault('unreachable'), ['back']);
    expect(await models.current()).toBe('gpt-3.5-turbo');
    expect(await models.current()).toBe('back');
  });
});

describe('OPENAI_BASE_URL', () => {
  it.each([
    ['http://localhost:11434', 'http://localhost:11434/v1'],
    ['http://localhost:11434/v1/', 'http://localhost:11434/v1'],
    ['https://example.org/openai/v1//', 'https://example.org/openai/v1'],
  ])('%s is %s', (given, read) => {
    expect(loadConfig({ OPENAI_BASE_URL: given }).openaiBaseUrl).toBe(read);
  });

  it.each(['localhost:11434', 'ftp://a', 'http://key@a/v1', 'http://a/v1?key=b'])(
    '%s is refused',
    (given) => {
      expect(() => loadConfig({ OPENAI_BASE_URL: given })).toThrow('OPENAI_BASE_URL');
    },
  );
});
