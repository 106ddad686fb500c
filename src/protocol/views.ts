/** What the outside sees of people and rooms: plain JSON, whitelisted field by field by the presenters. */

import type { MessageKind } from './frames.js';

export type Locale = 'ko' | 'en';
export type Role = 'user' | 'moderator' | 'admin';
export type RoomKind = 'chat' | 'stream' | 'assistant';

/** A person as the person sees themselves; `username` and `locale` are present only there. */
export interface UserView {
  id: string;
  username?: string;
  nickname: string;
  role: Role;
  locale?: Locale | null;
  /** A hue, 0–359, derived from the id and therefore stable. */
  color: number;
  /** No account: a guest, under a name they chose. */
  guest?: true;
}

/** Who wrote an entry, as it stood when it was written. The AI has the id and the role `ai`. */
export interface AuthorView {
  id: string;
  nickname: string;
  role: Role | 'ai';
  color: number;
  /** No account: a guest, under a name they chose. */
  guest?: true;
}

export const AI_WATCHES = ['off', 'flag', 'hold'] as const;
/** What becomes of what people say where a model looks at it. */
export type AiWatch = (typeof AI_WATCHES)[number];

/** What a room's staff can set; every field has a default, so an empty object is a valid room. */
export interface RoomSettings {
  /** Longest message in graphemes, 1–500. */
  textLimit: number;
  /** Joined and left notices are sent only while at most this many people are here. */
  noticesUpTo: number;
  /** Seconds between two messages of one person, 3–300; 0: off. */
  slowMode: number;
  /** Only staff may post. */
  hostsOnly: boolean;
  /** No links but from staff. */
  noLinks: boolean;
  /** The same text of one person is taken once in 30 seconds. */
  noDuplicates: boolean;
  /** Only emoji but from staff. */
  emojiOnly: boolean;
  /** The room is at its strictest, and remembers what it goes back to. */
  shield: boolean;
  /** Guests who chose a name may post; off: members only. */
  guests: boolean;
  /** What people say waits until staff let it through. */
  hold: boolean;
  /** Whoever is not staff is shown everything so many seconds late, 1–60; 0: at once. */
  delay: number;
  /** Only accounts that are at least so many seconds old may post, 60–7,776,000; 0: off. */
  established: number;
  /** People may edit what they said; staff may always. */
  edits: boolean;
  /** Bold, italic, strike and code in messages are shown as such. */
  markdown: boolean;
  /** Plain texts that people read before their first words here, up to 500 and 2,000 characters; empty: none. */
  welcome: string;
  rules: string;
  /** People may react in passing; what they send floats up and is gone. */
  reactions: boolean;
  /** People may ask those who host the room, and vote for what others ask. */
  questions: boolean;
  /**
   * Whether a model looks at what people say; `flag`: what it takes exception to is reported to staff; `hold`: messages
   * wait until it has, and what it takes exception to waits for staff.
   */
  aiWatch: AiWatch;
  /** From which score on it does, in percent, 1–100. */
  aiWatchAbove: number;
}

/** What people are to have read before they write in a room, and whether the caller has. */
export interface RulesView {
  welcome: string;
  rules: string;
  /** Names the rules; null where there is nothing to read. */
  id: string | null;
  /** True as well for whom they do not bind. */
  accepted: boolean;
}

export interface RoomRefView {
  slug: string;
  title: string;
  kind: RoomKind;
  settings: RoomSettings;
}

/** A picture that people in a room write as `:name:`. */
export interface EmoteView {
  /** 2–32 of a–z, 0–9 and `_`. */
  name: string;
  /** The address of the picture on this server; it always answers the same. */
  image: string;
  /** It moves; with `/still` behind it the address answers a picture that does not. */
  animated?: true;
}

/** A message that a search found, as it stands now. */
export interface FoundMessageView {
  seq: number;
  id: string;
  kind: MessageKind;
  author: AuthorView | null;
  text: string;
  at: string;
}

/** A room in lists and on its own page. */
export interface RoomView extends RoomRefView {
  /** Where the event plays: a page or playlist address, or null when the chat stands alone. */
  embed: string | null;
  archived: boolean;
  presence: PresenceView;
}

/** `count` is people (each account once, each guest socket once); `sockets` is open connections. */
export interface PresenceView {
  count: number;
  sockets: number;
  approx?: true;
}

/** One of a person's own conversations with the AI. */
export interface ConversationView {
  id: string;
  title: string;
  createdAt: string;
  /** When something was last said. */
  updatedAt: string;
  /** What a search found in it; absent when it was the title. */
  match?: { seq: number; text: string };
}

