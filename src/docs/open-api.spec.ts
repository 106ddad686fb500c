import { Body, Controller, Get, Module, Param, Post, Query } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { IsIn, IsInt, IsOptional, IsString, Length, Max, Min } from 'class-validator';
import { expect, it } from 'vitest';

import { Answers } from '../common/answers.decorator.js';
import { Form, Public, Roles } from '../common/decorators.js';
import { openApiOf } from './open-api.js';

class CreateCupDto {
  @IsString()
  @Length(2, 20)
  name: string;

  @IsOptional()
  @IsIn(['tea', 'coffee'])
  filling?: 'tea' | 'coffee';
}

class CupsQuery {
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(200)
  limit?: number;
}

@Controller('cups')
class CupsController {
  @Public()
  @Answers('List the cups', { 200: { cups: ['Room'] } })
  @Get()
  list(@Query() _query: CupsQuery) {}

  @Roles('admin')
  @Form({ view: 'cups', next: '/cups' })
  @Answers('Make a cup', { 201: { cup: 'Room' } }, 'name.taken')
  @Post()
  create(@Body() _body: CreateCupDto) {}

  @Public()
  @Get(':id/page')
  page(@Param('id') _id: string) {}
}

@Module({ controllers: [CupsController] })
class CupsModule {}

it('describes inputs by their rules, answers by the decorator, and leaves pages out', async () => {
  const testing = await Test.createTestingModule({ imports: [CupsModule] }).compile();
  const app = testing.createNestApplication();
  const { paths, components } = openApiOf(app);
  await app.close();

  expect(Object.keys(paths)).toEqual(['/cups']);
  const { get, post } = paths['/cups']!;
  expect(get).toMatchObject({
    summary: 'List the cups',
    parameters: [
      { name: 'limit', in: 'query', required: false, schema: { type: 'integer', minimum: 1, maximum: 200 } },
    ],
  });
  expect(Object.keys(get!.responses)).toEqual(['200', '400', '500']);
  expect(get!.security).toBeUndefined();

  expect(components!.schemas!['CreateCupDto']).toEqual({
    type: 'object',
    properties: {
      name: { type: 'string', minLength: 2, maxLength: 20 },
      filling: { type: 'string', enum: ['tea', 'coffee'] },
    },
    required: ['name'],
  });
  expect(Object.keys(post!.responses)).toEqual([
    '201',
    '303',
    '400',
    '401',
    '403',
    '409',
    '413',
    '415',
    '500',
  ]);
  expect(post!.responses['403']).toMatchObject({ description: '`auth.forbidden` · `csrf`' });
  expect(post!.requestBody).toHaveProperty(['content', 'application/x-www-form-urlencoded']);
  expect(post!.security).toEqual([{ session: [] }]);
});
