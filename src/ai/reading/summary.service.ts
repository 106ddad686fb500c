import { Injectable } from '@nestjs/common';

import type { Locale, SummaryView } from '../../protocol/views.js';
import { DomainError } from '../../common/errors.js';
import type { Viewer } from '../../common/viewer.js';
import type { LiveRoom } from '../../chat/rooms/live-room.js';
import { LiveRooms } from '../../chat/rooms/live-rooms.js';
import { sightOf } from '../../chat/messages/entry.presenter.js';
import { RoomsService } from '../../chat/rooms/rooms.service.js';
import { turnsIn } from '../prompt/past.js';
import { summaryPrompt } from '../prompt/reading.prompt.js';
import type { Telling, Turn } from '../prompt/turns.js';
import { AiSettings } from '../settings/ai.settings.js';
import { Once } from './once.js';
import { ReadingsService, type Wanted } from './readings.service.js';
import { isPersonal, SideCallService } from './side-call.service.js';
import { summaryLines } from './summary.lines.js';

/** How far back it is told of. */
const ENTRIES = 400;
const MOST_TOKENS = 5000;
const ANSWER_TOKENS = 700;
const RETRY_MS = 1000;

/** What a reader missed in a room, in a few lines. */
@Injectable()
export class SummaryService {
  private readonly calls = new Once<string>();

  constructor(
    private readonly rooms: RoomsService,
    private readonly live: LiveRooms,
    private readonly settings: AiSettings,
    private readonly readings: ReadingsService,
    private readonly model: SideCallService,
  ) {}

  /**
   * Of what was said after `after`, the newest that there is room for. Whoever asks pays, unless it was made before. Throws
   * `ai.off` while it is not turned on, `not-found` when nothing was said, and what `SideCallService.run` throws.
   */
  async summarise(viewer: Viewer, slug: string, after: number): Promise<SummaryView> {
    const { account, locale } = viewer;
    if (!account) {
      throw new DomainError('auth.required');
    }
    if (!this.settings.now.summary) {
      throw new DomainError('ai.off');
    }
    const room = await this.rooms.findSpeakable(viewer, slug);
    const live = await this.live.open(room.id);
    // What somebody says who is hidden is missing for others, and not for them.
    const sees: Telling = (entry) => entry.audience === null || sightOf(viewer, entry) === true;
    const channel = live.channelFor(live.viewerHere(viewer));
    const turns = (await turnsIn(live, ENTRIES, sees, channel)).filter(({ seq }) => seq > after);
    const { told, wanted } = stretchOf(live, turns, locale);
    const { fromSeq, upTo, prompt } = wanted;
    const known = await this.readings.find(wanted);
    const key = JSON.stringify([room.id, locale, prompt.messages]);
    const make = async () => {
      const made = await this.model.run({ payer: account.id, prompt, answerTokens: ANSWER_TOKENS });
      await this.readings.keep(wanted, made);
      return made;
    };
    const text = known ?? (await this.calls.run(key, make, isPersonal));
    if (known === null && (await this.hasChanged(live, channel, told, sees))) {
      await this.readings.forget(room.id, upTo);
      throw new DomainError('ai.busy', { retryAfterMs: RETRY_MS });
    }
    const seqs = new Set(told.map(({ seq }) => seq));
    const view = { locale, cached: known !== null, from: fromSeq, upTo };
    return { ...view, messages: told.length, omitted: prompt.omitted, lines: summaryLines(text, seqs) };
  }

  /** Something of it was edited or removed while the model wrote: it must not be told. */
  private async hasChanged(
    live: LiveRoom,
    channel: LiveRoom['channel'],
    told: readonly Turn[],
    sees: Telling,
  ): Promise<boolean> {
    const entries = channel.head - told[0]!.seq + 1;
    const now = new Map((await turnsIn(live, entries, sees, channel)).map(({ seq, text }) => [seq, text]));
    return told.some(({ seq, text }) => now.get(seq) !== text);
  }
}

function stretchOf(
  live: LiveRoom,
  turns: readonly Turn[],
  locale: Locale,
): { told: readonly Turn[]; wanted: Wanted } {
  const prompt = summaryPrompt(turns, locale, MOST_TOKENS);
  if (!prompt) {
    throw new DomainError('not-found');
  }
  const told = turns.slice(prompt.omitted);
  const [fromSeq, upTo] = [told[0]!.seq, told.at(-1)!.seq];
  return { told, wanted: { roomId: live.room.id, kind: 'summary', fromSeq, upTo, locale, prompt } };
}
