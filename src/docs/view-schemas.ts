import type { ReferenceObject, SchemaObject } from '@nestjs/swagger';

import type { ViewName } from '../common/answers.decorator.js';
import { ERROR_STATUS } from '../protocol/error-codes.js';
import type {
  AckData,
  EmoteChanges,
  EventSessionView,
  RaidedView,
  EntryFrame,
  PostedMessage,
} from '../protocol/frames.js';
import { ACTION_KINDS, AI_WATCHES, REPORT_REASONS } from '../protocol/views.js';
import type {
  ActionView,
  AddressBanView,
  AiModelView,
  AiPersonUsageView,
  AiSettingsView,
  AiTestView,
  AiUsageView,
  AuthorView,
  ConversationView,
  EmojiGroupView,
  EmojiView,
  EmoteView,
  FoundMessageView,
  OpenedPollView,
  PinnedMessageView,
  PinView,
  PollView,
  PresenceView,
  QuestionView,
  RemovalView,
  RemovedView,
  ReportedView,
  RoomSettings,
  RoomView,
  SanctionView,
  SessionView,
  SummaryLineView,
  SummaryView,
  TranslationView,
  HeldView,
  TermView,
  CardMessageView,
  CardView,
  FormerNameView,
  NoteView,
  ProfileView,
  GivenWarningView,
  RulesView,
  TimerView,
  KeptSessionView,
  RaidView,
  WarningView,
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
const day: SchemaObject = { type: 'string', format: 'date' };
const hue: SchemaObject = { type: 'integer', minimum: 0, maximum: 359 };
const role: SchemaObject = { type: 'string', enum: ['user', 'moderator', 'admin'] };
const language: SchemaObject = { type: 'string', enum: ['ko', 'en'] };
const always: SchemaObject = { type: 'boolean', enum: [true] };
const guest: SchemaObject = { ...always, description: 'No account: a guest, under a name they chose.' };

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

const person = view<{ id: string; nickname: string }>({ id: uuid, nickname: text });
const choices: SchemaObject = { type: 'array', items: text, minItems: 2, maxItems: 5 };
const counts: SchemaObject = { type: 'array', items: count, description: 'Votes by choice.' };
const openedPoll: { [Key in keyof OpenedPollView]-?: Schema } = {
  seq: { ...seq, description: 'The entry that opened it.' },
  id: uuid,
  question: text,
  choices,
  by: person,
  at: instant,
  closesAt: { ...instant, description: 'When it ends by itself.' },
};
const settings = view<RoomSettings>({
  textLimit: { type: 'integer', minimum: 1, maximum: 500 },
  noticesUpTo: count,
  slowMode: { type: 'integer', minimum: 0, maximum: 300 },
  hostsOnly: flag,
  noLinks: flag,
  noDuplicates: flag,
  emojiOnly: flag,
  guests: flag,
  hold: flag,
  shield: flag,
  delay: { type: 'integer', minimum: 0, maximum: 60 },
  established: { type: 'integer', minimum: 0, maximum: 7_776_000 },
  edits: flag,
  markdown: flag,
  welcome: text,
  rules: text,
  reactions: flag,
  questions: flag,
  aiWatch: { type: 'string', enum: [...AI_WATCHES] },
  aiWatchAbove: { type: 'integer', minimum: 1, maximum: 100 },
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
        emotes: view<EmoteChanges>(
          { added: { type: 'array', items: refTo('Emote') }, removed: { type: 'array', items: text } },
          'added',
          'removed',
        ),
        session: view<EventSessionView>(
          { id: uuid, title: text, startedAt: instant, endedAt: instant },
          'endedAt',
        ),
        raided: view<RaidedView>({
          from: view<RaidedView['from']>({ slug: text, title: text }),
          people: count,
        }),
        at: instant,
      },
      'settings',
      'title',
      'embed',
      'archived',
      'emotes',
      'session',
      'raided',
    ),
  ),
  'room.cleared': entry('room.cleared', view<EntryData<'room.cleared'>>({ seq, upTo: count, at: instant })),
  'room.pinned': entry('room.pinned', refTo('Pin')),
  'room.unpinned': entry('room.unpinned', view<EntryData<'room.unpinned'>>({ seq, at: instant })),
  'room.poll-opened': entry('room.poll-opened', view<EntryData<'room.poll-opened'>>(openedPoll)),
  'room.poll-closed': entry(
    'room.poll-closed',
    view<EntryData<'room.poll-closed'>>(
      { seq, id: uuid, opened: seq, question: text, choices, counts, early: always, at: instant },
      'early',
    ),
  ),
  'user.sanctioned': entry(
    'user.sanctioned',
    view<EntryData<'user.sanctioned'>>(
      {
        seq,
        user: person,
        action: { type: 'string', enum: ['timeout', 'ban', 'lift', 'hide', 'unhide'] },
        until: instant,
        scope: { type: 'string', enum: ['server'] },
        removed: always,
        at: instant,
      },
      'until',
      'scope',
      'removed',
    ),
  ),
  'user.deleted': entry(
    'user.deleted',
    view<EntryData<'user.deleted'>>(
      { seq, user: view<{ id: string }>({ id: uuid }), removed: always, at: instant },
      'removed',
    ),
  ),
  'user.role-changed': entry(
    'user.role-changed',
    view<EntryData<'user.role-changed'>>({
      seq,
      user: person,
      role: { type: 'string', enum: ['moderator', 'user'] },
      at: instant,
    }),
  ),
};

