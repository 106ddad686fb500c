import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { DataSource } from 'typeorm';

import type { TestApp } from './support/app.js';
import { aRoomBy, aUser, type TestUser, uniqueName } from './support/factories.js';
import { startWithStaff } from './support/staffed.js';
import { gif, movingWebp, png, WEBP } from './support/pictures.js';
import { SocketClient } from './support/socket-client.js';

let app: TestApp;
let admin: TestUser;
let moderator: TestUser;
let helper: TestUser;
let ann: TestUser;
beforeAll(async () => {
  ({ app, admin, moderator } = await startWithStaff());
  helper = await aUser(app);
  ann = await aUser(app);
});
afterAll(() => app.stop());

async function aRoom(): Promise<string> {
  const slug = await aRoomBy(admin);
  await admin.client.request('PUT', `/api/rooms/${slug}/moderators/${helper.user.id}`);
  return slug;
}

const put = (
  person: Pick<TestUser, 'client'>,
  slug: string,
  name: string,
  body: Uint8Array,
  type = 'image/png',
) =>
  person.client.request('PUT', `/api/rooms/${slug}/emotes/${encodeURIComponent(name)}`, body, {
    headers: { 'content-type': type },
  });
const list = async (slug: string) => (await app.client().get(`/api/rooms/${slug}/emotes`)).body.emotes;
const guest = () => ({ client: app.client() });

