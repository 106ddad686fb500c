import { IsInt, IsString, MaxLength, ValidateNested } from 'class-validator';
import { Type } from 'class-transformer';
import { expect, it } from 'vitest';

import { errorBody } from './error-answer.js';
import { validationPipe } from './validation.js';
import type { DomainError } from './errors.js';

class Inner {
  @IsInt({ message: 'a sentence that is no key' })
  size: number;
}

class Outer {
  @IsString({ message: 'field.nickname' })
  name: string;

  @IsString()
  @MaxLength(3, { message: 'field.text', context: { limit: 3 } })
  note: string;

  @Type(() => Inner)
  @ValidateNested()
  inner: Inner;
}

const refusal = (body: unknown): Promise<DomainError> =>
  validationPipe()
    .transform(body, { type: 'body', metatype: Outer })
    .then(() => expect.fail('accepted'))
    .catch((error: DomainError) => error);

it('names every wrong field, each with the sentence that fits', async () => {
  const error = await refusal({ name: 5, note: 'abcd', inner: { size: 'x' }, role: 'admin' });

  expect(error.fields).toEqual({
    name: 'field.nickname',
    note: 'field.text',
    'inner.size': 'field.invalid',
    role: 'field.unknown',
  });
  expect(errorBody(error, 'en').fields).toMatchObject({ note: 'A text of at most 3 characters.' });
});

it('asks for what is missing', async () => {
  expect((await refusal(undefined)).fields).toMatchObject({ name: 'field.required', note: 'field.required' });
});

it.each(['a\0b', 'half \ud83d'])('refuses what no database holds, however deep it is: %j', async (text) => {
  expect((await refusal({ name: 'a', note: 'b', inner: { size: text } })).fields).toEqual({
    'inner.size': 'field.invalid',
  });
  await expect(
    validationPipe().transform(text, { type: 'param', metatype: String, data: 'slug' }),
  ).rejects.toMatchObject({ code: 'not-found' });
});
