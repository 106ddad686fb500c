import { randomUUID } from 'node:crypto';

import { Injectable } from '@nestjs/common';

import type { ConversationView } from '../protocol/views.js';
import { DEFAULT_LIMITS } from '../ai/ai.limits.js';
import { ConversationsService } from '../ai/conversations/conversations.service.js';
import { ModelsService } from '../ai/model/models.service.js';
import type { Viewer } from '../common/viewer.js';
import { presentUser } from '../users/user.presenter.js';
import { BLANK_TURN, turnRowsOf } from './conversation-turns.js';
import { foldEntries } from './fold-entries.js';
import { dayTime } from './times.js';

/** A person's conversations with the AI as `views/partials/conversation.hbs` shows them: the list, and the open one. */
@Injectable()
export class ConversationPanel {
  constructor(
    private readonly conversations: ConversationsService,
    private readonly models: ModelsService,
  ) {}

  /**
   * `open`: the conversation to show; null for one that is yet to begin. `query`: what the list is searched for. Throws
   * `not-found`, and `auth.required` for a guest.
   */
  async of(viewer: Viewer, open: string | null, query: string) {
    const [list, shown] = await Promise.all([
      this.conversations.list(viewer, query),
      open === null ? null : this.conversations.open(viewer, open),
    ]);
    const { locale, account } = viewer;
    return {
      isSetUp: this.models.isSetUp,
      viewer: JSON.stringify(account && presentUser(account, { self: true })),
      limit: DEFAULT_LIMITS.questionLength,
      // One for each time the form is made: sent twice, it asks once.
      nonce: randomUUID(),
      query,
      list: list.map((conversation) => listRow(conversation, viewer, shown?.id)),
      blank: BLANK_TURN,
      isNew: shown === null,
      id: shown?.id ?? randomUUID(),
      title: shown?.title ?? '',
      turns: shown ? turnRowsOf(foldEntries(shown.entries), shown, locale) : [],
      isWriting: Boolean(shown?.writing),
    };
  }
}

function listRow({ id, title, updatedAt, match }: ConversationView, { locale }: Viewer, open?: string) {
  return {
    href: `/?c=${id}`,
    title,
    at: updatedAt,
    time: dayTime(updatedAt, locale),
    match: match?.text ?? '',
    current: id === open,
  };
}
