/**
 * Whether the text calls this person by `@nickname`, followed by something that cannot continue the name (a Korean
 * particle may: `@아라님`). The server's pages use it too.
 * @param {string} text
 * @param {string} nickname
 */
export function mentions(text, nickname) {
  const call = `@${nickname}`.normalize('NFC').toLowerCase();
  const said = text.normalize('NFC').toLowerCase();
  for (let at = said.indexOf(call); at !== -1; at = said.indexOf(call, at + 1)) {
    const after = said.slice(at + call.length);
    if (!/^[\p{L}\p{N}_]/u.test(after) || /^[\uac00-\ud7a3]/u.test(after)) {
      return true;
    }
  }
  return false;
}