/** `hide`: others than the room's staff do not see what they say, and nobody tells them. */
export type SanctionAction = 'timeout' | 'ban' | 'hide';

/** Somebody who may not write for a while, or not take part at all. For staff. */
export interface SanctionView {
  id: string;
  /** The slug of the room it holds in; null: the whole server. */
  room: string | null;
  user: { id: string; nickname: string };
  action: SanctionAction;
  reason: string | null;
  by: { id: string; nickname: string };
  at: string;
  /** When it ends by itself; null: only when it is lifted. */
  until: string | null;
  /** When it was lifted, or another one took its place. */
  liftedAt: string | null;
}

/** A banned address. For administrators. */
export interface AddressBanView {
  id: string;
  /** An IPv4 address, or the /64 of an IPv6 address. */
  address: string;
  /** With whom it was banned; null: by itself. */
  user: { id: string; nickname: string } | null;
  reason: string | null;
  by: { id: string; nickname: string };
  at: string;
}

/** What staff do. More kinds may come. */
export const ACTION_KINDS = [
  'message.announce',
  'message.remove',
  'message.restore',
  'message.approve',
  'message.deny',
  'report.dismiss',
  'user.timeout',
  'user.ban',
  'user.lift',
  'user.hide',
  'user.unhide',
  'user.restore',
  'user.warn',
  'note.add',
  'note.remove',
  'user.role',
  'room.change',
  'room.modes',
  'room.archive',
  'room.reopen',
  'room.clear',
  'room.pin',
  'room.unpin',
  'poll.start',
  'poll.end',
  'session.start',
  'session.end',
  'raid.start',
  'raid.stop',
  'timer.add',
  'timer.change',
  'timer.remove',
  'question.answer',
  'question.approve',
  'question.remove',
  'emote.add',
  'emote.remove',
  'address.ban',
  'address.lift',
  'room.export',
  'terms.add',
  'terms.remove',
  'ai.settings',
  'ai.persona',
  'ai.budget',
] as const;
export type ActionKind = (typeof ACTION_KINDS)[number];

/** Something that somebody of the staff did. For staff. */
export interface ActionView {
  id: string;
  at: string;
  /** The slug of its room; null: the whole server. */
  room: string | null;
  action: ActionKind;
  by: { id: string; nickname: string; role: Role };
  /** Where they did it from; for administrators. */
  address?: string;
  user?: { id: string; nickname: string };
  /** The seq of the message it concerns. */
  target?: number;
  reason?: string;
  /** What only this kind of act has: until when, what was set, how many. */
  details?: Record<string, unknown>;
}

/** An event of a room as it is kept. */
export interface KeptSessionView {
  id: string;
  title: string;
  startedAt: string;
  endedAt?: string;
  /** The stretch of the room's log that it is; null: it goes on. */
  firstSeq: number;
  lastSeq: number | null;
}

/** The viewers of a room are being led to another one. */
export interface RaidView {
  id: string;
  to: { slug: string; title: string; kind: RoomKind };
  endsAt: string;
  /** Milliseconds until then, as this was sent. */
  leftMs: number;
}

/** Something that a room says by itself, again and again. For staff. */
export interface TimerView {
  /** Its own in the room, 1–10. */
  number: number;
  text: string;
  minutes: number;
  /** So many messages of people must come in between. */
  messages: number;
  enabled: boolean;
  /** When it is said next at the earliest; null: it is off. */
  dueAt: string | null;
}

/** A message that staff have put above all others. */
export interface PinView {
  /** The entry that pinned it: the same message pinned again is another pin. */
  seq: number;
  /** The seq of the message. */
  target: number;
  message: PinnedMessageView;
  by: { id: string; nickname: string };
  at: string;
  /** When it ends by itself; absent: only when it is taken off. */
  until?: string;
}

export interface PinnedMessageView {
  id: string;
  kind: MessageKind;
  author: AuthorView | null;
  /** Null while it is removed: then there is nothing to show. */
  text: string | null;
  at: string;
}

export const REACTIONS = ['❤️', '👏', '😂', '😮', '🎉'] as const;
/** What people feel, in passing. */
export type Reaction = (typeof REACTIONS)[number];

/** What staff ask everybody in a room, as it was opened. */
export interface OpenedPollView {
  /** The entry that opened it. */
  seq: number;
  id: string;
  question: string;
  /** 2–5; a vote names one by its place, from 0. */
  choices: string[];
  by: { id: string; nickname: string };
  at: string;
  /** When it ends by itself. */
  closesAt: string;
}

