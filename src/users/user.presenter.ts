import type { UserView } from '../protocol/views.js';
import { hueOf } from '../common/hue.js';
import type { Account } from '../common/viewer.js';
import type { User } from './user.entity.js';

/** The account as the rest of the server knows it: no password hash, no keys. */
export function accountOf({ id, username, nickname, role, locale, createdAt, guest }: User): Account {
  return { id, username, nickname, role, locale, createdAt, ...(guest && { guest: true }) };
}

/** A person as others see them; with `self`, as they see themselves: username and language too. */
export function presentUser(account: Account, { self }: { self: boolean } = { self: false }): UserView {
  const { id, username, nickname, role, locale } = account;
  const shown = { id, nickname, role, color: hueOf(id), ...(account.guest && { guest: account.guest }) };
  return self && !account.guest ? { ...shown, username, locale } : shown;
}
