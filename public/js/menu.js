import { el } from './dom.js';

/**
 * Opens a menu beside its button. Arrow keys, Home and End move in it; Escape, Tab and a click elsewhere close it, and the
 * focus goes back to the button.
 * @param {HTMLElement} button
 * @param {{ label: string, danger?: boolean, run: () => void }[]} items
 */
export function openMenu(button, items) {
  const choices = items.map(({ label, danger, run }) => {
    const choice = el(
      'button',
      { type: 'button', role: 'menuitem', tabindex: -1, class: danger ? 'danger' : null },
      label,
    );
    choice.addEventListener('click', () => {
      close();
      run();
    });
    return choice;
  });
  const menu = el(
    'ul',
    { class: 'menu', role: 'menu', popover: 'auto', 'aria-label': button.getAttribute('aria-label') },
    ...choices.map((choice) => el('li', { role: 'none' }, choice)),
  );
  menu.addEventListener('keydown', (event) => move(event, choices, close));
  menu.addEventListener('toggle', ({ newState }) => {
    if (newState === 'closed') {
      window.removeEventListener('resize', follow);
      button.setAttribute('aria-expanded', 'false');
      menu.remove();
    }
  });
  button.setAttribute('aria-expanded', 'true');
  // Inside a landmark, where assistive technology looks for it; as a popover it is shown above everything anyway.
  (document.querySelector('main') ?? document.body).append(menu);
  menu.showPopover();
  follow();
  window.addEventListener('resize', follow);
  choices[0]?.focus();

  function follow() {
    place(menu, button);
  }

  function close() {
    menu.hidePopover();
    button.focus();
  }
}

/** @param {KeyboardEvent} event @param {HTMLElement[]} choices @param {() => void} close */
function move(event, choices, close) {
  const at = choices.findIndex((choice) => choice === document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
  if (to !== undefined) {
    event.preventDefault();
    choices.at(to % choices.length)?.focus();
  } else if (event.key === 'Tab' || event.key === 'Escape') {
    event.preventDefault();
    close();
  }
}

/** Below the button, or above it where there is no room. @param {HTMLElement} menu @param {HTMLElement} button */
function place(menu, button) {
  const edge = button.getBoundingClientRect();
  const { width, height } = menu.getBoundingClientRect();
  const below = edge.bottom + height <= window.innerHeight;
  menu.style.position = 'fixed';
  menu.style.inset = 'auto';
  menu.style.margin = '0';
  const lowest = window.innerHeight - height - 8;
  menu.style.top = `${Math.max(8, below ? edge.bottom : Math.min(edge.top - height, lowest))}px`;
  menu.style.left = `${Math.max(8, Math.min(edge.right - width, window.innerWidth - width - 8))}px`;
}