/** The same as it stands: never who voted for what, but for oneself. */
export interface PollView extends OpenedPollView {
  /** Votes by choice. */
  counts: number[];
  /** What the viewer chose; absent: nothing yet, or nobody asks. */
  vote?: number;
  /** When it ended; absent while it is open. */
  closedAt?: string;
}

/** What somebody asks those who host a room. */
export interface QuestionView {
  id: string;
  /** Null once the account is deleted. */
  author: AuthorView | null;
  text: string;
  /** How many others want it answered. */
  votes: number;
  at: string;
  /** `held`: only staff and its author see it, until staff approve it. */
  status: 'open' | 'answered' | 'held';
  /** The viewer is among those; over HTTP alone. */
  voted?: true;
  /** The viewer asked it; over HTTP, and in frames that are for them alone. */
  own?: true;
  /** To staff alone: others than they and its author do not see it. */
  hidden?: true;
}

/** What was removed, for the room's staff, as long as it is kept. */
export interface RemovedView {
  seq: number;
  author: AuthorView | null;
  text: string;
  at: string;
  removed: RemovalView;
}

/** An act that removed messages, and may be taken back. For staff. */
export interface RemovalView {
  /** Its seq in the room's log. */
  seq: number;
  by: { id: string; nickname: string } | null;
  at: string;
  reason: string | null;
  /** How many messages of the person in question are removed by it. */
  messages: number;
}

/** How many are where, on the whole server; `sockets` are those of the node that is asked. For staff. */
export interface FiguresView {
  people: number;
  sockets: number;
  rooms: { slug: string; count: number }[];
}

/** A word or phrase that is not to be said. For staff. */
export interface TermView {
  id: string;
  /** `*` at its start or end: also as part of a longer word. */
  text: string;
  /** What becomes of a message with it. */
  outcome: 'refuse' | 'mask' | 'hold';
  at: string;
}

/** A message that waits for review. For staff. */
export interface HeldView {
  /** That of the message, once it is posted. */
  id: string;
  author: AuthorView;
  text: string;
  replyTo?: number;
  /** What it waits for: the mode of the room, a term in it, what the AI says of it, or that the AI could not say. */
  why: 'mode' | 'term' | 'ai' | 'unchecked';
  /** With `ai`: why, and how sure it is, in percent. */
  reason?: ReportReason;
  score?: number;
  at: string;
}

export const REPORT_REASONS = ['spam', 'harassment', 'hate', 'sexual', 'danger', 'privacy', 'other'] as const;
/** Why somebody reports a message. */
export type ReportReason = (typeof REPORT_REASONS)[number];
/** What closed the reports of a message: it was removed, its author warned, timed out or banned, or staff let it be. */
export type ReportOutcome = 'removed' | 'sanctioned' | 'dismissed';

/** A message that was reported, and by whom. For staff, but never for its author. */
export interface ReportedView {
  /** The seq of the message. */
  target: number;
  /** As it read when it was last reported. */
  message: { author: AuthorView | null; text: string; at: string };
  /** How many people reported it. */
  count: number;
  /** The newest ten. */
  reports: {
    by: { id: string; nickname: string };
    reason: ReportReason;
    words?: string;
    /** Of the AI: how sure it is, in percent. */
    score?: number;
    at: string;
  }[];
  /** When it was first reported. */
  at: string;
}

/** What staff told the person who reads it. Which of them, is not said. */
export interface WarningView {
  id: string;
  reason: string;
  at: string;
}

/** The same for staff. */
export interface GivenWarningView extends WarningView {
  user: { id: string; nickname: string };
  by: { id: string; nickname: string };
  /** When the person said that they have read it. */
  acknowledgedAt: string | null;
}

/** What members may know of somebody in a room. */
export interface ProfileView {
  id: string;
  nickname: string;
  /** As they rank in this room. */
  role: Role;
  color: number;
  /** When they registered; of a guest, when they chose their name. */
  joinedAt: string;
  /** No account: a guest, under a name they chose. */
  guest?: true;
}

/** What the staff of a room know of somebody; of each the newest, and first. */
export interface CardView {
  person: ProfileView;
  /** What they called themselves before, and until when. */
  formerNames: FormerNameView[];
  messages: CardMessageView[];
  /** Those in the room and on the whole server, also those that have ended. */
  sanctions: SanctionView[];
  warnings: GivenWarningView[];
  notes: NoteView[];
  /** What staff removed of them here last, and may bring back; null: nothing. */
  removed: RemovalView | null;
}

