import { Injectable } from '@nestjs/common';

import type { Locale, TranslationView } from '../../protocol/views.js';
import { DomainError } from '../../common/errors.js';
import type { Viewer } from '../../common/viewer.js';
import { EntriesRepository } from '../../chat/messages/entries.repository.js';
import { sightOf } from '../../chat/messages/entry.presenter.js';
import { LiveRooms } from '../../chat/rooms/live-rooms.js';
import { RoomsService } from '../../chat/rooms/rooms.service.js';
import { estimateText } from '../budget/estimate.js';
import { harmless } from '../prompt/harmless.js';
import { translationPrompt } from '../prompt/reading.prompt.js';
import { turnsOf, type Telling } from '../prompt/turns.js';
import { AiSettings } from '../settings/ai.settings.js';
import { Once } from './once.js';
import { ReadingsService, type Wanted } from './readings.service.js';
import { isPersonal, SideCallService } from './side-call.service.js';

/** Longer messages than this, in guessed tokens, are not translated. */
const MOST_TOKENS = 3000;
/** A translation may well take more tokens than the text; this many times and these on top. */
const GROWTH = 2;
const LEAST_ANSWER = 200;

/** A message in the reader's language. */
@Injectable()
export class TranslationService {
  private readonly calls = new Once<string>();

  constructor(
    private readonly rooms: RoomsService,
    private readonly live: LiveRooms,
    private readonly entries: EntriesRepository,
    private readonly settings: AiSettings,
    private readonly readings: ReadingsService,
    private readonly model: SideCallService,
  ) {}

  /**
   * Whoever asks pays, unless it was made before. Throws `ai.off` while it is not turned on, `not-found` for what is no message
   * that they may see, `ai.too-long`, and what `SideCallService.run` throws.
   */
  async translate(viewer: Viewer, slug: string, seq: number): Promise<TranslationView> {
    const { account, locale } = viewer;
    if (!account) {
      throw new DomainError('auth.required');
    }
    if (!this.settings.now.translation) {
      throw new DomainError('ai.off');
    }
    const room = await this.rooms.findSpeakable(viewer, slug);
    const live = await this.live.open(room.id);
    const { head } = live.channelFor(live.viewerHere(viewer));
    const sees: Telling = (entry) => entry.seq <= head && sightOf(viewer, entry) !== false;
    const text = await this.textOf(room.id, seq, sees);
    const wanted = wantedFor(room.id, seq, text, locale);
    const known = await this.readings.find(wanted);
    if (known !== null) {
      return { text: known, locale, cached: true };
    }
    const answerTokens = LEAST_ANSWER + GROWTH * estimateText(text);
    const key = JSON.stringify([room.id, seq, locale, text]);
    const make = async () => {
      const { prompt } = wanted;
      const translation = harmless(await this.model.run({ payer: account.id, prompt, answerTokens }));
      await this.readings.keep(wanted, translation);
      return translation;
    };
    const made = await this.calls.run(key, make, isPersonal);
    // Stored first and looked at then: a removal in between deletes what was stored, one before is seen here.
    if ((await this.textOf(room.id, seq, sees).catch(() => null)) !== text) {
      await this.readings.forget(room.id, seq);
      throw new DomainError('not-found');
    }
    return { text: made, locale, cached: false };
  }

  /** The message as it reads now. */
  private async textOf(roomId: number, seq: number, sees: Telling): Promise<string> {
    const [turn] = turnsOf(await this.entries.about(roomId, seq), sees);
    if (!turn) {
      throw new DomainError('not-found');
    }
    return turn.text;
  }
}

function wantedFor(roomId: number, seq: number, text: string, locale: Locale): Wanted {
  const prompt = translationPrompt(text, locale, MOST_TOKENS);
  if (!prompt) {
    throw new DomainError('ai.too-long');
  }
  return { roomId, kind: 'translation', fromSeq: seq, upTo: seq, locale, prompt };
}
