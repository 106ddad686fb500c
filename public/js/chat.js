import { RoomView } from './room-view.js';

/** Brings the chat panel of this page to life; null on a page without one. */
export function startChat() {
  const panel = document.getElementById('chat');
  if (!panel) {
    return null;
  }
  const view = new RoomView(panel);
  view.start();
  return view;
}
