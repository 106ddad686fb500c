import type { ReferenceObject, SchemaObject } from '@nestjs/swagger';

import type { ViewName } from '../common/answers.decorator.js';
import { ERROR_STATUS } from '../protocol/error-codes.js';
import type { AckData, EntryFrame, PostedMessage } from '../protocol/frames.js';
import type {
  AuthorView,
  ConversationView,
  PresenceView,
  RoomSettings,
  RoomView,
  SessionView,
  UserView,
} from '../protocol/views.js';

type Schema = SchemaObject | ReferenceObject;
type OptionalKeys<View> = { [Key in keyof View]-?: undefined extends View[Key] ? Key : never }[keyof View];

export const refTo = (name: string): ReferenceObject => ({ $ref: `#/components/schemas/${name}` });
const orNull = (schema: Schema): SchemaObject => ({ anyOf: [schema, { type: 'null' }] });

const text: SchemaObject = { type: 'string' };
const flag: SchemaObject = { type: 'boolean' };
const count: SchemaObject = { type: 'integer', minimum: 0 };
const seq: SchemaObject = { type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER };
const uuid: SchemaObject = { type: 'string', format: 'uuid' };
const instant: SchemaObject = { type: 'string', format: 'date-time' };
const hue: SchemaObject = { type: 'integer', minimum: 0, maximum: 359 };
const role: SchemaObject = { type: 'string', enum: ['user', 'moderator', 'admin'] };
const always: SchemaObject = { type: 'boolean', enum: [true] };

const answer: SchemaObject = {
  type: 'object',
  properties: {
    status: {
      type: 'string',
      enum: ['complete', 'stopped', 'truncated', 'filtered', 'failed', 'interrupted'],
    },
  },
};

/** The schema of a view. The compiler demands every field of the type, and that the optional ones are named. */
function view<View>(
  properties: { [Key in keyof View]-?: Schema },
  ...optional: OptionalKeys<View>[]
): SchemaObject {
  const left = new Set<PropertyKey>(optional);
  return {
    type: 'object',
    properties,
    required: Object.keys(properties).filter((name) => !left.has(name)),
  };
}

type EntryData<Event extends EntryFrame['event']> = Extract<EntryFrame, { event: Event }>['data'];

function entry(event: EntryFrame['event'], data: Schema): SchemaObject {
  return {
    type: 'object',
    required: ['event', 'data'],
    properties: { event: { type: 'string', enum: [event] }, data },
  };
}

const settings = view<RoomSettings>({
  textLimit: { type: 'integer', minimum: 1, maximum: 500 },
  noticesUpTo: count,
});

const entries: Record<EntryFrame['event'], SchemaObject> = {
  'message.posted': entry('message.posted', refTo('Message')),
  'message.removed': entry(
    'message.removed',
    view<EntryData<'message.removed'>>({
      seq,
      target: seq,
      by: { type: 'string', enum: ['author', 'staff'] },
      at: instant,
    }),
  ),
  'message.changed': entry(
    'message.changed',
    view<EntryData<'message.changed'>>({ seq, target: seq, text, at: instant, ai: answer }, 'ai'),
  ),
  'message.restored': entry(
    'message.restored',
    view<EntryData<'message.restored'>>({
      seq,
      target: seq,
      text,
      by: { type: 'string', enum: ['staff'] },
      at: instant,
    }),
  ),
  'message.withheld': entry('message.withheld', view<EntryData<'message.withheld'>>({ seq })),
  'room.changed': entry(
    'room.changed',
    view<EntryData<'room.changed'>>(
      {
        seq,
        settings: { ...settings, required: [] },
        title: text,
        embed: orNull(text),
        archived: flag,
        at: instant,
      },
      'settings',
      'title',
      'embed',
      'archived',
    ),
  ),
  'room.cleared': entry('room.cleared', view<EntryData<'room.cleared'>>({ seq, upTo: count, at: instant })),
  'user.sanctioned': entry(
    'user.sanctioned',
    view<EntryData<'user.sanctioned'>>(
      {
        seq,
        user: view<EntryData<'user.sanctioned'>['user']>({ id: uuid, nickname: text }),
        action: { type: 'string', enum: ['timeout', 'ban', 'lift'] },
        until: instant,
        at: instant,
      },
      'until',
    ),
  ),
};

/** Every named schema of the document. */
export const SCHEMAS: Record<ViewName | 'Author' | 'Message' | 'Error', SchemaObject> = {
  User: view<UserView>(
    {
      id: uuid,
      username: { ...text, description: 'Only about oneself.' },
      nickname: text,
      role,
      locale: orNull({ type: 'string', enum: ['ko', 'en'], description: 'Only about oneself.' }),
      color: { ...hue, description: 'A hue, stable for the person.' },
    },
    'username',
    'locale',
  ),
  Conversation: view<ConversationView>(
    {
      id: uuid,
      title: text,
      createdAt: instant,
      updatedAt: instant,
      match: view<NonNullable<ConversationView['match']>>({ seq, text }),
    },
    'match',
  ),
  Session: view<SessionView>({ id: text, current: flag, agent: text, createdAt: instant, seenAt: instant }),
  Presence: view<PresenceView>(
    { count: { ...count, description: 'People.' }, sockets: count, approx: always },
    'approx',
  ),
  Room: view<RoomView>({
    slug: text,
    title: text,
    kind: { type: 'string', enum: ['chat', 'stream', 'assistant'] },
    settings,
    embed: orNull(text),
    archived: flag,
    presence: refTo('Presence'),
  }),
  Author: view<AuthorView>({
    id: text,
    nickname: text,
    role: { type: 'string', enum: ['user', 'moderator', 'admin', 'ai'] },
    color: hue,
  }),
  Message: view<PostedMessage>(
    {
      seq,
      id: uuid,
      kind: { type: 'string', enum: ['chat', 'admin', 'ai', 'system'] },
      author: orNull(refTo('Author')),
      text: { ...orNull(text), description: 'Null once the message is removed.' },
      at: instant,
      nonce: text,
      replyTo: seq,
      ai: answer,
      removed: always,
    },
    'nonce',
    'replyTo',
    'ai',
    'removed',
  ),
  Entry: {
    oneOf: Object.values(entries),
    description: 'A place of a room’s log, exactly as on the WebSocket.',
  },
  Posted: view<Omit<AckData, 'nonce'>>({ seq, id: uuid, at: instant, dup: always }, 'dup'),
  Count: count,
  Flag: flag,
  Text: text,
  Error: {
    type: 'object',
    required: ['error'],
    properties: {
      error: {
        type: 'object',
        required: ['code', 'message'],
        properties: {
          code: { type: 'string', enum: Object.keys(ERROR_STATUS) },
          message: { type: 'string', description: 'A sentence for people, in the caller’s language.' },
          fields: {
            type: 'object',
            additionalProperties: text,
            description: 'Field name to what is wrong with it.',
          },
        },
      },
    },
  },
};