describe('the emotes of a room', () => {
  it('are its staff’s to choose, and everybody’s to see', async () => {
    const slug = await aRoom();
    expect((await put(guest(), slug, 'wave', png(24))).status).toBe(401);
    expect((await put(ann, slug, 'wave', png(24))).status).toBe(403);
    expect((await put(helper, 'main', 'wave', png(24))).status).toBe(403);
    expect((await put(admin, 'nowhere', 'wave', png(24))).status).toBe(404);
    for (const [person, name] of [
      [helper, 'by_helper'],
      [moderator, 'by_moderator'],
      [admin, 'by_admin'],
    ] as const) {
      const answer = await put(person, slug, name, png(24));
      expect([answer.status, answer.body]).toEqual([201, { emote: { name, image: expect.any(String) } }]);
    }
    expect((await list(slug)).map(({ name }: { name: string }) => name)).toEqual([
      'by_admin',
      'by_helper',
      'by_moderator',
    ]);
    const path = `/api/rooms/${slug}/emotes/by_admin`;
    expect((await app.client().delete(path)).status).toBe(401);
    expect((await ann.client.delete(path)).status).toBe(403);
    expect((await helper.client.delete(path)).status).toBe(204);
    expect((await helper.client.delete(path)).status).toBe(404);
    expect(await list(slug)).toHaveLength(2);
    expect(await list('main')).toEqual([]);
    const { actions } = (await helper.client.get(`/api/rooms/${slug}/actions`)).body;
    expect(actions.slice(0, 2)).toMatchObject([
      { action: 'emote.remove', by: { id: helper.user.id }, details: { names: ['by_admin'] } },
      { action: 'emote.add', by: { id: admin.user.id }, details: { names: ['by_admin'] } },
    ]);
  });

  it('are served as what they are, for ever, and may do nothing', async () => {
    const slug = await aRoom();
    const pictures = [
      ['png', png(24), 'image/png'],
      ['gif', gif(20, [[1, 2, 3]]), 'image/gif'],
      ['webp', WEBP, 'image/webp'],
    ] as const;
    for (const [name, bytes, type] of pictures) {
      // What the sender calls it makes no difference.
      const { emote } = (await put(helper, slug, name, bytes, 'application/octet-stream')).body;
      const answer = await fetch(app.url + emote.image);
      expect(Buffer.from(await answer.arrayBuffer()).equals(bytes), name).toBe(true);
      expect(Object.fromEntries(answer.headers)).toMatchObject({
        'content-type': type,
        'cache-control': 'public, max-age=31536000, immutable',
        'content-security-policy': "default-src 'none'; sandbox",
        'x-content-type-options': 'nosniff',
        'cross-origin-resource-policy': 'same-origin',
      });
      expect(answer.headers.get('set-cookie')).toBeNull();
    }
    expect((await app.client().get(`/emotes/${'A'.repeat(22)}`)).status).toBe(404);
    expect((await app.client().get('/emotes/%00')).status).toBe(404);
  });

  it('that move can be had without', async () => {
    const slug = await aRoom();
    const moving = gif(20, [
      [194, 55, 31],
      [63, 79, 168],
    ]);
    const { emote } = (await put(helper, slug, 'blink', moving)).body;
    expect(emote.animated).toBe(true);
    const bytes = async (path: string) => Buffer.from(await (await fetch(app.url + path)).arrayBuffer());
    expect((await bytes(emote.image)).length).toBe(moving.length);
    expect((await bytes(`${emote.image}/still`)).length).toBeLessThan(moving.length);
    expect((await put(helper, slug, 'webp', movingWebp())).body.emote.animated).toBe(true);
    const still = (await put(helper, slug, 'calm', png(8))).body.emote;
    expect(still).not.toHaveProperty('animated');
    expect(await bytes(`${still.image}/still`)).toEqual(await bytes(still.image));
  });

  it.each([
    ['svg', '<svg xmlns="http://www.w3.org/2000/svg"/>', 'image/svg+xml', 400, 'frame.invalid'],
    ['page', '<script>alert(1)</script>', 'image/png', 400, 'frame.invalid'],
    ['cut', png(24).subarray(0, 60), 'image/png', 400, 'frame.invalid'],
    ['tail', Buffer.concat([png(24), Buffer.from('<script>')]), 'image/png', 400, 'frame.invalid'],
    ['huge', png(257), 'image/png', 400, 'frame.invalid'],
    ['heavy', Buffer.concat([png(24), Buffer.alloc(30 * 1024)]), 'image/png', 413, 'body.too-large'],
    ['text', png(24), 'text/plain', 415, 'body.unsupported'],
    ['json', Buffer.from('{}'), 'application/json', 415, 'body.unsupported'],
    ['x', png(24), 'image/png', 400, 'frame.invalid'],
    ['Wave', png(24), 'image/png', 400, 'frame.invalid'],
    ['하늘', png(24), 'image/png', 400, 'frame.invalid'],
    ['a'.repeat(33), png(24), 'image/png', 400, 'frame.invalid'],
  ])('refuse %s', async (name, bytes, type, status, code) => {
    const answer = await put(helper, await aRoom(), name, Buffer.from(bytes), type);
    expect([answer.status, answer.body.error.code]).toEqual([status, code]);
  });

  it('have one name each, also when two add it at the same time', async () => {
    const slug = await aRoom();
    const answers = await Promise.all([put(helper, slug, 'same', png(8)), put(admin, slug, 'same', png(9))]);
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 409]);
    expect(answers.find(({ status }) => status === 409)!.body.error.code).toBe('name.taken');
    expect(await list(slug)).toHaveLength(1);
    expect((await put(helper, await aRoom(), 'same', png(8))).status).toBe(201);
  });

  it('are at most two hundred', async () => {
    const slug = await aRoom();
    const { emote } = (await put(helper, slug, 'e_0', png(8))).body;
    const imageId = emote.image.slice('/emotes/'.length);
    await app
      .get(DataSource)
      .query(
        `INSERT INTO emotes (room_id, name, image_id, type, animated, content, by_id, at) VALUES ${Array.from(
          { length: 198 },
          (_, index) =>
            `((SELECT id FROM rooms WHERE slug = '${slug}'), 'e_${index + 1}', '${imageId}', 'image/png', false, '', '', 0)`,
        ).join(', ')}`,
      );
    const both = await Promise.all([put(helper, slug, 'last', png(8)), put(admin, slug, 'over', png(8))]);
    expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 400]);
    expect(await list(slug)).toHaveLength(200);
    const { status, body } = await put(helper, slug, 'too_many', png(8));
    expect([status, Object.keys(body.error.fields)]).toEqual([400, ['name']]);
  });
});

