/**
 * Plays an HLS playlist: the browser itself where it can, hls.js, loaded only then, where it cannot.
 *
 * @import { Translate } from './strings.js'
 */

import { findSlot, tell } from './dom.js';

const LIBRARY = '/vendor/hls.js';

/** @param {HTMLVideoElement} video its source in `data-hls` @param {Translate} t */
export async function playHls(video, t) {
  const source = video.dataset['hls'] ?? '';
  const note = video.parentElement && findSlot(video.parentElement, 'player-note', HTMLElement);
  const retry = note && findSlot(note, 'player-retry', HTMLElement);
  retry?.addEventListener('click', () => {
    note?.toggleAttribute('hidden', true);
    void start();
  });
  await start();

  async function start() {
    try {
      if (video.canPlayType('application/vnd.apple.mpegurl')) {
        video.addEventListener('error', failed, { once: true });
        video.src = source;
      } else {
        await attach(video, source, failed);
      }
    } catch {
      failed();
    }
  }

  function failed() {
    if (note) {
      tell(findSlot(note, 'player-text', HTMLElement) ?? note, t('player.failed'));
      note.hidden = false;
    }
  }
}

/** @param {HTMLVideoElement} video @param {string} source @param {() => void} failed */
async function attach(video, source, failed) {
  /** @type {typeof import('hls.js')} */
  const { default: Hls } = await import(LIBRARY);
  // Its worker would be made from a blob, which our policy does not allow.
  const hls = new Hls({ enableWorker: false });
  hls.on(Hls.Events.ERROR, (_event, { fatal }) => {
    if (fatal) {
      hls.destroy();
      failed();
    }
  });
  hls.loadSource(source);
  hls.attachMedia(video);
}
