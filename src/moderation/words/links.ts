import { LinkifyIt } from 'linkify-it';

const linkify = new LinkifyIt({ fuzzyLink: true, fuzzyEmail: false });
/** What stands between letters without being seen. */
const UNSEEN = /[\p{Default_Ignorable_Code_Point}\p{Cf}]/gu;

/** A scheme that no browser follows, before an address that somebody can. */
const SCHEME = /\b[a-z][a-z0-9+.-]{1,9}:\/\//giu;

/** Where Korean and Japanese go on after an address without a space. */
const SEAM = /(?<=[a-z0-9/])(?=[^\p{ASCII}])/giu;

/**
 * Whether a text has an address that people could follow, with or without `https://`, written wide, with unseen
 * characters in it, or with another full stop.
 */
export function hasLink(text: string): boolean {
  const plain = text
    .normalize('NFKC')
    .replaceAll(UNSEEN, '')
    .replaceAll(/[。｡․]/g, '.')
    .replaceAll(SEAM, ' ');
  return linkify.test(plain) || linkify.test(plain.replaceAll(SCHEME, ' '));
}
