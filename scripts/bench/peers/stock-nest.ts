// A Nest gateway with the stock WsAdapter, sending to each client in a loop, as Nest's samples do.
import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { WsAdapter } from '@nestjs/platform-ws';
import { MessageBody, SubscribeMessage, WebSocketGateway, WebSocketServer } from '@nestjs/websockets';
import type { Server } from 'ws';

let seq = 0;

@WebSocketGateway({ path: '/' })
class BenchGateway {
  @WebSocketServer()
  server!: Server;

  @SubscribeMessage('say')
  say(@MessageBody() { text, nonce, sent }: { text: string; nonce: string; sent: number }): void {
    const author = { id: 'bench', nickname: 'bench' };
    const data = { seq: ++seq, text, nonce, sent, author, at: new Date().toISOString() };
    for (const client of this.server.clients) {
      client.send(JSON.stringify({ event: 'message.posted', data }));
    }
  }
}

@Module({ providers: [BenchGateway] })
class BenchModule {}

const app = await NestFactory.create(BenchModule, { logger: false });
app.useWebSocketAdapter(new WsAdapter(app));
await app.listen(0);
console.log(`port ${new URL(await app.getUrl()).port}`);
