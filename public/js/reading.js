/**
 * How this reader wants to read: kept in this browser, for every room; of a member, whom they ignore is kept with the account.
 *
 * @typedef {object} ReadingChoices
 * @property {'clock' | 'ago' | 'off'} times beside each message
 * @property {'s' | 'm' | 'l' | 'xl'} size of the text
 * @property {boolean} steady a steady pace in busy rooms
 * @property {'all' | 'staff' | 'me'} filter whose messages are shown: everybody's, those of staff and the AI, or these and
 *   what concerns the reader
 * @property {boolean} sound when somebody mentions or answers the reader who is elsewhere
 * @property {{ id: string, nickname: string }[]} ignored whose messages are not shown
 */

const KEY = 'madang:reading';

/** @type {ReadingChoices} */
const DEFAULTS = { times: 'clock', size: 'm', steady: false, filter: 'all', sound: false, ignored: [] };

export class Reading {
  /** @type {ReadingChoices} */
  #choices;
  #ofAccount = false;

  /** @param {Pick<Storage, 'getItem' | 'setItem'>} storage @param {() => void} onChange */
  constructor(storage, onChange) {
    this.storage = storage;
    this.onChange = onChange;
    this.#choices = { ...DEFAULTS, ...stored(storage) };
  }

  get choices() {
    return this.#choices;
  }

  /** @param {Partial<ReadingChoices>} chosen */
  choose(chosen) {
    this.#choices = { ...this.#choices, ...chosen };
    this.#keep();
    this.onChange();
  }

  /**
   * From now on the account says who is ignored. Answers whom this browser had kept before, once.
   * @param {readonly { id: string, nickname: string }[]} people
   */
  leaveIgnoredTo(people) {
    const kept = this.#choices.ignored;
    this.#ofAccount = true;
    this.#choices = { ...this.#choices, ignored: [...people] };
    this.#keep();
    return kept.filter(({ id }) => !people.some((person) => person.id === id));
  }

  #keep() {
    const { ignored, ...others } = this.#choices;
    try {
      this.storage.setItem(KEY, JSON.stringify(this.#ofAccount ? others : { ...others, ignored }));
    } catch {
      // Storage is full or switched off: then it lasts as long as the page does.
    }
  }
}

/** Only what is known and of the right kind: another version may have written it. @param {Pick<Storage, 'getItem'>} storage */
function stored(storage) {
  try {
    /** @type {Record<string, unknown>} */
    const kept = JSON.parse(storage.getItem(KEY) ?? '{}');
    const known = Object.entries(DEFAULTS).filter(
      ([name, value]) =>
        typeof kept[name] === typeof value && Array.isArray(kept[name]) === Array.isArray(value),
    );
    return Object.fromEntries(known.map(([name]) => [name, kept[name]]));
  } catch {
    return {};
  }
}
