/** A live event beside its chat; also the chat alone, for a window of its own, OBS or another site. */
import { startChat } from './chat.js';
import { enableForms } from './forms.js';
import { playHls } from './hls-player.js';
import { pageStrings } from './page-strings.js';

/** A changed event needs another page (its policy names the player's host); all viewers at once would be a stampede. */
const SPREAD_MS = 3000;

enableForms();

const video = document.querySelector('video[data-hls]');
if (video instanceof HTMLVideoElement) {
  void playHls(video, pageStrings());
}

const view = startChat();
let embed = /** @type {string | null | undefined} */ (undefined);
view?.panel.addEventListener('madang:room', () => {
  const { presence, room } = view.room.log;
  const watching = document.getElementById('stream-watching');
  if (watching && presence) {
    watching.textContent = view.t('stream.watching', { count: presence.count });
  }
  if (room?.embed !== undefined && room.embed !== embed) {
    embed = room.embed;
    setTimeout(() => location.reload(), Math.random() * SPREAD_MS);
  }
});
