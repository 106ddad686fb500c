/** @import { Surroundings } from './socket.js' */

/** What a room's connection stands on in a browser. @returns {Surroundings} */
export function browserSurroundings() {
  return {
    WebSocket,
    fetch: (address) => fetch(address),
    setTimeout: (run, ms) => setTimeout(run, ms),
    clearTimeout: (timer) => clearTimeout(timer),
    now: () => performance.now(),
    random: () => Math.random(),
  };
}

/**
 * Calls when a connection should be looked at: the network came, or the page was woken.
 * @param {() => void} check
 * @param {() => void} offline the network went
 */
export function onWaking(check, offline) {
  window.addEventListener('online', check);
  window.addEventListener('offline', offline);
  window.addEventListener('pageshow', ({ persisted }) => persisted && check());
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) {
      check();
    }
  });
}
