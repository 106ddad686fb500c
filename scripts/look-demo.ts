import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';

/** What the pictures need: log-ins to look as. */
export interface Demo {
  cookies: { person: string; admin: string };
  /** The id of a conversation of that person with the AI. */
  conversation: string;
}

const PASSWORD = 'madang 2026';
const LONG_KO =
  '오늘 처음 왔는데 분위기가 정말 좋네요. 다음 곡도 기대하고 있어요! 혹시 지난주 공연을 못 본 사람을 위해 다시 보기 링크가 올라오면 좋겠어요. 미리 고맙습니다.';
const LONG_EN =
  'First time here and the atmosphere is wonderful. Is there a recording of last week for those of us who missed it? https://example.org/a/very/long/address/that/has/to/wrap/somewhere';

/** Fills a fresh server through its public interface, as people would. */
export async function makeDemo(url: string, env: NodeJS.ProcessEnv): Promise<Demo> {
  execFileSync(process.execPath, ['dist/auth/init-admin.js'], {
    env: { ...env, ADMIN_USERNAME: 'operator', ADMIN_PASSWORD: PASSWORD, ADMIN_NICKNAME: '한마당' },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const admin = new Person(url);
  await admin.send('POST', '/user/login', { username: 'operator', password: PASSWORD });
  const [ara, minseo, bora, jun, zoe] = await Promise.all([
    join(url, 'ara_2026', '아라'),
    join(url, 'minseo', '민서'),
    join(url, 'bora_1', 'bora'),
    join(url, 'jun_02', 'jun_02'),
    join(url, 'zoe_long', '이름이아주아주긴사람이에요'),
  ]);

  const rooms = [
    { slug: 'quiet', title: '조용한 방', kind: 'chat' },
    { slug: 'closed', title: '지난 모임', kind: 'chat' },
    { slug: 'books', title: '함께 읽는 책 — 가을에 읽기 좋은 두꺼운 소설들과 그 밖의 이야기', kind: 'chat' },
    { slug: 'alone', title: '목요일 라디오', kind: 'stream' },
  ];
  for (const room of rooms) {
    await admin.send('POST', '/api/rooms', room);
  }
  await admin.send('PATCH', '/api/rooms/main', {
    title: '가을 밤 라이브 — 함께 듣는 음악',
    embed: 'https://stream.invalid/live.m3u8',
  });
  await minseo.say('closed', '다음에 또 만나요');
  await admin.send('PATCH', '/api/rooms/closed', { archived: true });

  for (const slug of ['lobby', 'main', 'alone']) {
    await minseo.say(slug, '첫 곡 제목 아시는 분 계신가요? 정말 좋네요');
    const { seq } = await bora.say(slug, '@아라 아까 말한 그 곡이에요! 다시 듣기 링크는 끝나고 올라온대요');
    await ara.say(slug, '고마워요 👍', seq);
    const { seq: gone } = await jun.say(slug, '이 말은 지워질 거예요');
    await jun.send('DELETE', `/api/rooms/${slug}/messages/${gone}`, { nonce: randomUUID() });
    await admin.say(slug, '9시부터 질문을 받아요. 질문은 Q&A 칸에 남겨 주세요.', undefined, 'admin');
    await zoe.say(slug, LONG_KO);
    await jun.say(slug, LONG_EN);
    const { seq: edited } = await ara.say(slug, '다음 곡은 무엇일가요');
    await ara.send('PATCH', `/api/rooms/${slug}/messages/${edited}`, {
      text: '다음 곡은 무엇일까요?',
      nonce: randomUUID(),
    });
    await admin.say(slug, '조금만 기다려 주세요, 곧 시작해요.');
    await jun.say(slug, '소리 완전 또렷해요 👏👏 👨‍👩‍👧‍👦 ❤️');
  }
  const silence = { user: jun.id, action: 'timeout', seconds: 86_400, reason: '같은 말을 계속 올렸어요' };
  await admin.send('POST', '/api/rooms/lobby/sanctions', silence);
  await admin.send('POST', '/api/sanctions', { ...silence, seconds: 3600 });
  await admin.send('POST', '/api/sanctions', { user: zoe.id, action: 'ban', reason: 'spam' });
  await admin.send('POST', '/api/terms/import', { text: '무료 나눔*\n[mask] 젠장*\nfree coins' });
  await ara.send('POST', '/', { message: '오늘 저녁에 들을 만한 잔잔한 음악을 골라 줘' });
  const { conversation } = await ara.send('POST', '/', { message: '배열에서 겹치는 값을 어떻게 지워?' });
  await ara.send('POST', '/', { message: 'And in one sentence?', conversation });
  return { cookies: { person: ara.sid, admin: admin.sid }, conversation: String(conversation) };
}

async function join(url: string, username: string, nickname: string): Promise<Person> {
  const person = new Person(url);
  const { user } = await person.send('POST', '/user/register', { username, nickname, password: PASSWORD });
  person.id = (user as { id: string }).id;
  return person;
}

class Person {
  sid = '';
  id = '';

  constructor(private readonly url: string) {}

  async send(method: string, path: string, body: unknown): Promise<Record<string, unknown>> {
    const response = await fetch(this.url + path, {
      method,
      headers: { 'content-type': 'application/json', ...(this.sid && { cookie: `sid=${this.sid}` }) },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) {
      throw new Error(`${method} ${path}: ${response.status} ${text}`);
    }
    for (const cookie of response.headers.getSetCookie()) {
      this.sid = /^sid=([^;]+)/.exec(cookie)?.[1] ?? this.sid;
    }
    return text ? (JSON.parse(text) as Record<string, unknown>) : {};
  }

  async say(slug: string, text: string, replyTo?: number, kind?: 'admin'): Promise<{ seq: number }> {
    const { seq } = await this.send('POST', `/api/rooms/${slug}/messages`, {
      text,
      nonce: randomUUID(),
      replyTo,
      kind,
    });
    return { seq: Number(seq) };
  }
}
