/**
 * Plays an HLS playlist: hls.js, loaded only then, where the browser can be fed by scripts, and the browser itself on phones that
 * cannot.
 *
 * @import { Translate } from './strings.js'
 */

import { findSlot, tell } from './dom.js';

const LIBRARY = '../vendor/hls.js';

/** An event that has not begun, or a line that was cut: tried again after so long, not by all viewers at once. */
const RETRY_MS = 10_000;

/** @typedef {'live' | 'recording' | 'waiting'} StreamState waiting: there is nothing to play */

/**
 * @param {HTMLVideoElement} video its source in `data-hls`
 * @param {Translate} t
 * @param {(state: StreamState) => void} onState
 */
export async function playHls(video, t, onState) {
  const source = video.dataset['hls'] ?? '';
  const note = video.parentElement && findSlot(video.parentElement, 'player-note', HTMLElement);
  const retry = note && findSlot(note, 'player-retry', HTMLElement);
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  retry?.addEventListener('click', () => void start());
  await start();

  async function start() {
    clearTimeout(timer);
    try {
      // Chromium plays some playlists itself by now, but does not tell a live one before its first picture.
      if (!('MediaSource' in window) && video.canPlayType('application/vnd.apple.mpegurl')) {
        video.addEventListener('error', failed, { once: true });
        video.addEventListener('loadedmetadata', () => plays(video.duration === Infinity), { once: true });
        video.src = source;
      } else {
        await attach(video, source, plays, failed);
      }
    } catch {
      failed();
    }
  }

  /** @param {boolean} live */
  function plays(live) {
    note?.toggleAttribute('hidden', true);
    onState(live ? 'live' : 'recording');
  }

  function failed() {
    onState('waiting');
    if (note) {
      tell(findSlot(note, 'player-text', HTMLElement) ?? note, t('player.failed'));
      note.hidden = false;
    }
    clearTimeout(timer);
    timer = setTimeout(() => void start(), RETRY_MS * (1 + Math.random()));
  }
}

/**
 * @param {HTMLVideoElement} video
 * @param {string} source
 * @param {(live: boolean) => void} plays
 * @param {() => void} failed
 */
async function attach(video, source, plays, failed) {
  /** @type {typeof import('hls.js')} */
  const { default: Hls } = await import(LIBRARY);
  // Its worker would be made from a blob, which our policy does not allow.
  const hls = new Hls({ enableWorker: false });
  hls.on(Hls.Events.LEVEL_LOADED, (_event, { details }) => plays(details.live));
  hls.on(Hls.Events.ERROR, (_event, { fatal }) => {
    if (fatal) {
      hls.destroy();
      failed();
    }
  });
  hls.loadSource(source);
  hls.attachMedia(video);
}
