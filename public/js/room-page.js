/** The page of a chat room. */
import { startChat } from './chat.js';

void startChat();
