import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { getMetadataStorage } from 'class-validator';

/** What a rule of class-validator says in the words of JSON Schema; rules without such words are left out. */
const RULES: Record<string, (...constraints: unknown[]) => Record<string, unknown>> = {
  isString: () => ({ type: 'string' }),
  isNumber: () => ({ type: 'number' }),
  isInt: () => ({ type: 'integer' }),
  isBoolean: () => ({ type: 'boolean' }),
  isUuid: () => ({ format: 'uuid' }),
  isUrl: () => ({ format: 'uri' }),
  isIn: (values) => ({ enum: values }),
  isEnum: (values) => ({ enum: Object.values(Object(values)) }),
  min: (minimum) => ({ minimum }),
  max: (maximum) => ({ maximum }),
  isLength: (minLength, maxLength) => ({ minLength, ...(maxLength === undefined ? {} : { maxLength }) }),
  minLength: (minLength) => ({ minLength }),
  maxLength: (maxLength) => ({ maxLength }),
  matches: (pattern) => ({ pattern: pattern instanceof RegExp ? pattern.source : String(pattern) }),
};

/**
 * Tells @nestjs/swagger about the fields of an input class from the rules that check it, so that the document cannot
 * say something else than what is enforced. Doing it twice to a class changes nothing.
 */
export function describeDto(dto: Function): void {
  const rules = getMetadataStorage().getTargetValidationMetadatas(dto, '', false, false);
  for (const property of new Set(rules.map(({ propertyName }) => propertyName))) {
    const own = rules.filter(({ propertyName }) => propertyName === property);
    const facts = own.map(({ name, constraints }) => RULES[name ?? '']?.(...(constraints ?? [])) ?? {});
    const required = !own.some(({ type }) => type === 'conditionalValidation');
    const options: ApiPropertyOptions = Object.assign({ required }, ...facts);
    ApiProperty(options)(dto.prototype, property);
  }
}
