import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { Answer } from './support/api-client.js';
import { startApp, type TestApp } from './support/app.js';
import { aModerator, anAdmin, aUser, uniqueAddress, uniqueName, type TestUser } from './support/factories.js';
import { SocketClient } from './support/socket-client.js';

/** Who tries it. `ofOther` moderates another room, `guest` has no account. */
type Who = 'guest' | 'user' | 'ofOther' | 'ofRoom' | 'moderator' | 'admin' | 'founder';
/** What is tried, and what must come of it: the code of the refusal, or the status. */
type Case = readonly [what: string, attempt: () => Promise<Answer>, outcome: string | number];

let app: TestApp;
let people: Record<Who, TestUser>;
let victim: TestUser;
let room: string;
let other: string;
/** In `room`: what the victim, a moderator and an administrator said, and what was removed by whom. */
let seqs: Record<'victims' | 'moderators' | 'admins' | 'removed' | 'removedByAdmin' | 'takenBack', number>;
/** A message, a sanction and a term of the other room. */
let elsewhere: { seq: number; sanction: string; term: string };
let sanctions: { moderators: string; everywhere: string };
let conversation: string;

beforeAll(async () => {
  app = await startApp();
  const founder = await anAdmin(app);
  const admin = await anAdmin(app);
  const [user, ofOther, ofRoom, moderator] = [
    await aUser(app),
    await aUser(app),
    await aUser(app),
    await aModerator(app),
  ];
  victim = await aUser(app);
  const guest = { ...user, client: app.client(uniqueAddress()), cookie: '' };
  people = { guest, user, ofOther, ofRoom, moderator, admin, founder };
  [room, other] = [await aRoom(), await aRoom()];
  await admin.client.request('PUT', at('moderators', ofRoom.user.id), undefined);
  await admin.client.request('PUT', at('moderators', ofOther.user.id, other), undefined);
  seqs = {
    victims: await say(victim),
    moderators: await say(moderator),
    admins: await say(admin),
    removed: await say(victim),
    removedByAdmin: await say(victim),
    takenBack: await say(victim),
  };
  await moderator.client.delete(at('messages', seqs.removed));
  await admin.client.delete(at('messages', seqs.removedByAdmin));
  await victim.client.delete(at('messages', seqs.takenBack));
  const impose = async (whom: TestUser, path: string) =>
    (await admin.client.post(path, { user: whom.user.id, action: 'timeout', seconds: 600 })).body.sanction.id;
  elsewhere = {
    seq: await say(victim, other),
    sanction: await impose(user, at('sanctions', '', other)),
    term: (await admin.client.post(at('terms', '', other), { terms: [{ text: 'forbidden' }] })).body.terms[0]
      .id,
  };
  const muted = await aModerator(app);
  sanctions = {
    moderators: await impose(muted, at('sanctions')),
    everywhere: await impose(await aUser(app), '/api/sanctions'),
  };
  conversation = randomUUID();
  await SocketClient.open(app.url, `/ws/${conversation}`, { cookie: victim.cookie });
});
afterAll(() => app.stop());

async function aRoom(): Promise<string> {
  const slug = uniqueName('r').replace('_', '-');
  await people.admin.client.post('/api/rooms', { slug, title: slug, kind: 'chat' });
  return slug;
}

const at = (path: string, id: string | number = '', slug = room) =>
  `/api/rooms/${slug}/${path}${id === '' ? '' : `/${id}`}`;
async function say(person: TestUser, slug = room, text = 'words'): Promise<number> {
  const answer = await person.client.post(at('messages', '', slug), { text, nonce: randomUUID() });
  expect(answer.status, answer.text).toBe(201);
  return answer.body.seq;
}
const outcomeOf = ({ status, body }: Answer): string | number => body?.error?.code ?? status;
const as = (who: Who) => people[who].client;
const nonce = randomUUID;

/** Runs a table of cases, each by its name. */
function attempts(cases: () => Case[]): void {
  it('each ends as it must', async () => {
    const found: Record<string, string | number> = {};
    const expected: Record<string, string | number> = {};
    for (const [what, attempt, outcome] of cases()) {
      expect(expected, `two cases are called ${what}`).not.toHaveProperty([what]);
      expected[what] = outcome;
      found[what] = outcomeOf(await attempt());
    }
    console.log(`${Object.keys(found).length} cases`);
    expect(found).toEqual(expected);
  });
}

