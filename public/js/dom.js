/**
 * Makes an element. Text goes in as text, never as markup.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string | number | boolean | null | undefined>} [attributes] null, undefined and false are left out
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(name, value === true ? '' : String(value));
    }
  }
  element.append(...children);
  return element;
}

/**
 * The part of the markup that goes by this name, or null where the page does without it.
 * @template {HTMLElement} Kind
 * @param {ParentNode} root
 * @param {string} name
 * @param {abstract new (...args: never) => Kind} kind what element it has to be
 * @returns {Kind | null}
 */
export function findSlot(root, name, kind) {
  const found = root.querySelector(`[data-slot="${name}"]`);
  return found instanceof kind ? found : null;
}

/**
 * The same where the markup always has it: its absence is a fault of ours.
 * @param {ParentNode} root
 * @param {string} name
 */
export function slot(root, name) {
  return need(findSlot(root, name, HTMLElement), name);
}

/** @template Found @param {Found | null} found @param {string} name @returns {Found} */
export function need(found, name) {
  if (found === null) {
    throw new Error(`The markup has no slot "${name}".`);
  }
  return found;
}

/** A copy of the one element inside a template of the page. @param {string} id @returns {HTMLElement} */
export function cloneTemplate(id) {
  const template = document.getElementById(id);
  const content = template instanceof HTMLTemplateElement ? template.content.firstElementChild : null;
  const copy = content?.cloneNode(true);
  if (!(copy instanceof HTMLElement)) {
    throw new Error(`The page has no template "${id}".`);
  }
  return copy;
}

/** Sets a text and hides the element while there is none. @param {HTMLElement} element @param {string} text */
export function tell(element, text) {
  element.textContent = text;
  element.hidden = text === '';
}

/** Sets a text, and touches nothing where it stands already: a page would lay out anew. @param {HTMLElement} element @param {string} text */
export function write(element, text) {
  if (element.childElementCount > 0 || element.textContent !== text) {
    element.textContent = text;
  }
}

/**
 * Makes these the children of a list, in this order. Those that stay are left alone, so that selection and place survive.
 * @param {Element} list
 * @param {Iterable<Element>} rows
 */
export function arrange(list, rows) {
  let place = list.firstElementChild;
  for (const row of rows) {
    if (row === place) {
      place = place.nextElementSibling;
    } else {
      list.insertBefore(row, place);
    }
  }
  while (place) {
    const next = place.nextElementSibling;
    place.remove();
    place = next;
  }
}
