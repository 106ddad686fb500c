import { randomUUID } from 'node:crypto';

import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleInit } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';

import type { TermView } from '../../protocol/views.js';
import { Clock } from '../../common/clock.js';
import { DomainError } from '../../common/errors.js';
import type { Viewer } from '../../common/viewer.js';
import {
  PostingPolicies,
  type PostingPolicy,
  type Verdict,
  type Words,
} from '../../chat/messages/posting.policies.js';
import { ActionLog } from '../actions/action.log.js';
import { StaffService } from '../staff.service.js';
import { masked, patternOf, TermMatcher, type Term, type TermOutcome } from './matcher.js';
import { readTerms, writeTerms } from './term.lines.js';
import type { BlockedTerm } from './term.entity.js';
import { TermsRepository } from './terms.repository.js';

const SHORTEST = 2;
const LONGEST = 500;
/** More than anybody reads through; the list of a server and of each room. */
export const MOST_TERMS = 20_000;
/** Of many terms that are added at once, the action log names the first. */
const MOST_NAMED = 20;
/** How soon a change on another node holds here. */
const LOOK_EVERY_MS = 2000;

/**
 * Words that a room, or the whole server, does not allow: refused, masked before they are stored, or held for review. Staff may say them.
 * A change holds from the moment it is answered; on other nodes two seconds later.
 */
@Injectable()
export class TermsService implements PostingPolicy, OnModuleInit, OnApplicationBootstrap {
  private readonly log = new Logger('Terms');
  /** By room id; null: the server's. */
  private matchers = new Map<number | null, TermMatcher>();
  private state = '';

  constructor(
    private readonly terms: TermsRepository,
    private readonly staff: StaffService,
    private readonly policies: PostingPolicies,
    private readonly actions: ActionLog,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.policies.register(this);
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.look();
  }

  @Interval(LOOK_EVERY_MS)
  watch(): void {
    this.look().catch((error: unknown) => this.log.error(error));
  }

  judge({ account, live, text }: Words): string | Verdict {
    if (account.role !== 'user') {
      return text;
    }
    const own = [this.matchers.get(null), this.matchers.get(live.room.id)];
    const found = own.flatMap((matcher) => (matcher ? [matcher.match(text)] : []));
    if (found.some(({ refused }) => refused)) {
      throw new DomainError('text.blocked');
    }
    const masks = found.flatMap((matches) => matches.masks);
    const agreed = masks.length === 0 ? text : masked(text, masks);
    return { text: agreed, isHeld: found.some(({ held }) => held) };
  }

  /** Those of a room, or of the server, by their text. Throws `auth.forbidden` for whoever is not staff there. */
  async list(viewer: Viewer, slug: string | null): Promise<TermView[]> {
    return (await this.terms.of((await this.placeOf(viewer, slug)).roomId)).map(presentTerm);
  }

  /**
   * Adds terms; those there already stay as they are. Answers the new ones. Throws `frame.invalid` when one of them
   * is none, or there would be too many: then none is added.
   */
  async add(viewer: Viewer, slug: string | null, terms: readonly Term[]): Promise<TermView[]> {
    const { roomId, byId } = await this.placeOf(viewer, slug);
    const known = new Set((await this.terms.of(roomId)).map(({ text }) => text));
    const at = this.clock.now();
    const fresh = new Map<string, BlockedTerm>();
    for (const { text, outcome } of terms) {
      const checked = checkedTerm(text);
      if (!known.has(checked)) {
        fresh.set(checked, { id: randomUUID(), roomId, text: checked, outcome, byId, at });
      }
    }
    if (known.size + fresh.size > MOST_TERMS) {
      throw new DomainError('frame.invalid', {
        fields: { terms: 'field.terms' },
        params: { limit: MOST_TERMS },
      });
    }
    await this.terms.insert([...fresh.values()]);
    await this.look();
    if (fresh.size > 0) {
      const details = { count: fresh.size, terms: [...fresh.keys()].slice(0, MOST_NAMED) };
      await this.actions.record(viewer, { action: 'terms.add', roomId, details });
    }
    return [...fresh.values()].map(presentTerm);
  }

  /** The same for terms as text, one a line (`term.lines.ts`). A line that is none is named by its number. */
  async addLines(
    viewer: Viewer,
    slug: string | null,
    text: string,
    usual: TermOutcome = 'refuse',
  ): Promise<TermView[]> {
    const read = readTerms(text, usual);
    if ('wrongLine' in read) {
      throw new DomainError('frame.invalid', {
        fields: { text: 'field.term-line' },
        params: { line: read.wrongLine },
      });
    }
    return this.add(viewer, slug, read.terms);
  }

  /** All of a place as text that `addLines` reads. */
  async lines(viewer: Viewer, slug: string | null): Promise<string> {
    return writeTerms(await this.list(viewer, slug));
  }

  /** Throws `not-found` for a term that is not of this place. */
  async remove(viewer: Viewer, slug: string | null, id: string): Promise<void> {
    const { roomId } = await this.placeOf(viewer, slug);
    const text = await this.terms.delete(roomId, id);
    if (text === null) {
      throw new DomainError('not-found');
    }
    await this.look();
    await this.actions.record(viewer, {
      action: 'terms.remove',
      roomId,
      details: { count: 1, terms: [text] },
    });
  }

  private async placeOf(viewer: Viewer, slug: string | null) {
    if (slug === null) {
      return { roomId: null, byId: this.staff.everywhere(viewer).id };
    }
    const { live, account } = await this.staff.at(viewer, slug);
    return { roomId: live.room.id, byId: account.id };
  }

  /** Reads the terms anew if they have changed. */
  private async look(): Promise<void> {
    const state = await this.terms.state();
    if (state === this.state) {
      return;
    }
    const byRoom = new Map<number | null, BlockedTerm[]>();
    for (const term of await this.terms.all()) {
      const own = byRoom.get(term.roomId) ?? [];
      own.push(term);
      byRoom.set(term.roomId, own);
    }
    this.matchers = new Map([...byRoom].map(([roomId, terms]) => [roomId, new TermMatcher(terms)]));
    this.state = state;
  }
}

function checkedTerm(raw: string): string {
  const text = raw.normalize('NFC').trim();
  const length = [...new Intl.Segmenter().segment(text.replaceAll(/^\*|\*$/g, ''))].length;
  if (length < SHORTEST || length > LONGEST || patternOf(text) === null || !text.isWellFormed()) {
    throw new DomainError('frame.invalid', {
      fields: { text: 'field.term-named' },
      params: { term: raw.trim().slice(0, 60) },
    });
  }
  return text;
}

function presentTerm({ id, text, outcome, at }: BlockedTerm): TermView {
  return { id, text, outcome, at: new Date(at).toISOString() };
}