describe('forging who one is', () => {
  const post = (who: Who, more: object) =>
    as(who).post(at('messages'), { text: 'words', nonce: nonce(), ...more });
  const header = (headers: Record<string, string>) => as('user').post(at('clear'), {}, { headers });
  attempts(() => [
    ['a user announces', () => post('user', { kind: 'admin' }), 'auth.forbidden'],
    ['a moderator announces', () => post('moderator', { kind: 'admin' }), 'auth.forbidden'],
    ['a room’s moderator announces', () => post('ofRoom', { kind: 'admin' }), 'auth.forbidden'],
    ['an announcement’s look without being one', () => post('admin', { style: 'warning' }), 'frame.invalid'],
    [
      'an announcement of an unknown look',
      () => post('admin', { kind: 'admin', style: 'red' }),
      'frame.invalid',
    ],
    ['words of the system', () => post('admin', { kind: 'system' }), 'frame.invalid'],
    ['words of the AI', () => post('admin', { kind: 'ai' }), 'frame.invalid'],
    ['words in another’s name', () => post('user', { author: { id: victim.user.id } }), 'frame.invalid'],
    ['words already removed', () => post('user', { removed: true }), 'frame.invalid'],
    ['a guest writes', () => post('guest', {}), 'auth.required'],
    [
      'a role by header',
      () => header({ 'x-role': 'admin', 'x-user': people.admin.user.id }),
      'auth.forbidden',
    ],
    [
      'a role by a forged cookie',
      () => header({ cookie: `${as('user').cookie}; role=admin` }),
      'auth.forbidden',
    ],
    [
      'a session that was made up',
      () => as('guest').post(at('clear'), {}, { headers: { cookie: 'sid=s%3Aforged.sig' } }),
      'auth.required',
    ],
    [
      'staff’s request from another site',
      () => as('admin').post(at('clear'), {}, { headers: { 'sec-fetch-site': 'cross-site' } }),
      'csrf',
    ],
    [
      'staff’s request from another origin',
      () => as('admin').post(at('clear'), {}, { headers: { origin: 'https://evil.example' } }),
      'csrf',
    ],
    [
      'a role among one’s own settings',
      () => as('user').patch('/user/me', { role: 'admin' }),
      'frame.invalid',
    ],
    [
      'a role at registration',
      () =>
        as('guest').post('/user/register', {
          username: uniqueName(),
          nickname: uniqueName(),
          password: 'correct horse 1',
          role: 'admin',
        }),
      'frame.invalid',
    ],
    ['the name of the staff', () => as('user').patch('/user/me', { nickname: 'Adm1n' }), 'name.reserved'],
    [
      'the name of an administrator',
      () => as('user').patch('/user/me', { nickname: people.admin.user.nickname.toUpperCase() }),
      'name.taken',
    ],
    [
      'a sanction by somebody else',
      () =>
        as('moderator').post(at('sanctions'), {
          user: victim.user.id,
          action: 'ban',
          by: people.admin.user.id,
        }),
      'frame.invalid',
    ],
    [
      'a pin in another’s name',
      () => as('moderator').request('PUT', at('pin'), { target: seqs.victims, by: people.admin.user.id }),
      'frame.invalid',
    ],
  ]);
});

