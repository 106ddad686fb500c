// The plain server everybody writes first: parse, stringify once, send to each.
import { WebSocketServer } from 'ws';

const server = new WebSocketServer({ port: 0, perMessageDeflate: false });
let seq = 0;
server.on('connection', (socket) => {
  socket.on('message', (data: Buffer) => {
    const { text, nonce, sent } = JSON.parse(data.toString()).data;
    const message = JSON.stringify({
      event: 'message.posted',
      data: {
        seq: ++seq,
        text,
        nonce,
        sent,
        author: { id: 'bench', nickname: 'bench' },
        at: new Date().toISOString(),
      },
    });
    for (const client of server.clients) {
      client.send(message);
    }
  });
});
server.on('listening', () => console.log(`port ${(server.address() as { port: number }).port}`));
