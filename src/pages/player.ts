import { parseEmbed } from '../common/embed-address.js';

/** What plays beside the chat, and what the page's policy must allow for it. */
export interface Player {
  kind: 'youtube' | 'twitch' | 'hls';
  title: string;
  /** The address of a frame; absent for HLS. */
  frame?: string;
  /** The playlist of a `<video>`; absent for frames. */
  source?: string;
  /** Directives to widen, for `contentSecurityPolicy`. */
  policy: Record<string, string>;
}

/** Hosts that may frame a Twitch player are named to Twitch by host name alone. */
const HOST_NAME = /^[a-z0-9.-]{1,253}$/i;

/**
 * The player of a stored event address; null without one, or when it can no longer be understood. `host` is the name this
 * page is seen under, which Twitch wants to know. Pure.
 */
export function playerOf(embed: string | null, title: string, host: string): Player | null {
  const address = embed === null ? null : parseEmbed(embed);
  if (address === null) {
    return null;
  }
  if (address.provider === 'youtube') {
    return framed('youtube', title, `https://www.youtube-nocookie.com/embed/${address.id}`);
  }
  if (address.provider === 'twitch') {
    const query = new URLSearchParams({
      ...('channel' in address ? { channel: address.channel } : { video: address.video }),
      parent: HOST_NAME.test(host) ? host : 'localhost',
    });
    return framed('twitch', title, `https://player.twitch.tv/?${query.toString()}`);
  }
  const { origin } = new URL(address.url);
  return {
    kind: 'hls',
    title,
    source: address.url,
    policy: { 'media-src': `'self' blob: ${origin}`, 'connect-src': `'self' ${origin}` },
  };
}

function framed(kind: 'youtube' | 'twitch', title: string, frame: string): Player {
  return { kind, title, frame, policy: { 'frame-src': new URL(frame).origin } };
}