describe('whoever is in the room', () => {
  it('is told which there are, and at their place in the log what comes and goes', async () => {
    const slug = await aRoom();
    const { emote: wave } = (await put(helper, slug, 'wave', png(24))).body;
    const socket = await SocketClient.open(app.url, `/ws?room=${slug}`);
    const welcome = await socket.next('welcome');
    expect(welcome.emotes).toEqual([wave]);
    const { emote: blink } = (
      await put(
        helper,
        slug,
        'blink',
        gif(8, [
          [1, 1, 1],
          [2, 2, 2],
        ]),
      )
    ).body;
    expect((await socket.next('room.changed', ({ emotes }) => emotes?.added !== undefined)).emotes).toEqual({
      added: [wave],
    });
    expect((await socket.next('room.changed')).emotes).toEqual({ added: [blink] });
    await helper.client.delete(`/api/rooms/${slug}/emotes/wave`);
    const { seq, emotes } = await socket.next('room.changed');
    expect(emotes).toEqual({ removed: ['wave'] });
    socket.close();

    const late = await SocketClient.open(app.url, `/ws?room=${slug}`);
    expect((await late.next('welcome')).emotes).toEqual([blink]);
    late.close();
    const { epoch } = welcome;
    const back = await SocketClient.open(app.url, `/ws?room=${slug}&after=${seq - 1}&epoch=${epoch}`);
    expect(await back.next('welcome')).not.toHaveProperty('emotes');
    expect((await back.next('room.changed')).emotes).toEqual({ removed: ['wave'] });
    back.close();
    expect(
      (await (await SocketClient.open(app.url, '/ws?room=lobby')).next('welcome')).emotes,
    ).toBeUndefined();
  });

  it('may write them where only emojis are wanted', async () => {
    const slug = await aRoom();
    await put(helper, slug, 'wave', png(24));
    await helper.client.patch(`/api/rooms/${slug}`, { settings: { emojiOnly: true } });
    const say = async (text: string) => {
      const nonce = uniqueName('nonce');
      return (await ann.client.post(`/api/rooms/${slug}/messages`, { text, nonce })).status;
    };
    expect(await say(':wave: 👍 :wave::wave:')).toBe(201);
    expect(await say(':unknown:')).toBe(400);
    expect(await say(':wave: hi')).toBe(400);
  });

  it('sees them in the page, and their names in the log', async () => {
    const slug = await aRoom();
    const { emote } = (await put(helper, slug, 'wave', png(24))).body;
    const text = 'hi :wave: **:wave:** `:wave:` :nope:';
    await ann.client.post(`/api/rooms/${slug}/messages`, { text, nonce: uniqueName('nonce') });
    const picture = `<img class="emote" src="${emote.image}" alt=":wave:" title=":wave:" width="28" height="28" decoding="async" draggable="false">`;
    const page = (await app.client().get(`/chat/${slug}`, { headers: { accept: 'text/html' } })).text;
    expect(page).toContain(`hi ${picture} <strong>${picture}</strong> <code>:wave:</code> :nope:</bdi>`);
    const { entries } = (await app.client().get(`/api/rooms/${slug}/messages`)).body;
    expect(entries.at(-1).data.text).toBe(text);
    const found = await ann.client.get(`/api/rooms/${slug}/search?q=wave`);
    expect(found.body.messages).toHaveLength(1);
  });

  it('who is staff has a page for them', async () => {
    const slug = await aRoom();
    const { emote } = (await put(helper, slug, 'wave', png(24))).body;
    const page = async (person: TestUser) =>
      person.client.get(`/rooms/${slug}/emotes`, { headers: { accept: 'text/html' } });
    expect((await page(ann)).status).toBe(403);
    const { status, text } = await page(helper);
    expect(status).toBe(200);
    expect(text).toContain(`src="${emote.image}"`);
    expect(text).toContain('1 emote of at most 200');
    expect(text).toContain(`data-action="/api/rooms/${slug}/emotes/wave"`);
  });
});
