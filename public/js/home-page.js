/** The front page: what is open, with the lobby beside it. */
import { startChat } from './chat.js';

startChat();
