import { describe, expect, it } from 'vitest';

import { takePerson, takeSpan } from '../public/js/command-args.js';
import type { Place } from '../public/js/command-deeds.js';
import { COMMANDS, commandsFor, describeCommand, readCommand } from '../public/js/commands.js';
import { chooseWaiting, waitingFor } from '../public/js/command-waiting.js';
import type { Message } from '../public/js/entries.js';
import { translator } from '../public/js/strings.js';
import { en } from '../src/common/i18n/en.js';

const people = [
  { id: 'id-ann', nickname: 'Ann' },
  { id: 'id-ann-b', nickname: 'Ann Bee' },
  { id: 'id-haneul', nickname: '하늘' },
];
const said = (seq: number, id: string, removed: Message['removed'] = null): Message => ({
  type: 'message',
  seq,
  id: `m${seq}`,
  kind: 'chat',
  author: { id, nickname: '', role: 'user', color: 0 },
  text: removed ? null : 'words',
  at: '',
  edited: false,
  removed,
});
const place = (more: Partial<Place> = {}): Place => ({
  slug: 'lobby',
  role: 'admin',
  people,
  messages: [said(1, 'id-ann'), said(2, 'id-ann'), said(3, 'id-ann', 'staff'), said(4, 'id-ann', 'author')],
  poll: null,
  replyTo: null,
  ...more,
});
const read = (text: string, more: Partial<Place> = {}) => readCommand(text, place(more));

/** A request in short: its method, the path below the room, and its body. */
function asked(text: string, more: Partial<Place> = {}): unknown {
  const deed = read(text, more);
  return deed && 'do' in deed && deed.do === 'request'
    ? [deed.method, deed.path.replace('/api/rooms/lobby', ''), deed.body]
    : deed;
}

it.each([
  ['Ann rest', 'id-ann', 'rest'],
  ['@ann', 'id-ann', ''],
  ['@Ann Bee  10m', 'id-ann-b', '10m'],
  ['@Anna 10m', 'Anna', '10m'],
  ['@"Gone Person" why', 'Gone Person', 'why'],
  ['“Ann Bee” why', 'id-ann-b', 'why'],
  ['@하늘 10분', 'id-haneul', '10분'],
  ['@', undefined, '@'],
  ['', undefined, ''],
])('whom %j begins with', (args, user, rest) => {
  const taken = takePerson(args, people);
  expect([taken.who?.user, taken.rest]).toEqual([user, rest]);
});

it.each([
  ['90', 90, ''],
  ['90s loud', 90, 'loud'],
  ['10m', 600, ''],
  ['2H', 7200, ''],
  ['3d spam', 259_200, 'spam'],
  ['10분 도배', 600, '도배'],
  ['1시간', 3600, ''],
  ['10x', null, '10x'],
  ['10mm', null, '10mm'],
  ['loud', null, 'loud'],
  ['-5', null, '-5'],
])('how long %j is', (args, seconds, rest) => {
  expect(takeSpan(args)).toEqual({ seconds, rest });
});

const settling = (verb: string, name: string, user: string, called: string, words: string) => ({
  do: 'settle',
  verb,
  who: { user, name: called },
  words,
  done: `command.done-${name}`,
});

