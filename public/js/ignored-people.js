/**
 * Whom a member ignores, kept with their account: what is changed here is sent there, and what was changed elsewhere comes
 * back from it.
 *
 * @import { Translate } from './strings.js'
 */

import { get } from './api.js';
import { request } from './request.js';

/** @typedef {{ id: string, nickname: string }} Person */

const PATH = '/user/ignored';

export class IgnoredPeople {
  /** @param {readonly Person[]} people as the page came @param {Translate} t @param {(people: readonly Person[]) => void} onChange */
  constructor(people, t, onChange) {
    this.people = people;
    this.t = t;
    this.onChange = onChange;
  }

  /** Shown at once; answers what went wrong, and then all is as it was. @param {Person} person */
  add({ id, nickname }) {
    const others = this.people.filter((other) => other.id !== id);
    return this.#change([{ id, nickname }, ...others], 'PUT', id);
  }

  /** @param {string} id */
  remove(id) {
    return this.#change(
      this.people.filter((other) => other.id !== id),
      'DELETE',
      id,
    );
  }

  /** Takes what the account says. @param {readonly Person[]} people */
  follow(people) {
    this.people = people.map(({ id, nickname }) => ({ id, nickname }));
    this.onChange(this.people);
  }

  /** Asks the account: what was changed while there was no connection was told to nobody. */
  async lookAgain() {
    /** @type {{ answer: { people: Person[] } | null }} */
    const { answer } = await get(PATH, this.t);
    if (answer) {
      this.follow(answer.people);
    }
  }

  /**
   * @param {readonly Person[]} people
   * @param {'PUT' | 'DELETE'} method
   * @param {string} id
   * @returns {Promise<string | null>}
   */
  async #change(people, method, id) {
    const before = this.people;
    this.follow(people);
    const refusal = await request(method, `${PATH}/${encodeURIComponent(id)}`, {}, this.t);
    if (!refusal) {
      return null;
    }
    this.follow(before);
    return [refusal.message, ...Object.values(refusal.fields ?? {})].join(' ');
  }
}