describe('acting above one’s rank', () => {
  const mayNot: [Who, string][] = [
    ['guest', 'auth.required'],
    ['user', 'auth.forbidden'],
    ['ofOther', 'auth.forbidden'],
  ];
  const verbs: [string, (who: Who) => Promise<Answer>][] = [
    [
      'times somebody out',
      (who) => as(who).post(at('sanctions'), { user: victim.user.id, action: 'timeout' }),
    ],
    ['bans somebody', (who) => as(who).post(at('sanctions'), { user: victim.user.id, action: 'ban' })],
    [
      'bans somebody by name',
      (who) => as(who).post(at('sanctions'), { user: victim.user.nickname, action: 'ban' }),
    ],
    ['lifts a sanction', (who) => as(who).delete(at('sanctions', sanctions.moderators))],
    ['lifts by name', (who) => as(who).delete(`${at('sanctions')}?user=${victim.user.id}`)],
    ['reads the ban list', (who) => as(who).get(at('sanctions'))],
    ['restores a message', (who) => as(who).post(at('messages', `${seqs.removed}/restore`), {})],
    ['reads a removed message', (who) => as(who).get(at('messages', `${seqs.removed}/removed`))],
    ['removes another’s message', (who) => as(who).delete(at('messages', seqs.victims))],
    ['pins', (who) => as(who).request('PUT', at('pin'), { target: seqs.victims })],
    ['unpins', (who) => as(who).delete(at('pin'))],
    ['clears the room', (who) => as(who).post(at('clear'), {})],
    [
      'restores what was removed of somebody',
      (who) => as(who).post(at('people', `${victim.user.id}/restore`), {}),
    ],
    ['warns somebody', (who) => as(who).post(at('warnings'), { user: victim.user.id, reason: 'words' })],
    ['reads somebody’s card', (who) => as(who).get(at('people', `${victim.user.id}/card`))],
    [
      'notes something about somebody',
      (who) => as(who).post(at('people', `${victim.user.id}/notes`), { text: 'words' }),
    ],
    ['reads what was reported', (who) => as(who).get(at('reports'))],
    ['dismisses reports', (who) => as(who).post(at('reports', `${seqs.victims}/dismiss`), {})],
    ['reads what is held', (who) => as(who).get(at('held'))],
    ['approves what is held', (who) => as(who).post(at('held', `${randomUUID()}/approve`), {})],
    ['marks a question answered', (who) => as(who).post(at('questions', `${randomUUID()}/answer`), {})],
    ['switches a mode', (who) => as(who).patch(at(''), { settings: { slowMode: 300 } })],
    ['blocks a word', (who) => as(who).post(at('terms'), { terms: [{ text: 'words' }] })],
    ['reads the blocked words', (who) => as(who).get(at('terms'))],
    ['reads the action log', (who) => as(who).get(at('actions'))],
    [
      'makes themselves a moderator',
      (who) => as(who).request('PUT', at('moderators', people[who].user.id), undefined),
    ],
    [
      'bans from the whole server',
      (who) => as(who).post('/api/sanctions', { user: victim.user.id, action: 'ban' }),
    ],
    [
      'makes themselves an administrator',
      (who) => as(who).patch(`/api/users/${people[who].user.id}`, { role: 'admin' }),
    ],
  ];
  attempts(() => [
    ...mayNot.flatMap(([who, refusal]) =>
      verbs.map(([what, attempt]): Case => [`${who} ${what}`, () => attempt(who), refusal]),
    ),
    ...(['ofRoom', 'moderator'] as const).flatMap((who): Case[] => [
      [
        `${who} times a moderator out`,
        () =>
          as(who).post(at('sanctions'), {
            user: people[who === 'ofRoom' ? 'moderator' : 'ofRoom'].user.id,
            action: 'timeout',
          }),
        'auth.forbidden',
      ],
      [
        `${who} bans an administrator`,
        () => as(who).post(at('sanctions'), { user: people.admin.user.id, action: 'ban' }),
        'auth.forbidden',
      ],
      [
        `${who} bans the first administrator by name`,
        () => as(who).post(at('sanctions'), { user: people.founder.user.nickname, action: 'ban' }),
        'auth.forbidden',
      ],
      [
        `${who} bans themselves`,
        () => as(who).post(at('sanctions'), { user: people[who].user.id, action: 'ban' }),
        'auth.forbidden',
      ],
      [
        `${who} lifts a moderator’s time-out`,
        () => as(who).delete(at('sanctions', sanctions.moderators)),
        'auth.forbidden',
      ],
      [
        `${who} removes an administrator’s message`,
        () => as(who).delete(at('messages', seqs.admins)),
        'auth.forbidden',
      ],
      [
        `${who} restores what an administrator removed`,
        () => as(who).post(at('messages', `${seqs.removedByAdmin}/restore`), {}),
        'auth.forbidden',
      ],
      [
        `${who} reads what an administrator removed`,
        () => as(who).get(at('messages', `${seqs.removedByAdmin}/removed`)),
        'auth.forbidden',
      ],
      [
        `${who} restores what was taken back`,
        () => as(who).post(at('messages', `${seqs.takenBack}/restore`), {}),
        'auth.forbidden',
      ],
      [
        `${who} puts words in another’s mouth`,
        () => as(who).patch(at('messages', seqs.victims), { text: 'mine', nonce: nonce() }),
        'auth.forbidden',
      ],
      [`${who} renames the room`, () => as(who).patch(at(''), { title: 'Mine' }), 'auth.forbidden'],
      [`${who} closes the room`, () => as(who).patch(at(''), { archived: true }), 'auth.forbidden'],
      [
        `${who} tells of arrivals`,
        () => as(who).patch(at(''), { settings: { noticesUpTo: 1 } }),
        'auth.forbidden',
      ],
      [
        `${who} makes a moderator`,
        () => as(who).request('PUT', at('moderators', victim.user.id), undefined),
        'auth.forbidden',
      ],
      [
        `${who} makes an administrator`,
        () => as(who).patch(`/api/users/${people[who].user.id}`, { role: 'admin' }),
        'auth.forbidden',
      ],
      [
        `${who} blocks a word everywhere`,
        () => as(who).post('/api/terms', { terms: [{ text: 'words' }] }),
        'auth.forbidden',
      ],
    ]),
    [
      'a room’s moderator bans from the server',
      () => as('ofRoom').post('/api/sanctions', { user: victim.user.id, action: 'ban' }),
      'auth.forbidden',
    ],
    [
      'a moderator removes a moderator’s message',
      () => as('ofRoom').delete(at('messages', seqs.moderators)),
      'auth.forbidden',
    ],
    [
      'an administrator bans the first one',
      () => as('admin').post(at('sanctions'), { user: people.founder.user.id, action: 'ban' }),
      'auth.forbidden',
    ],
    [
      'an administrator bans the first one everywhere',
      () => as('admin').post('/api/sanctions', { user: people.founder.user.id, action: 'ban' }),
      'auth.forbidden',
    ],
    [
      'an administrator demotes the first one',
      () => as('admin').patch(`/api/users/${people.founder.user.id}`, { role: 'user' }),
      'auth.forbidden',
    ],
    [
      'an administrator restores what was taken back',
      () => as('admin').post(at('messages', `${seqs.takenBack}/restore`), {}),
      'auth.forbidden',
    ],
  ]);
});

