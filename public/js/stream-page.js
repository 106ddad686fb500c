/** A live event beside its chat; also the chat alone, for a window of its own, OBS or another site. */
import { startChat } from './chat.js';
import { enableForms } from './forms.js';
import { makeRoomForKeyboard } from './on-screen-keyboard.js';
import { pageStrings } from './page-strings.js';
import { openPopouts } from './popout.js';
import { startStreamLayout } from './stream-layout.js';

/** A changed event needs another page (its policy names the player's host); all viewers at once would be a stampede. */
const SPREAD_MS = 3000;

enableForms();
makeRoomForKeyboard();
openPopouts();
const layout = startStreamLayout();

const state = document.getElementById('stream-state');
const video = document.querySelector('video[data-hls]');
if (video instanceof HTMLVideoElement) {
  void play(video);
}

const view = await startChat(
  layout
    ? {
        t: { says: 'keys.theatre', run: layout.theatre, isThere: layout.isThere },
        h: { says: 'keys.hide-chat', run: layout.hideChat, isThere: layout.isThere },
      }
    : {},
);
/** Carries what this page was made to play; only the page of the event has it. */
const title = document.getElementById('stream-title');
let leaving = false;
view?.panel.addEventListener('madang:room', () => {
  const { presence, room, session } = view.room.log;
  if (state && session && !video) {
    const isOn = session.endedAt === undefined;
    state.classList.toggle('live', isOn);
    state.textContent = view.t(isOn ? 'session.live' : 'session.ended');
  }
  const watching = document.getElementById('stream-watching');
  if (watching && presence) {
    watching.textContent = view.t('stream.watching', { count: presence.count });
  }
  // The replay tells of changes that this page knows already.
  if (title && !leaving && room?.embed !== undefined && (room.embed ?? '') !== title.dataset['embed']) {
    leaving = true;
    setTimeout(() => location.reload(), Math.random() * SPREAD_MS);
  }
});

/** @param {HTMLVideoElement} player */
async function play(player) {
  const t = pageStrings();
  const { playHls } = await import('./hls-player.js');
  await playHls(player, t, (now) => {
    state?.classList.toggle('live', now === 'live');
    if (state) {
      state.textContent = t(`stream.${now}`);
    }
  });
}
