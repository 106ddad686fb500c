/** The types of `linkify.js` for the server; see `inline-marks.d.ts`. */
export function linkify(text: string): { text: string; href?: string }[];
export function safeHref(address: string): string | null;
