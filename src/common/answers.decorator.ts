import { SetMetadata } from '@nestjs/common';

import type { ErrorCode } from '../protocol/error-codes.js';

export const ANSWERS = 'madang:answers';

/** A schema of `docs/view-schemas.ts`, by name. */
export type ViewName =
  | 'Action'
  | 'AiModel'
  | 'AiSettings'
  | 'AiTest'
  | 'AiUsage'
  | 'Conversation'
  | 'Emoji'
  | 'Emote'
  | 'EmojiGroup'
  | 'FoundMessage'
  | 'SeqOrNull'
  | 'Summary'
  | 'Translation'
  | 'User'
  | 'Session'
  | 'Sanction'
  | 'Pin'
  | 'Poll'
  | 'Question'
  | 'Removed'
  | 'Reported'
  | 'AddressBan'
  | 'Term'
  | 'Room'
  | 'Entry'
  | 'Posted'
  | 'Held'
  | 'Profile'
  | 'Card'
  | 'Removal'
  | 'Note'
  | 'Rules'
  | 'Timer'
  | 'Raid'
  | 'KeptSession'
  | 'Warning'
  | 'GivenWarning'
  | 'Waiting'
  | 'Presence'
  | 'Count'
  | 'Flag'
  | 'Text';

/** The shape of an answer: a view, a list of them, or an object of shapes. */
export type Shape = ViewName | readonly [Shape] | { readonly [field: string]: Shape };

/** By status; null: no body. */
type AnswersByStatus = Readonly<Record<number, Shape | null>>;

export interface AnswersOfRoute {
  summary: string;
  answers: AnswersByStatus;
  errors: readonly ErrorCode[];
}

/**
 * Puts a route into the OpenAPI document: what it does, what it answers by status, and its own refusals. Those that
 * follow from what the route is (a body, a role, a change of state) are added by themselves.
 *
 *     @Answers('Log in', { 200: { user: 'User' } }, 'auth.invalid', 'rate.limited')
 */
export const Answers = (summary: string, answers: AnswersByStatus, ...errors: readonly ErrorCode[]) =>
  SetMetadata(ANSWERS, { summary, answers, errors } satisfies AnswersOfRoute);