const kind: SchemaObject = { type: 'string', enum: ['chat', 'admin', 'ai', 'system'] };
const messageText: SchemaObject = { ...orNull(text), description: 'Null once the message is removed.' };

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
      guest,
    },
    'username',
    'locale',
    'guest',
  ),
  AiModel: view<AiModelView>({ id: text, shutdown: day }, 'shutdown'),
  AiSettings: view<AiSettingsView>({
    model: orNull(text),
    persona: text,
    contextTokens: count,
    answerTokens: count,
    roomAnswerTokens: count,
    asks: count,
    roomAnswers: count,
    running: count,
    queue: count,
    tokensPerPerson: count,
    tokensPerServer: count,
    translation: flag,
    summary: flag,
    moderation: { type: 'string', enum: ['off', 'terms', 'openai'] },
    moderateQuestions: flag,
    moderateAnswers: { type: 'string', enum: ['off', 'retract', 'hold'] },
    moderationFailure: { type: 'string', enum: ['open', 'closed'] },
    moderationMs: count,
    moderationTerms: { type: 'array', items: text },
    watchBy: { type: 'string', enum: ['model', 'openai'] },
    watchTokens: count,
    watchMs: count,
    watchFailure: { type: 'string', enum: ['show', 'keep'] },
  }),
  Translation: view<TranslationView>({ text, locale: language, cached: flag }),
  Summary: view<SummaryView>({
    locale: language,
    cached: flag,
    from: seq,
    upTo: seq,
    messages: count,
    omitted: count,
    lines: {
      type: 'array',
      items: view<SummaryLineView>({ text, seqs: { type: 'array', items: seq } }),
    },
  }),
  AiTest: view<AiTestView>({ ok: flag, model: text, message: text, ms: count, at: instant }, 'ms'),
  AiUsage: view<AiUsageView>({
    day,
    server: view<AiUsageView['server']>({ tokens: count, limit: count }),
    watch: view<AiUsageView['watch']>({ tokens: count, limit: count }),
    people: {
      type: 'array',
      items: view<AiPersonUsageView>({
        id: text,
        user: orNull(refTo('User')),
        tokens: count,
        limit: count,
        own: flag,
      }),
    },
    days: { type: 'array', items: view<AiUsageView['days'][number]>({ day, tokens: count }) },
  }),
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
  Action: view<ActionView>(
    {
      id: uuid,
      at: instant,
      room: { ...orNull(text), description: 'The slug of the room; null: the whole server.' },
      action: { type: 'string', enum: [...ACTION_KINDS] },
      by: view<ActionView['by']>({ id: uuid, nickname: text, role }),
      address: { ...text, description: 'Where they did it from; for administrators.' },
      user: person,
      target: { ...seq, description: 'The message it concerns.' },
      reason: text,
      details: { type: 'object', additionalProperties: true, description: 'What only this kind of act has.' },
    },
    'address',
    'user',
    'target',
    'reason',
    'details',
  ),
  Sanction: view<SanctionView>({
    id: uuid,
    room: { ...orNull(text), description: 'The slug of the room; null: the whole server.' },
    user: person,
    action: { type: 'string', enum: ['timeout', 'ban', 'hide'] },
    reason: orNull(text),
    by: person,
    at: instant,
    until: orNull(instant),
    liftedAt: orNull(instant),
  }),
  Pin: view<PinView>(
    {
      seq: { ...seq, description: 'The entry that pinned it.' },
      target: seq,
      message: view<PinnedMessageView>({
        id: text,
        kind,
        author: orNull(refTo('Author')),
        text: messageText,
        at: instant,
      }),
      by: person,
      at: instant,
      until: instant,
    },
    'until',
  ),
  Poll: view<PollView>(
    {
      ...openedPoll,
      counts,
      vote: { ...count, description: 'What the caller chose.' },
      closedAt: { ...instant, description: 'Absent while it is open.' },
    },
    'vote',
    'closedAt',
  ),
  Question: view<QuestionView>(
    {
      id: uuid,
      author: orNull(refTo('Author')),
      text,
      votes: { ...count, description: 'How many others want it answered.' },
      at: instant,
      status: { type: 'string', enum: ['open', 'answered', 'held'] },
      voted: always,
      own: always,
      hidden: always,
    },
    'voted',
    'own',
    'hidden',
  ),
  AddressBan: view<AddressBanView>({
    id: uuid,
    address: { ...text, description: 'An IPv4 address, or the /64 of an IPv6 address.' },
    user: { ...orNull(person), description: 'With whom it was banned; null: by itself.' },
    reason: orNull(text),
    by: person,
    at: instant,
  }),
  Removed: view<RemovedView>({
    seq,
    author: orNull(refTo('Author')),
    text,
    at: instant,
    removed: refTo('Removal'),
  }),
  Removal: view<RemovalView>({ seq, by: orNull(person), at: instant, reason: orNull(text), messages: count }),
  Term: view<TermView>({
    id: uuid,
    text: { ...text, description: '`*` at its start or end: also as part of a longer word.' },
    outcome: { type: 'string', enum: ['refuse', 'mask', 'hold'] },
    at: instant,
  }),
  Held: view<HeldView>(
    {
      id: uuid,
      author: refTo('Author'),
      text,
      replyTo: seq,
      why: { type: 'string', enum: ['mode', 'term', 'ai', 'unchecked'] },
      reason: { type: 'string', enum: [...REPORT_REASONS] },
      score: { type: 'integer', minimum: 0, maximum: 100 },
      at: instant,
    },
    'replyTo',
    'reason',
    'score',
  ),
  Reported: view<ReportedView>({
    target: seq,
    message: view<ReportedView['message']>({ author: orNull(refTo('Author')), text, at: instant }),
    count: { ...count, description: 'How many people reported it.' },
    reports: {
      type: 'array',
      items: view<ReportedView['reports'][number]>(
        {
          by: person,
          reason: { type: 'string', enum: [...REPORT_REASONS] },
          words: text,
          score: { type: 'integer', minimum: 0, maximum: 100 },
          at: instant,
        },
        'words',
        'score',
      ),
    },
    at: { ...instant, description: 'When it was first reported.' },
  }),
  KeptSession: view<KeptSessionView>(
    {
      id: uuid,
      title: text,
      startedAt: instant,
      endedAt: instant,
      firstSeq: seq,
      lastSeq: { ...orNull(seq), description: 'Null: it goes on.' },
    },
    'endedAt',
  ),
  Raid: view<RaidView>({
    id: uuid,
    to: view<RaidView['to']>({ slug: text, title: text, kind: { type: 'string', enum: ['chat', 'stream'] } }),
    endsAt: instant,
    leftMs: { ...count, description: 'Milliseconds until then, as this was sent.' },
  }),
  Timer: view<TimerView>({
    number: { type: 'integer', minimum: 1, maximum: 10 },
    text,
    minutes: { type: 'integer', minimum: 5, maximum: 120 },
    messages: { type: 'integer', minimum: 0, maximum: 500 },
    enabled: flag,
    dueAt: { ...orNull(instant), description: 'Null: it is off.' },
  }),
  Rules: view<RulesView>({ welcome: text, rules: text, id: orNull(text), accepted: flag }),
  Warning: view<WarningView>({ id: uuid, reason: text, at: instant }),
  GivenWarning: view<GivenWarningView>({
    id: uuid,
    user: person,
    reason: text,
    by: person,
    at: instant,
    acknowledgedAt: orNull(instant),
  }),
  Profile: view<ProfileView>(
    { id: uuid, nickname: text, role, color: hue, joinedAt: instant, guest },
    'guest',
  ),
  Note: view<NoteView>({ id: uuid, text, by: person, at: instant }),
  Card: view<CardView>({
    person: refTo('Profile'),
    formerNames: { type: 'array', items: view<FormerNameView>({ nickname: text, until: instant }) },
    messages: {
      type: 'array',
      items: view<CardMessageView>({ seq, text: messageText, at: instant, removed: always }, 'removed'),
    },
    sanctions: { type: 'array', items: refTo('Sanction') },
    warnings: { type: 'array', items: refTo('GivenWarning') },
    notes: { type: 'array', items: refTo('Note') },
    removed: orNull(refTo('Removal')),
  }),
  Waiting: view<{ id: string; nonce: string }>({ id: uuid, nonce: text }),
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
  Author: view<AuthorView>(
    {
      id: text,
      nickname: text,
      role: { type: 'string', enum: ['user', 'moderator', 'admin', 'ai'] },
      color: hue,
      guest,
    },
    'guest',
  ),
  Message: view<PostedMessage>(
    {
      seq,
      id: uuid,
      kind,
      author: orNull(refTo('Author')),
      text: messageText,
      at: instant,
      nonce: text,
      replyTo: seq,
      ai: answer,
      style: {
        type: 'string',
        enum: ['info', 'warning', 'celebration'],
        description: 'Of an announcement; `info` unless given.',
      },
      removed: always,
      hidden: { ...always, description: 'To staff alone: others than them and its author do not see it.' },
    },
    'nonce',
    'replyTo',
    'ai',
    'style',
    'removed',
    'hidden',
  ),
  Entry: {
    oneOf: Object.values(entries),
    description: 'A place of a room’s log, exactly as on the WebSocket.',
  },
  Posted: view<Omit<AckData, 'nonce'>>({ seq, id: uuid, at: instant, dup: always }, 'dup'),
  Emoji: view<EmojiView>(
    { text, name: text, words: text, tones: { type: 'array', items: text, minItems: 5, maxItems: 5 } },
    'tones',
  ),
  EmojiGroup: view<EmojiGroupView>({ name: text, emojis: { type: 'array', items: refTo('Emoji') } }),
  Emote: view<EmoteView>(
    {
      name: { ...text, pattern: '^[a-z0-9_]{2,32}$' },
      image: { ...text, description: 'The address of the picture.' },
      animated: { ...always, description: 'With `/still` behind `image` it does not move.' },
    },
    'animated',
  ),
  FoundMessage: view<FoundMessageView>({
    seq,
    id: uuid,
    kind,
    author: orNull(refTo('Author')),
    text,
    at: instant,
  }),
  SeqOrNull: orNull(seq),
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
