import type { INestApplication } from '@nestjs/common';
import {
  DocumentBuilder,
  SwaggerModule,
  type OpenAPIObject,
  type ReferenceObject,
  type SchemaObject,
} from '@nestjs/swagger';

import type { AnswersOfRoute, Shape } from '../common/answers.decorator.js';
import { ERROR_STATUS, type ErrorCode } from '../protocol/error-codes.js';
import { describeDto } from './dto-schemas.js';
import { idOf, routesOf, type Route } from './routes.js';
import { refTo, SCHEMAS } from './view-schemas.js';

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;
const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;
const FORM = 'application/x-www-form-urlencoded';

const DESCRIPTION = `The HTTP side of Madang. Messages live on WebSockets: their frames, the rule a client follows to lose and
double nothing, close codes, limits and promises are in [the protocol](/docs/protocol).

Log in by \`POST /user/login\` and send the cookie. A browser's request that changes something must come from this
site (\`Sec-Fetch-Site\`, \`Origin\`). Every refusal is an \`Error\`; its \`code\` is stable, its \`message\` is in the
language of the account, or of \`Accept-Language\`.`;

/**
 * The OpenAPI document of a running app, made from its controllers: paths and inputs as @nestjs/swagger finds them,
 * bodies from the rules that check them, answers from `@Answers`. Routes without `@Answers` are pages, and left out.
 */
export function openApiOf(app: INestApplication): OpenAPIObject {
  const routes = routesOf(app);
  for (const { inputs } of routes.values()) {
    inputs.forEach(describeDto);
  }
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Madang')
    .setDescription(DESCRIPTION)
    .setVersion('1')
    .setExternalDoc('The WebSocket protocol', '/docs/protocol')
    .addCookieAuth(
      'sid',
      { type: 'apiKey', in: 'cookie', description: '`__Host-sid` when served by https.' },
      'session',
    )
    .build();
  const document = SwaggerModule.createDocument(app, config, { operationIdFactory: idOf });
  document.components = { ...document.components, schemas: { ...document.components?.schemas, ...SCHEMAS } };

  for (const [path, item] of Object.entries(document.paths)) {
    for (const method of METHODS) {
      const operation = item[method];
      const route = operation && routes.get(operation.operationId ?? '');
      if (operation && route?.answers) {
        complete(operation, route, route.answers, method !== 'get');
      } else {
        delete item[method];
      }
    }
    if (Object.keys(item).length === 0) {
      delete document.paths[path];
    }
  }
  return document;
}

function complete(
  operation: Operation,
  route: Route,
  { summary, answers, errors }: AnswersOfRoute,
  changes: boolean,
): void {
  operation.summary = summary;
  operation.responses = {};
  for (const [status, shape] of Object.entries(answers)) {
    operation.responses[status] = {
      description: status === '204' ? 'Done.' : 'The answer.',
      ...(shape === null ? {} : { content: { 'application/json': { schema: schemaOf(shape) } } }),
    };
  }
  if (!route.isPublic) {
    operation.security = [{ session: [] }];
  }

  const body = operation.requestBody;
  if (route.isForm) {
    operation.responses['303'] = {
      description: 'The answer to a form: to `next`, or to where the success belongs.',
    };
    if (body && 'content' in body) {
      body.content[FORM] = { ...body.content['application/json'] };
    }
  }

  const all: ErrorCode[] = [
    ...errors,
    ...(route.isPublic ? [] : (['auth.required'] as const)),
    ...(route.role === undefined ? [] : (['auth.forbidden'] as const)),
    ...(changes ? (['csrf'] as const) : []),
    ...(body ? (['frame.malformed', 'frame.invalid', 'body.too-large', 'body.unsupported'] as const) : []),
    ...((operation.parameters ?? []).some((parameter) => 'in' in parameter && parameter.in === 'query')
      ? (['frame.invalid'] as const)
      : []),
    'internal',
  ];
  for (const code of new Set(all)) {
    addError(operation, code);
  }
}

function addError({ responses }: Operation, code: ErrorCode): void {
  const status = String(ERROR_STATUS[code]);
  const known = responses[status];
  if (known && 'description' in known) {
    known.description += ` · \`${code}\``;
    return;
  }
  responses[status] = {
    description: `\`${code}\``,
    content: { 'application/json': { schema: refTo('Error') } },
    ...(status === '429'
      ? { headers: { 'Retry-After': { schema: { type: 'integer' }, description: 'Seconds.' } } }
      : {}),
  };
}

function schemaOf(shape: Shape): SchemaObject | ReferenceObject {
  if (typeof shape === 'string') {
    return refTo(shape);
  }
  if (Array.isArray(shape)) {
    return { type: 'array', items: schemaOf(shape[0]) };
  }
  const fields = Object.entries(shape).map(([name, inner]) => [name, schemaOf(inner)]);
  return { type: 'object', properties: Object.fromEntries(fields), required: Object.keys(shape) };
}