describe('a command', () => {
  it.each([
    [
      '/timeout @Ann 10m too loud',
      ['POST', '/sanctions', { user: 'id-ann', action: 'timeout', seconds: 600, reason: 'too loud' }],
    ],
    ['/timeout @Gone', ['POST', '/sanctions', { user: 'Gone', action: 'timeout', seconds: 300 }]],
    [
      '/TIMEOUT @Ann loud',
      ['POST', '/sanctions', { user: 'id-ann', action: 'timeout', seconds: 300, reason: 'loud' }],
    ],
    [
      '/ban @Ann Bee spam links',
      ['POST', '/sanctions', { user: 'id-ann-b', action: 'ban', reason: 'spam links' }],
    ],
    [
      '/ban @Ann remove spam',
      ['POST', '/sanctions', { user: 'id-ann', action: 'ban', removeMessages: true, reason: 'spam' }],
    ],
    ['/ban @Ann 삭제', ['POST', '/sanctions', { user: 'id-ann', action: 'ban', removeMessages: true }]],
    [
      '/timeout @Ann 10m remove',
      ['POST', '/sanctions', { user: 'id-ann', action: 'timeout', seconds: 600, removeMessages: true }],
    ],
    [
      '/timeout @Ann removed it all',
      ['POST', '/sanctions', { user: 'id-ann', action: 'timeout', seconds: 300, reason: 'removed it all' }],
    ],
    [
      '/serverban @Ann address remove spam',
      [
        'POST',
        '/api/sanctions',
        { user: 'id-ann', action: 'ban', address: true, removeMessages: true, reason: 'spam' },
      ],
    ],
    ['/block buy now*', ['POST', '/terms', { terms: [{ text: 'buy now*' }] }]],
    ['/block hold cheap', ['POST', '/terms', { terms: [{ text: 'cheap', outcome: 'hold' }] }]],
    ['/block 가리기 나쁜말', ['POST', '/terms', { terms: [{ text: '나쁜말', outcome: 'mask' }] }]],
    ['/block mask', ['POST', '/terms', { terms: [{ text: 'mask' }] }]],
    ['/unblock buy now*', { do: 'unblock', text: 'buy now*' }],
    ['/ignore @Ann', { do: 'ignore', who: { user: 'id-ann', name: 'Ann' } }],
    ['/ignore @Gone', { fault: 'command.no-message', params: { name: 'Gone' } }],
    ['/unignore @Gone', { do: 'unignore', who: { user: 'Gone', name: 'Gone' } }],
    ['/length 500', ['PATCH', '', { settings: { textLimit: 500 } }]],
    ['/length 501', { fault: 'command.usage', params: { name: 'length' } }],
    ['/unban @"A & B"', ['DELETE', '/sanctions?user=A+%26+B&action=ban', {}]],
    ['/untimeout 하늘', ['DELETE', '/sanctions?user=id-haneul&action=timeout', {}]],
    ['/hide @Ann trolling', ['POST', '/sanctions', { user: 'id-ann', action: 'hide', reason: 'trolling' }]],
    ['/unhide @Ann', ['DELETE', '/sanctions?user=id-ann&action=hide', {}]],
    ['/report @Ann spam all day', ['POST', '/messages/2/report', { reason: 'spam', words: 'all day' }]],
    ['/report @Ann 괴롭힘', ['POST', '/messages/2/report', { reason: 'harassment' }]],
    ['/report @Ann rude words', ['POST', '/messages/2/report', { reason: 'other', words: 'rude words' }]],
    ['/dismiss @Ann it is fine', ['POST', '/reports/2/dismiss', { reason: 'it is fine' }]],
    ['/note @Ann was rude', ['POST', '/people/id-ann/notes', { text: 'was rude' }]],
    ['/card @Ann Bee', { do: 'card', who: 'id-ann-b' }],
    ['/answered @Ann Bee', settling('answer', 'answered', 'id-ann-b', 'Ann Bee', '')],
    ['/unask @Gone so late', settling('remove', 'unask', 'Gone', 'Gone', 'so late')],
    ['/approve @"A & B"', settling('approve', 'approve', 'A & B', 'A & B', '')],
    ['/deny 하늘 광고', settling('deny', 'deny', 'id-haneul', '하늘', '광고')],
    ['/warn @Ann be kind', ['POST', '/warnings', { user: 'id-ann', reason: 'be kind' }]],
    ['/remove @Ann off topic', ['DELETE', '/messages/2', { reason: 'off topic' }]],
    ['/restore @Ann', ['POST', '/people/id-ann/restore', {}]],
    ['/restore @Gone by mistake', ['POST', '/people/Gone/restore', { reason: 'by mistake' }]],
    ['/slow 10', ['PATCH', '', { settings: { slowMode: 10 } }]],
    ['/slow 1m', ['PATCH', '', { settings: { slowMode: 60 } }]],
    ['/delay 10', ['PATCH', '', { settings: { delay: 10 } }]],
    ['/delay 1m', ['PATCH', '', { settings: { delay: 60 } }]],
    ['/delay off', ['PATCH', '', { settings: { delay: 0 } }]],
    ['/established 15m', ['PATCH', '', { settings: { established: 900 } }]],
    ['/hold', ['PATCH', '', { settings: { hold: true } }]],
    ['/aiwatch flag', ['PATCH', '', { settings: { aiWatch: 'flag' } }]],
    ['/aiwatch FLAG 65%', ['PATCH', '', { settings: { aiWatch: 'flag', aiWatchAbove: 65 } }]],
    ['/aiwatch hold 90', ['PATCH', '', { settings: { aiWatch: 'hold', aiWatchAbove: 90 } }]],
    ['/aiwatch off', ['PATCH', '', { settings: { aiWatch: 'off' } }]],
    ['/shield off', ['PATCH', '', { settings: { shield: false } }]],
    ['/slow off', ['PATCH', '', { settings: { slowMode: 0 } }]],
    ['/hostsonly', ['PATCH', '', { settings: { hostsOnly: true } }]],
    ['/hostsonly off', ['PATCH', '', { settings: { hostsOnly: false } }]],
    ['/guests', ['PATCH', '', { settings: { guests: true } }]],
    ['/guests off', ['PATCH', '', { settings: { guests: false } }]],
    ['/links off', ['PATCH', '', { settings: { noLinks: true } }]],
    ['/links on', ['PATCH', '', { settings: { noLinks: false } }]],
    ['/unpin', ['DELETE', '/pin', {}]],
    ['/ask Why so late?', ['POST', '/questions', { text: 'Why so late?' }]],
    ['/questions on', ['PATCH', '', { settings: { questions: true } }]],
    ['/reactions off', ['PATCH', '', { settings: { reactions: false } }]],
    [
      '/poll "Tea?" "Yes, please" "No" 2m',
      ['POST', '/polls', { question: 'Tea?', choices: ['Yes, please', 'No'], seconds: 120 }],
    ],
    [
      '/poll “차?” “네” “아니요”',
      ['POST', '/polls', { question: '차?', choices: ['네', '아니요'], seconds: 60 }],
    ],
    ['/serverban @Ann spam', ['POST', '/api/sanctions', { user: 'id-ann', action: 'ban', reason: 'spam' }]],
    [
      '/serverban @Ann address spam',
      ['POST', '/api/sanctions', { user: 'id-ann', action: 'ban', address: true, reason: 'spam' }],
    ],
    ['/serverunban @Gone', ['DELETE', '/api/sanctions?user=Gone&action=ban', {}]],
    ['/mod @Gone/../x', ['PUT', '/moderators/Gone%2F..%2Fx', {}]],
    ['/unmod @Ann', ['DELETE', '/moderators/id-ann', {}]],
    ['/pin 10m hello all', { do: 'say', text: 'hello all', pin: { seconds: 600 } }],
    ['/pin hello all', { do: 'say', text: 'hello all', pin: {} }],
    ['/announce Doors open', { do: 'say', text: 'Doors open', kind: 'admin', style: 'info' }],
    ['/announce warning No flash', { do: 'say', text: 'No flash', kind: 'admin', style: 'warning' }],
    ['/announce 축하 100명!', { do: 'say', text: '100명!', kind: 'admin', style: 'celebration' }],
    ['/rules', { do: 'rules' }],
    ['/rules Be kind.\nNo ads.', ['PATCH', '', { settings: { rules: 'Be kind.\nNo ads.' } }]],
    ['/rules off', ['PATCH', '', { settings: { rules: '' } }]],
    ['/welcome 어서 오세요', ['PATCH', '', { settings: { welcome: '어서 오세요' } }]],
    ['/live', ['POST', '/sessions', {}]],
    ['/live The first evening', ['POST', '/sessions', { title: 'The first evening' }]],
    ['/end', ['POST', '/sessions/end', {}]],
    ['/raid main', ['POST', '/raid', { to: 'main' }]],
    ['/raid /streaming/main 45s', ['POST', '/raid', { to: 'main', seconds: 45 }]],
    ['/raid stop', ['DELETE', '/raid', {}]],
    ['/raid chat/stop 10', ['POST', '/raid', { to: 'stop', seconds: 10 }]],
    ['/timer', { do: 'timers' }],
    ['/timer 15m Follow us!', ['POST', '/timers', { text: 'Follow us!', minutes: 15 }]],
    ['/timer 1시간 물 마셔요', ['POST', '/timers', { text: '물 마셔요', minutes: 60 }]],
    ['/timer off 3', ['PATCH', '/timers/3', { enabled: false }]],
    ['/timer on 10', ['PATCH', '/timers/10', { enabled: true }]],
    ['/timer remove 1', ['DELETE', '/timers/1', {}]],
    ['/clear a new day', { do: 'clear', reason: 'a new day' }],
    ['/help', { do: 'help' }],
    ['//shrug', { do: 'say', text: '/shrug' }],
    ['  //', { do: 'say', text: '/' }],
    ['no command', null],
    ['look: /ban', null],
  ])('%s', (text, deed) => {
    expect(asked(text)).toEqual(deed);
  });

  it('is about the message that is being answered', () => {
    expect(asked('/pin', { replyTo: 7 })).toEqual(['PUT', '/pin', { target: 7 }]);
    expect(asked('/pin 30s', { replyTo: 7 })).toEqual(['PUT', '/pin', { target: 7, seconds: 30 }]);
    expect(asked('/endpoll', { poll: 'p1' })).toEqual(['POST', '/polls/p1/end', {}]);
    expect(asked('/restore sorry', { replyTo: 7 })).toEqual([
      'POST',
      '/messages/7/restore',
      { reason: 'sorry' },
    ]);
    expect(asked('/remove spam', { replyTo: 7 })).toEqual(['DELETE', '/messages/7', { reason: 'spam' }]);
  });

  it.each([
    ['/', 'command.unknown'],
    ['/bann @Ann', 'command.unknown'],
    ['/timeout', 'command.usage'],
    ['/timeout @Ann 9s', 'command.span'],
    ['/timeout @Ann 15d', 'command.span'],
    ['/ban', 'command.usage'],
    ['/unban @Ann please', 'command.usage'],
    ['/hide', 'command.usage'],
    ['/unhide @Ann please', 'command.usage'],
    ['/remove', 'command.usage'],
    ['/report', 'command.usage'],
    ['/report @하늘 spam', 'command.no-message'],
    ['/warn @Ann', 'command.usage'],
    ['/note @Ann', 'command.usage'],
    ['/card @Ann now', 'command.usage'],
    ['/remove @하늘', 'command.no-message'],
    ['/restore', 'command.usage'],
    ['/block', 'command.usage'],
    ['/unblock', 'command.usage'],
    ['/slow', 'command.usage'],
    ['/slow 2', 'command.usage'],
    ['/established 30s', 'command.usage'],
    ['/aiwatch', 'command.usage'],
    ['/aiwatch on', 'command.usage'],
    ['/aiwatch flag 0', 'command.usage'],
    ['/aiwatch flag 101', 'command.usage'],
    ['/aiwatch flag often', 'command.usage'],
    ['/delay', 'command.usage'],
    ['/delay 61', 'command.usage'],
    ['/delay 5 now', 'command.usage'],
    ['/slow 301', 'command.usage'],
    ['/slow 10 please', 'command.usage'],
    ['/hostsonly maybe', 'command.on-off'],
    ['/links', 'command.on-off'],
    ['/pin', 'command.usage'],
    ['/pin 10s', 'command.pin-span'],
    ['/pin 31m', 'command.pin-span'],
    ['/unpin now', 'command.no-args'],
    ['/ask', 'command.usage'],
    ['/answered', 'command.usage'],
    ['/unask @', 'command.usage'],
    ['/approve', 'command.usage'],
    ['/deny', 'command.usage'],
    ['/poll', 'command.usage'],
    ['/poll Tea? "Yes" "No"', 'command.usage'],
    ['/poll "Tea?" "Yes" "No" soon', 'command.usage'],
    ['/poll "Tea?" "Yes"', 'command.poll-choices'],
    ['/poll "Tea?" "Yes" ""', 'command.poll-choices'],
    ['/poll "Tea?" "1" "2" "3" "4" "5" "6"', 'command.poll-choices'],
    ['/poll "Tea?" "Yes" "No" 14s', 'command.poll-span'],
    ['/poll "Tea?" "Yes" "No" 31m', 'command.poll-span'],
    ['/endpoll', 'command.poll-none'],
    ['/endpoll now', 'command.no-args'],
    ['/announce', 'command.usage'],
    ['/announce warning', 'command.usage'],
    ['/mod', 'command.usage'],
    ['/welcome', 'command.usage'],
    ['/timer 15m', 'command.usage'],
    ['/timer off 11', 'command.usage'],
    ['/timer 4m x', 'command.timer-span'],
    ['/timer 90 x', 'command.timer-span'],
  ])('%s is explained', (text, fault) => {
    expect(read(text)).toMatchObject({ fault });
  });

  it('shows rules to everybody, and takes them from staff alone', () => {
    expect(read('/rules', { role: 'user' })).toEqual({ do: 'rules' });
    expect(read('/rules Be kind.', { role: 'user' })).toMatchObject({ fault: 'command.forbidden' });
  });

  it.each(COMMANDS.map(({ name, who }) => [name, who] as const))('/%s is for %s', (name, who) => {
    const allowed = {
      everybody: ['user', 'moderator', 'admin'],
      staff: ['moderator', 'admin'],
      admin: ['admin'],
    }[who];
    for (const role of ['user', 'moderator', 'admin'] as const) {
      const refused = { fault: 'command.forbidden', params: { name } };
      const answer = readCommand(`/${name}`, place({ role }));
      expect(commandsFor(role).some((command) => command.name === name)).toBe(allowed.includes(role));
      if (allowed.includes(role)) {
        expect(answer).not.toEqual(refused);
      } else {
        expect(answer).toEqual(refused);
      }
    }
  });

  it.each(COMMANDS)('/$name is described', (command) => {
    const sentences = Object.fromEntries(
      Object.entries(en).map(([key, text]) => [key.replace(/^client\./, ''), text]),
    );
    const { args, about } = describeCommand(command, translator(sentences, 'en'));
    expect([args, about].join()).not.toContain('command.');
    expect(args === '').toBe(command.bare === true);
  });
});