describe('reports, warnings, cards and guests', () => {
  let guest: TestUser['client'];
  let guestsId: string;
  let accused: TestUser;
  let mine: { warning: string; note: string; reported: number; own: number };
  beforeAll(async () => {
    accused = await aUser(app);
    await as('admin').patch(at(''), { settings: { guests: true } });
    guest = app.client(uniqueAddress());
    guestsId = (await guest.post('/user/guest', { nickname: uniqueName('g'), room })).body.user.id;
    const own = await say(accused);
    const warned = { user: accused.user.id, reason: 'be kind' };
    const noted = at('people', `${accused.user.id}/notes`);
    mine = {
      warning: (await as('moderator').post(at('warnings'), warned)).body.warning.id,
      note: (await as('moderator').post(noted, { text: 'was rude' })).body.note.id,
      reported: seqs.moderators,
      own,
    };
    const reported = await victim.client.post(at('messages', `${mine.reported}/report`), { reason: 'spam' });
    expect(reported.status).toBe(204);
  });
  const report = (by: TestUser['client'], seq: number, more: object = {}, where = room) =>
    by.post(at('messages', `${seq}/report`, where), { reason: 'spam', ...more });
  const acknowledge = (by: TestUser['client'], id = mine.warning, where = room) =>
    by.post(at('warnings', `${id}/acknowledge`, where));
  const cardOf = (who: Who, whom: TestUser) => as(who).get(at('people', `${whom.user.id}/card`));
  const warn = (who: Who, whom: TestUser, more: object = {}) =>
    as(who).post(at('warnings'), { user: whom.user.id, reason: 'words', ...more });
  attempts(() => [
    ['nobody reports', () => report(as('guest'), seqs.victims), 'auth.required'],
    ['a named guest reports', () => report(guest, seqs.victims), 'auth.required'],
    ['one’s own message reported', () => report(accused.client, mine.own), 'auth.forbidden'],
    ['a removed message reported', () => report(as('user'), seqs.removed), 'not-found'],
    ['an entry that is no message reported', () => report(as('user'), seqs.takenBack + 1), 'not-found'],
    ['a message that never was reported', () => report(as('user'), 9_999_999), 'not-found'],
    [
      'a message of another’s conversation reported',
      () => report(as('admin'), 1, {}, conversation),
      'not-found',
    ],
    ['a message of no room reported', () => report(as('user'), 1, {}, 'no-such-room'), 'not-found'],
    [
      'a report in another’s name',
      () => report(as('user'), seqs.victims, { by: victim.user.id }),
      'frame.invalid',
    ],
    [
      'a report with a score of the AI',
      () => report(as('user'), seqs.victims, { score: 99 }),
      'frame.invalid',
    ],
    [
      'a report for no reason there is',
      () => report(as('user'), seqs.victims, { reason: 'ugly' }),
      'frame.invalid',
    ],
    [
      'staff dismiss what is reported of themselves',
      () => as('moderator').post(at('reports', `${mine.reported}/dismiss`), {}),
      'auth.forbidden',
    ],
    [
      'reports of another room dismissed',
      () => as('ofOther').post(at('reports', `${mine.reported}/dismiss`, other), {}),
      'not-found',
    ],

    ['nobody acknowledges', () => acknowledge(as('guest')), 'auth.required'],
    ['a named guest acknowledges another’s warning', () => acknowledge(guest), 'not-found'],
    ['a user acknowledges another’s warning', () => acknowledge(as('user')), 'not-found'],
    ['staff acknowledge for whom they warned', () => acknowledge(as('moderator')), 'not-found'],
    [
      'a warning acknowledged in another room',
      () => acknowledge(accused.client, undefined, other),
      'not-found',
    ],
    ['a warning that never was', () => acknowledge(accused.client, randomUUID()), 'not-found'],
    [
      'one writes with the warning unread all the same',
      () => accused.client.post(at('messages'), { text: 'words', nonce: nonce() }),
      'user.warned',
    ],
    ['a moderator warns a moderator', () => warn('ofRoom', people.moderator), 'auth.forbidden'],
    ['a moderator warns an administrator', () => warn('moderator', people.admin), 'auth.forbidden'],
    ['an administrator warns the first one', () => warn('admin', people.founder), 'auth.forbidden'],
    ['staff warn themselves', () => warn('moderator', people.moderator), 'auth.forbidden'],
    [
      'a warning in another’s name',
      () => warn('moderator', victim, { by: people.admin.user.id }),
      'frame.invalid',
    ],
    ['a warning without words', () => warn('moderator', victim, { reason: ' ' }), 'frame.invalid'],

    ['a moderator reads an administrator’s card', () => cardOf('moderator', people.admin), 'auth.forbidden'],
    ['a moderator reads a moderator’s card', () => cardOf('ofRoom', people.moderator), 'auth.forbidden'],
    ['staff read their own card', () => cardOf('moderator', people.moderator), 'auth.forbidden'],
    [
      'one reads one’s own card',
      () => accused.client.get(at('people', `${accused.user.id}/card`)),
      'auth.forbidden',
    ],
    [
      'a moderator takes another’s note away',
      () => as('ofRoom').delete(at('people', `${accused.user.id}/notes/${mine.note}`)),
      'auth.forbidden',
    ],
    [
      'a note taken away as if it were about another',
      () => as('moderator').delete(at('people', `${victim.user.id}/notes/${mine.note}`)),
      'not-found',
    ],
    [
      'a note taken away from another room',
      () => as('admin').delete(at('people', `${accused.user.id}/notes/${mine.note}`, other)),
      'not-found',
    ],
    [
      'a moderator restores all that an administrator removed of somebody',
      () => as('moderator').post(at('people', `${victim.user.id}/restore`), { removal: seqs.takenBack + 2 }),
      'auth.forbidden',
    ],
    [
      'somebody’s messages restored by what removed another’s',
      () => as('admin').post(at('people', `${accused.user.id}/restore`), { removal: seqs.takenBack + 1 }),
      'not-found',
    ],

    [
      'a guest times somebody out',
      () => guest.post(at('sanctions'), { user: victim.user.id, action: 'timeout' }),
      'auth.required',
    ],
    [
      'a guest reads the card of another',
      () => guest.get(at('people', `${victim.user.id}/card`)),
      'auth.required',
    ],
    ['a guest removes another’s message', () => guest.delete(at('messages', seqs.victims)), 'auth.forbidden'],
    [
      'a guest takes a second name',
      () => guest.patch('/user/me', { nickname: uniqueName() }),
      'auth.required',
    ],
    [
      'a guest with the name of the staff',
      () => app.client(uniqueAddress()).post('/user/guest', { nickname: 'M0derator', room }),
      'name.reserved',
    ],
    [
      'a guest with a user’s name',
      () => app.client(uniqueAddress()).post('/user/guest', { nickname: victim.user.nickname, room }),
      'name.taken',
    ],
    [
      'a guest of one room writes in another',
      () => guest.post(at('messages', '', other), { text: 'words', nonce: nonce() }),
      'room.members-only',
    ],
    [
      'a guest made a moderator',
      () => as('admin').request('PUT', at('moderators', guestsId), undefined),
      'not-found',
    ],
    [
      'a guest logged in as',
      () =>
        as('guest').post('/user/login', {
          username: `~${guestsId.replaceAll('-', '').slice(0, 19)}`,
          password: '',
        }),
      'frame.invalid',
    ],
    [
      'a named guest announces',
      () => guest.post(at('messages'), { text: 'words', nonce: nonce(), kind: 'admin' }),
      'auth.forbidden',
    ],
  ]);
});

