/** The front page: what is open, or one's conversations with the AI, with the lobby beside it. */
import { startChat } from './chat.js';
import { startTalk } from './talk.js';

startTalk();
void startChat();
