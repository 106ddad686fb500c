/** The types of `mentions.js` for the server, which is compiled apart from the browser's code and uses it as it is. */
export function mentions(text: string, nickname: string): boolean;
