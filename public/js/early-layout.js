/*
 * Before anything is painted: the layout that this reader chose for events, so that nothing jumps once stream-layout.js runs.
 * A classic script, since modules wait for the page.
 */
(() => {
  try {
    const { theatre, hidden, width } = JSON.parse(localStorage.getItem('madang:stream-layout') ?? '{}');
    const root = document.documentElement;
    root.toggleAttribute('data-theatre', theatre === true);
    root.toggleAttribute('data-chat-hidden', hidden === true);
    if (Number.isInteger(width)) {
      root.style.setProperty('--chat-width', `${width}px`);
    }
  } catch {
    // Without storage, or with something else in it, the layout is the usual one.
  }
})();
