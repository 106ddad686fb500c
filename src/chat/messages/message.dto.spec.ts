import { expect, it } from 'vitest';

import { validationPipe } from '../../common/validation.js';
import { SayDto } from './message.dto.js';

/** The general check alone, without the quick one. */
class GeneralDto extends SayDto {
  static override quick = () => null;
}

const general = (value: unknown) =>
  validationPipe()
    .transform(structuredClone(value), { type: 'body', metatype: GeneralDto })
    .then(
      (dto: unknown) => ({ ...Object(dto) }),
      () => null,
    );

const text = 'hello';
const nonce = 'nonce-0001';

it('accepts the plainest message, and as the general check would give it', async () => {
  const quick = SayDto.quick({ text, nonce });

  expect(quick).toBeInstanceOf(SayDto);
  expect({ ...quick }).toEqual(await general({ text, nonce }));
});

it.each([
  undefined,
  null,
  'text',
  [],
  {},
  { text },
  { nonce },
  { text: 5, nonce },
  { text: null, nonce },
  { text: 'a'.repeat(16_385), nonce },
  { text: '\uD800', nonce },
  { text: 'a\0b', nonce },
  { text, nonce: 'short' },
  { text, nonce: 'n'.repeat(65) },
  { text, nonce: 12_345_678 },
  { text, nonce, extra: 1 },
  { text, nonce, kind: 'ai' },
  { text, nonce, replyTo: 0 },
])('leaves what is not plain to the general check: %j', async (value) => {
  expect(SayDto.quick(value)).toBeNull();
  expect(await general(value)).toBeNull();
});

it.each([
  { text: '', nonce },
  { text: 'a'.repeat(16_384), nonce },
  { text, nonce: '_-_-_-_-' },
  { text, nonce: 'n'.repeat(64) },
])('accepts nothing that the general check refuses: %j', async (value) => {
  expect(SayDto.quick(value)).toMatchObject(value);
  expect(await general(value)).toMatchObject(value);
});
