// Socket.IO as its documentation shows it, over WebSocket alone.
import { createServer } from 'node:http';

import { Server } from 'socket.io';

const http = createServer();
const io = new Server(http, { transports: ['websocket'], perMessageDeflate: false });
let seq = 0;
io.on('connection', (socket) => {
  socket.on('say', ({ text, nonce, sent }: { text: string; nonce: string; sent: number }) => {
    const author = { id: 'bench', nickname: 'bench' };
    io.emit('message.posted', { seq: ++seq, text, nonce, sent, author, at: new Date().toISOString() });
  });
});
http.listen(0, () => console.log(`port ${(http.address() as { port: number }).port}`));