describe('what waits for a decision', () => {
  const by = (id: string, nickname: string) => ({ id, nickname, role: 'user' as const, color: 0 });
  const at = '2026-01-01T00:00:00.000Z';
  const question = (
    id: string,
    status: 'open' | 'answered' | 'held',
    text: string,
    author = by('a', 'Ann'),
  ) => ({
    id,
    author,
    text,
    votes: 0,
    at,
    status,
  });
  const questions = [
    question('q1', 'open', 'Why so late?'),
    question('q2', 'answered', 'Who are you?'),
    question('q3', 'held', 'Buy things?'),
    question('q4', 'open', 'Which tool?', by('b', '하늘')),
  ];
  const held = [{ id: 'h1', author: by('a', 'Ann'), text: 'Look here', why: 'mode' as const, at }];
  const paths = (verb: Parameters<typeof waitingFor>[0]) =>
    waitingFor(verb, questions, held).map(({ method, path }) => `${method} ${path}`);

  it('is what the verb can be done to', () => {
    expect(paths('answer')).toEqual(['POST questions/q1/answer', 'POST questions/q4/answer']);
    expect(paths('remove')).toEqual(['q1', 'q2', 'q3', 'q4'].map((id) => `DELETE questions/${id}`));
    expect(paths('approve')).toEqual(['POST held/h1/approve', 'POST questions/q3/approve']);
    expect(paths('deny')).toEqual(['POST held/h1/deny', 'DELETE questions/q3']);
  });

  it.each([
    ['answer', { user: 'a', name: 'Ann' }, '', 'q1'],
    ['answer', { user: '하늘', name: '하늘' }, '', 'q4'],
    ['answer', { user: 'ann', name: 'ann' }, 'LATE', 'q1'],
    ['answer', { user: 'a', name: 'Ann' }, 'who', 'command.waiting-none'],
    ['answer', { user: 'c', name: 'Cho' }, '', 'command.waiting-none'],
    ['approve', { user: 'a', name: 'Ann' }, '', 'command.waiting-many'],
    ['approve', { user: 'a', name: 'Ann' }, 'buy', 'q3'],
    ['deny', { user: 'a', name: 'Ann' }, 'look here', 'h1'],
  ] as const)('to %s of %j with the words “%s” is %s', (verb, who, words, expected) => {
    const choice = chooseWaiting(waitingFor(verb, questions, held), who, words);
    expect('fault' in choice ? choice.fault : choice.one.path.split('/')[1]).toBe(expected);
  });
});
