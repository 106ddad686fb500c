/**
 * Makes room for the keyboard of a phone. Where the browser shrinks the page itself (`interactive-widget`), only the parts that
 * can be spared give way; where the keyboard lies over the page (Safari), the page is made as high as what can be seen.
 */

/** A toolbar that comes and goes is smaller than this; no keyboard is. */
const KEYBOARD_PX = 120;
const TEXT_FIELDS =
  'textarea, input:not([type="checkbox"], [type="radio"], [type="button"], [type="submit"])';

/** Watches for it until the page is left. */
export function makeRoomForKeyboard() {
  const view = window.visualViewport;
  if (!view || !matchMedia('(pointer: coarse)').matches) {
    return;
  }
  const root = document.documentElement;
  let { width, height: tallest } = view;
  const look = () => {
    // Pinch zoom shows less of the page too, and is nothing to make room for.
    if (view.scale > 1) {
      return;
    }
    if (view.width !== width) {
      width = view.width;
      tallest = view.height;
    }
    tallest = Math.max(tallest, view.height);
    const isWriting = document.activeElement?.matches(TEXT_FIELDS) ?? false;
    const isOpen = isWriting && tallest - view.height > KEYBOARD_PX;
    root.toggleAttribute('data-keyboard', isOpen);
    if (isOpen && window.innerHeight - view.height > KEYBOARD_PX) {
      root.style.setProperty('--visible', `${view.height}px`);
      // Safari scrolls the page under the keyboard to show the field, which is in sight already.
      window.scrollTo(0, 0);
    } else {
      root.style.removeProperty('--visible');
    }
  };
  view.addEventListener('resize', look);
  document.addEventListener('focusout', look);
}
