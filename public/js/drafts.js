/**
 * What stands in the box of a room, kept over reloads of this tab.
 * @param {Storage} storage
 * @param {string} key one per room and account
 */
export function draftStore(storage, key) {
  return {
    /** @returns {string} */
    read() {
      try {
        return storage.getItem(key) ?? '';
      } catch {
        return '';
      }
    },
    /** @param {string} text */
    write(text) {
      try {
        if (text === '') {
          storage.removeItem(key);
        } else {
          storage.setItem(key, text);
        }
      } catch {
        // Storage is full or switched off: the box itself still has the text.
      }
    },
  };
}