describe('guessing ids', () => {
  attempts(() => [
    [
      'a message of another room removed',
      () => as('ofRoom').delete(at('messages', elsewhere.seq + 40)),
      'not-found',
    ],
    [
      'a message of another room pinned',
      () => as('ofRoom').request('PUT', at('pin'), { target: elsewhere.seq + 40 }),
      'not-found',
    ],
    [
      'an entry that is no message pinned',
      () => as('ofRoom').request('PUT', at('pin'), { target: seqs.takenBack + 1 }),
      'not-found',
    ],
    [
      'a removed message pinned',
      () => as('ofRoom').request('PUT', at('pin'), { target: seqs.removed }),
      'not-found',
    ],
    [
      'an entry that is no message restored',
      () => as('admin').post(at('messages', `${seqs.takenBack + 1}/restore`), {}),
      'not-found',
    ],
    [
      'what stands restored',
      () => as('admin').post(at('messages', `${seqs.victims}/restore`), {}),
      'not-found',
    ],
    ['a seq that is none', () => as('admin').post(at('messages', '-1/restore'), {}), 'not-found'],
    [
      'a seq beyond all numbers',
      () => as('admin').post(at('messages', '99999999999999999999/restore'), {}),
      'not-found',
    ],
    [
      'a sanction of another room lifted',
      () => as('ofRoom').delete(at('sanctions', elsewhere.sanction)),
      'not-found',
    ],
    [
      'a sanction of the server lifted in a room',
      () => as('admin').delete(at('sanctions', sanctions.everywhere)),
      'not-found',
    ],
    ['a sanction that never was', () => as('admin').delete(at('sanctions', randomUUID())), 'not-found'],
    ['a term of another room allowed', () => as('ofRoom').delete(at('terms', elsewhere.term)), 'not-found'],
    [
      'a term of a room allowed on the server',
      () => as('admin').delete(`/api/terms/${elsewhere.term}`),
      'not-found',
    ],
    [
      'somebody who never was sanctioned',
      () => as('moderator').post(at('sanctions'), { user: randomUUID(), action: 'ban' }),
      'not-found',
    ],
    [
      'somebody sanctioned by their username',
      () => as('moderator').post(at('sanctions'), { user: victim.username, action: 'ban' }),
      'not-found',
    ],
    [
      'a room that is not there cleared',
      () => as('admin').post('/api/rooms/no-such-room/clear', {}),
      'not-found',
    ],
    [
      'another’s conversation read',
      () => as('admin').get(`/api/rooms/${conversation}/messages`),
      'not-found',
    ],
    [
      'another’s conversation cleared',
      () => as('founder').post(`/api/rooms/${conversation}/clear`, {}),
      'not-found',
    ],
    [
      'another’s conversation pinned in',
      () => as('founder').request('PUT', `/api/rooms/${conversation}/pin`, { target: 1 }),
      'not-found',
    ],
    [
      'one’s own conversation moderated',
      () => victim.client.post(`/api/rooms/${conversation}/clear`, {}),
      'not-found',
    ],
  ]);
});

