/** A chat of its own beside whatever else is on the screen. */
const SIZE = 'popup,width=420,height=720';

/** Links to the pop-out open a small window; where that is not allowed, and with a modifier key, they stay links. */
export function openPopouts() {
  for (const link of document.querySelectorAll('a[href$="/popout"]')) {
    link.addEventListener('click', (event) => {
      const isPlain = event instanceof MouseEvent && !event.ctrlKey && !event.metaKey && !event.shiftKey;
      const address = link.getAttribute('href') ?? '';
      if (isPlain && window.open(address, `madang ${address}`, SIZE)) {
        event.preventDefault();
      }
    });
  }
}
