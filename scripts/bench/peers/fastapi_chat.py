# FastAPI on uvicorn with SQLite, as the first description of this product had it.
import json
import sqlite3
import sys

import uvicorn
from fastapi import FastAPI, WebSocket, WebSocketDisconnect

app = FastAPI()
clients: set[WebSocket] = set()
database = sqlite3.connect(sys.argv[1], isolation_level=None)
database.execute("PRAGMA journal_mode=WAL")
database.execute("CREATE TABLE messages (seq INTEGER PRIMARY KEY, text TEXT, nonce TEXT)")


@app.websocket("/")
async def chat(socket: WebSocket):
    await socket.accept()
    clients.add(socket)
    try:
        while True:
            said = json.loads(await socket.receive_text())["data"]
            row = database.execute("INSERT INTO messages (text, nonce) VALUES (?, ?)", (said["text"], said["nonce"]))
            said.update(seq=row.lastrowid, author={"id": "bench", "nickname": "bench"})
            message = json.dumps({"event": "message.posted", "data": said}, separators=(",", ":"))
            for client in list(clients):
                await client.send_text(message)
    except WebSocketDisconnect:
        clients.discard(socket)


uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[2]), log_level="info", ws_per_message_deflate=False)