describe('what cannot be', () => {
  const sanction = (more: object) =>
    as('moderator').post(at('sanctions'), { user: victim.user.id, action: 'timeout', ...more });
  attempts(() => [
    ['a time-out for ever', () => sanction({ seconds: 99_999_999 }), 'frame.invalid'],
    ['a time-out of nothing', () => sanction({ seconds: 0 }), 'frame.invalid'],
    ['a time-out into the past', () => sanction({ seconds: -600 }), 'frame.invalid'],
    ['a time-out of no number', () => sanction({ seconds: null }), 'frame.invalid'],
    ['a ban with an end', () => sanction({ action: 'ban', seconds: 60 }), 'frame.invalid'],
    ['a kind of sanction there is not', () => sanction({ action: 'delete' }), 'frame.invalid'],
    ['a reason as long as a book', () => sanction({ reason: 'x'.repeat(501) }), 'frame.invalid'],
    ['a person who is a pattern', () => sanction({ user: { $ne: '' } }), 'frame.invalid'],
    ['a person with a NUL', () => sanction({ user: 'a\0b' }), 'frame.invalid'],
    [
      'a pin for a year',
      () => as('moderator').request('PUT', at('pin'), { target: seqs.victims, seconds: 31_536_000 }),
      'frame.invalid',
    ],
    [
      'a clearing of what is to come',
      () => as('moderator').post(at('clear'), { upTo: 9_007_199_254_740_991 }),
      'frame.invalid',
    ],
    [
      'a restoration with another text',
      () => as('moderator').post(at('messages', `${seqs.removed}/restore`), { text: 'mine' }),
      'frame.invalid',
    ],
    [
      'an announcement as long as a book',
      () => as('admin').post(at('messages'), { text: 'x'.repeat(501), nonce: nonce(), kind: 'admin' }),
      'text.too-long',
    ],
    ['a search that is a pattern', () => as('moderator').get(`${at('sanctions')}?q=%25`), 200],
  ]);
});