export interface FormerNameView {
  nickname: string;
  until: string;
}

export interface CardMessageView {
  seq: number;
  /** As it reads now; null once it is removed. */
  text: string | null;
  at: string;
  removed?: true;
}

/** What one of the staff wants the others to know about somebody. */
export interface NoteView {
  id: string;
  text: string;
  by: { id: string; nickname: string };
  at: string;
}

/** One of a person's own log-ins. */
export interface SessionView {
  id: string;
  current: boolean;
  agent: string;
  createdAt: string;
  seenAt: string;
}

/** What administrators set about the AI; it takes effect at once, without a restart. */
export interface AiSettingsView {
  /** Null: chosen from what the provider lists. */
  model: string | null;
  /** Who the AI is to be, everywhere on this server; in the words of its operator. */
  persona: string;
  /** What the model takes in and gives out in one call, in tokens. */
  contextTokens: number;
  answerTokens: number;
  /** In a room, where everybody has to scroll past it. */
  roomAnswerTokens: number;
  /** Questions of one person in 5 minutes. */
  asks: number;
  /** Answers in one room in a minute. */
  roomAnswers: number;
  /** Answers that are written at one time, and how many more may wait for their turn; on each server process. */
  running: number;
  queue: number;
  /** Tokens per day (UTC). */
  tokensPerPerson: number;
  tokensPerServer: number;
  /** Whether people may have a message translated, and be told what they missed. */
  translation: boolean;
  summary: boolean;
  /** What looks at questions and answers: nothing, the list of terms, or the provider's own check. */
  moderation: 'off' | 'terms' | 'openai';
  moderateQuestions: boolean;
  /** `retract`: shown while it is checked, and withdrawn if it must be; `hold`: shown when it has been checked. */
  moderateAnswers: 'off' | 'retract' | 'hold';
  /** What a check that fails or takes too long means: `open` lets everything through, `closed` nothing. */
  moderationFailure: 'open' | 'closed';
  moderationMs: number;
  /** Terms that the list does not let through. */
  moderationTerms: string[];
  /** What looks at messages in the rooms that are watched: the model, or the provider's own check. */
  watchBy: 'model' | 'openai';
  /** Tokens per day (UTC) for that, beside all others. */
  watchTokens: number;
  /** How long one look may take. */
  watchMs: number;
  /** What becomes of a message that waits for a look and could not be looked at: `keep` has it wait for staff. */
  watchFailure: 'show' | 'keep';
}

/** A model of the provider. */
export interface AiModelView {
  id: string;
  /** The day on which the provider will shut it down, if it says so. */
  shutdown?: string;
}

/** What came of a try of the connection to the provider. */
export interface AiTestView {
  ok: boolean;
  model: string;
  /** In one sentence, in the caller's language. */
  message: string;
  /** Until the first word came. */
  ms?: number;
  at: string;
}

/** Tokens of one day (UTC). */
export interface AiUsageView {
  day: string;
  server: { tokens: number; limit: number };
  /** For watching rooms, beside the server's. */
  watch: { tokens: number; limit: number };
  /** Who used most of it, first; `user` is null when the account was deleted. */
  people: AiPersonUsageView[];
  /** The server's last days, the newest last. */
  days: { day: string; tokens: number }[];
}

export interface AiPersonUsageView {
  id: string;
  user: UserView | null;
  tokens: number;
  limit: number;
  /** Whether the limit is this person's own. */
  own: boolean;
}

/** A message in the reader's language, made by the AI. */
export interface TranslationView {
  text: string;
  locale: Locale;
  /** It had been made before, and cost nothing. */
  cached: boolean;
}

/** One thing that a reader missed, and the messages it is about. */
export interface SummaryLineView {
  text: string;
  seqs: number[];
}

/** What a reader missed in a room, made by the AI. */
export interface SummaryView {
  locale: Locale;
  /** It had been made before, and cost nothing. */
  cached: boolean;
  /** The first and the last message it tells of, and how many there are. */
  from: number;
  upTo: number;
  messages: number;
  /** So many earlier ones had no place in what the model was sent. */
  omitted: number;
  lines: SummaryLineView[];
}

/** Emojis that belong together, as a picker shows them. */
export interface EmojiGroupView {
  name: string;
  emojis: EmojiView[];
}

export interface EmojiView {
  text: string;
  /** In the caller's language. */
  name: string;
  /** Korean and English words by which it is found, in lower case. */
  words: string;
  /** The same in five skin tones, light to dark, where it has them. */
  tones?: string[];
}
