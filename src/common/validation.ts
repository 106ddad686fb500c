import { ValidationPipe, type ValidationError } from '@nestjs/common';

import { DomainError } from './errors.js';
import { isMessageKey, type MessageKey } from './i18n/translate.js';

/**
 * The one pipe for everything that comes in, over HTTP and WebSocket: fields that a DTO does not name are refused, and a
 * refusal names every wrong field. A constraint's `message` is a key of the catalogue; its `context` fills the
 * placeholders.
 */
export function validationPipe(): ValidationPipe {
  return new ValidationPipe({
    whitelist: true,
    forbidNonWhitelisted: true,
    transform: true,
    exceptionFactory: (errors) => invalid(errors),
  });
}

/** What is wrong with which field; a field inside another is named by its path, `settings.textLimit`. */
export function invalid(errors: readonly ValidationError[]): DomainError {
  const fields: Record<string, MessageKey> = {};
  const params: Record<string, string | number> = {};
  collect(errors, '', fields, params);
  return new DomainError('frame.invalid', { fields, params });
}

function collect(
  errors: readonly ValidationError[],
  path: string,
  fields: Record<string, MessageKey>,
  params: Record<string, string | number>,
): void {
  for (const error of errors) {
    const name = path + error.property.slice(0, 100);
    if (error.constraints) {
      // Object.defineProperty: a field called `__proto__` must stay a field.
      Object.defineProperty(fields, name, { value: messageOf(error), enumerable: true, configurable: true });
      Object.assign(params, ...Object.values(error.contexts ?? {}));
    }
    collect(error.children ?? [], `${name}.`, fields, params);
  }
}

function messageOf({ constraints = {}, value }: ValidationError): MessageKey {
  if ('whitelistValidation' in constraints) {
    return 'field.unknown';
  }
  if (value === undefined || value === null || value === '') {
    return 'field.required';
  }
  return Object.values(constraints).find(isMessageKey) ?? 'field.invalid';
}
