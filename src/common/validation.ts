import { ValidationPipe, type ArgumentMetadata, type Type, type ValidationError } from '@nestjs/common';

import { DomainError } from './errors.js';
import { isMessageKey, type MessageKey } from './i18n/translate.js';

const LONGEST_PATH = 100;

/**
 * The one pipe for everything that comes in, over HTTP and WebSocket: fields that a DTO does not name are refused, and a
 * refusal names every wrong field. A constraint's `message` is a key of the catalogue; its `context` fills the
 * placeholders.
 */
export function validationPipe(): ValidationPipe {
  return new QuickValidationPipe({
    whitelist: true,
    forbidNonWhitelisted: true,
    transform: true,
    exceptionFactory: (errors) => invalid(errors),
  });
}

/**
 * A DTO of a busy path may have a static `quick`, which answers an instance for what is plainly in order and null for all
 * else. It only ever accepts, and nothing that the decorators would refuse: they alone say what is wrong.
 */
interface QuickDto extends Type {
  quick?: (value: unknown) => object | null;
}

class QuickValidationPipe extends ValidationPipe {
  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    const dto: QuickDto | undefined = metadata.metatype;
    const quick = dto?.quick?.(value);
    if (quick) {
      return quick;
    }
    if (metadata.type !== 'custom') {
      refuseUnstorable(value, metadata);
    }
    return super.transform(value, metadata);
  }
}

/** False for a NUL or half a surrogate pair: one database would store it, and another fail. */
export function isStorable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}

function refuseUnstorable(value: unknown, { type, data = '' }: ArgumentMetadata): void {
  const path = unstorable(value, data);
  if (path !== null) {
    throw type === 'param'
      ? new DomainError('not-found')
      : new DomainError('frame.invalid', { fields: { [path]: 'field.invalid' } });
  }
}

/** Where in a value there is text that cannot be stored; null: nowhere. */
function unstorable(value: unknown, path: string): string | null {
  if (typeof value === 'string') {
    return isStorable(value) ? null : path;
  }
  if (typeof value === 'object' && value !== null) {
    for (const [name, inner] of Object.entries(value)) {
      const found = unstorable(inner, path === '' ? name : `${path}.${name}`);
      if (found !== null) {
        return found.slice(0, LONGEST_PATH);
      }
    }
  }
  return null;
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
