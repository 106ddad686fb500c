import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const ANSWER = `겹치는 값은 \`Set\`이 알아서 지워 줘요. **순서는 그대로** 남아요.

\`\`\`js
// 처음 나온 것만 남아요
const unique = [...new Set(values)];
\`\`\`

| 방법 | 빠르기 | 순서 |
|------|--------|------|
| \`Set\` | 빨라요 | 그대로 |
| \`filter\` | 느려요 | 그대로 |

1. 값이 객체라면 [키로 비교](https://developer.mozilla.org/)해야 해요.
2. 아주 큰 배열이라면 나누어 하세요.
`;

/** A provider that always gives the same answer, cut short to every question in English. */
export async function startDemoModel(): Promise<{ url: string; close(): void }> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (request.method === 'GET') {
        response.end(JSON.stringify({ object: 'list', data: [{ id: 'gpt-3.5-turbo', object: 'model' }] }));
        return;
      }
      const isCut = Buffer.concat(chunks).toString().includes('And in one sentence?');
      const choice = (delta: object, reason: string | null) =>
        `data: ${JSON.stringify({ choices: [{ index: 0, delta, finish_reason: reason }] })}\n\n`;
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(choice({ content: isCut ? 'A Set keeps the first of each value and' : ANSWER }, null));
      response.end(`${choice({}, isCut ? 'length' : 'stop')}data: [DONE]\n\n`);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  server.unref();
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    close: () => server.close(),
  };
}