describe('passing a blocked word', () => {
  const spellings = [
    'b@dword'.replace('@', 'a'),
    'BADWORD',
    '\u0412\u0410DWORD',
    '🅱adword',
    'ｂａｄｗｏｒｄ',
    'bad\u200Bword',
    'b\u00ADadword',
    'bád̈word',
    'bаdword',
    '나쁜말',
    '나\u200B쁜말',
    '나쁜말',
    '나쁜말'.normalize('NFD'),
  ];
  it('is refused however it is written, in a new message and in an edit', async () => {
    const slug = await aRoom();
    const terms = [{ text: 'badword' }, { text: '나쁜말' }];
    await as('admin').post(at('terms', '', slug), { terms });
    for (const text of spellings) {
      const writer = await aUser(app);
      const fine = await say(writer, slug, 'fine');
      const said = await writer.client.post(at('messages', '', slug), { text, nonce: nonce() });
      expect(outcomeOf(said), `${text} said`).toBe('text.blocked');
      const edited = await writer.client.patch(at('messages', fine, slug), { text, nonce: nonce() });
      expect(outcomeOf(edited), `${text} in an edit`).toBe('text.blocked');
    }
  });
});

describe('at the same moment', () => {
  const all = (attempts: Promise<Answer>[]) =>
    Promise.all(attempts).then((answers) => answers.map(outcomeOf));

  it('an edit and a removal: nothing of either is ever shown', async () => {
    const [writer, slug] = [await aUser(app), await aRoom()];
    const seq = await say(writer, slug, 'the first secret');
    await all([
      writer.client.patch(at('messages', seq, slug), { text: 'the second secret', nonce: nonce() }),
      as('moderator').delete(at('messages', seq, slug)),
      writer.client.patch(at('messages', seq, slug), { text: 'the third secret', nonce: nonce() }),
    ]);
    expect((await as('user').get(at('messages', '', slug))).text).not.toContain('secret');
  });

  it('two who restore: it is restored once', async () => {
    const [writer, slug] = [await aUser(app), await aRoom()];
    const seq = await say(writer, slug);
    await as('moderator').delete(at('messages', seq, slug));
    const restore = (who: Who) => as(who).post(at('messages', `${seq}/restore`, slug), {});
    expect(new Set(await all([restore('moderator'), restore('admin')]))).toEqual(new Set([200, 'not-found']));
  });

  it('two who ban: one ban is in force, and one lift ends it', async () => {
    const [person, slug] = [await aUser(app), await aRoom()];
    const ban = (who: Who) =>
      as(who).post(at('sanctions', '', slug), { user: person.user.id, action: 'ban' });
    expect(await all([ban('moderator'), ban('admin'), ban('founder')])).toEqual([201, 201, 201]);
    const { sanctions: found } = (await as('admin').get(at('sanctions', '', slug))).body;
    expect(found).toHaveLength(1);
    const lift = () => as('admin').delete(at('sanctions', found[0].id, slug));
    expect(new Set(await all([lift(), lift()]))).toEqual(new Set([204, 'not-found']));
    await say(person, slug);
  });

  it('two who pin: the newer pin is the one everybody has', async () => {
    const [writer, slug] = [await aUser(app), await aRoom()];
    const [first, second] = [await say(writer, slug), await say(writer, slug)];
    const pin = (who: Who, target: number) => as(who).request('PUT', at('pin', '', slug), { target });
    const answers = await Promise.all([pin('moderator', first), pin('admin', second)]);
    const newest = Math.max(...answers.map(({ body }) => body.seq));
    expect((await app.client().get(at('pin', '', slug))).body.pin.seq).toBe(newest);
  });

  it('a ban and what its person does: nothing of theirs stands behind it', async () => {
    const [person, slug] = [await aUser(app), await aRoom()];
    await as('admin').request('PUT', at('moderators', person.user.id, slug), undefined);
    const [mine, target] = [await say(person, slug), await say(await aUser(app), slug)];
    const done = all([
      person.client.post(at('messages', '', slug), { text: 'late', nonce: nonce() }),
      as('admin').post(at('sanctions', '', slug), { user: person.user.id, action: 'ban' }),
      person.client.patch(at('messages', mine, slug), { text: 'late', nonce: nonce() }),
      person.client.delete(at('messages', target, slug)),
      person.client.post(at('clear', '', slug), {}),
      person.client.request('PUT', at('pin', '', slug), { target }),
      person.client.post(at('sanctions', '', slug), { user: victim.user.id, action: 'ban' }),
    ]);
    await done;
    const { entries } = (await as('admin').get(`${at('messages', '', slug)}?limit=200`)).body;
    const ban = entries.findIndex(
      ({ event, data }: { event: string; data: { user?: { id: string } } }) =>
        event === 'user.sanctioned' && data.user?.id === person.user.id,
    );
    expect(ban).toBeGreaterThan(-1);
    expect(entries.slice(ban + 1)).toEqual([]);
    // Also once it is known to be in force; only what was stored before is told again.
    const refused = [
      person.client.post(at('messages', '', slug), { text: 'later', nonce: nonce() }),
      person.client.post(at('clear', '', slug), {}),
      person.client.request('PUT', at('pin', '', slug), { target }),
      person.client.delete(at('messages', mine, slug)),
    ];
    expect(await all(refused)).toEqual(refused.map(() => 'user.banned'));
  });

  it('a moderator who is dismissed: what they do next is refused', async () => {
    const [person, slug] = [await aUser(app), await aRoom()];
    await as('admin').request('PUT', at('moderators', person.user.id, slug), undefined);
    const target = await say(await aUser(app), slug);
    await as('admin').delete(at('moderators', person.user.id, slug));
    const refused = [
      person.client.post(at('clear', '', slug), {}),
      person.client.request('PUT', at('pin', '', slug), { target }),
      person.client.delete(at('messages', target, slug)),
    ];
    expect(await all(refused)).toEqual(refused.map(() => 'auth.forbidden'));
  });
});
