/** Where an event plays. `id` has been checked to hold nothing that needs escaping in an address. */
export type EmbedAddress =
  | { provider: 'youtube'; id: string }
  | { provider: 'twitch'; channel: string }
  | { provider: 'twitch'; video: string }
  | { provider: 'hls'; url: string };

const YOUTUBE_HOSTS = new Set(['youtube.com', 'm.youtube.com', 'music.youtube.com', 'youtube-nocookie.com']);
const YOUTUBE_ID = /^[\w-]{11}$/;
const TWITCH_CHANNEL = /^[a-z0-9]\w{2,24}$/i;
const TWITCH_VIDEO = /^v?(\d{1,15})$/;
/** First words of Twitch's own paths, which are no channels. */
const TWITCH_PAGES = new Set(['directory', 'downloads', 'jobs', 'p', 'search', 'settings', 'store', 'turbo']);

/**
 * What an administrator pasted, understood: a YouTube watch, live, share or embed address, a Twitch channel, video or player, or
 * an https playlist (.m3u8). Null for anything else, so that no foreign page can ever be framed.
 */
export function parseEmbed(address: string): EmbedAddress | null {
  const url = address.length <= 500 && URL.canParse(address) ? new URL(address) : null;
  if (url?.protocol !== 'https:' || url.username !== '' || url.password !== '') {
    return null;
  }
  const host = url.hostname.replace(/^www\./, '');
  const path = url.pathname.split('/').filter((part) => part !== '');
  if (host === 'youtu.be') {
    return youtube(path[0]);
  }
  if (YOUTUBE_HOSTS.has(host)) {
    const named = ['live', 'embed', 'shorts', 'v'].includes(path[0] ?? '') && path.length === 2;
    return youtube(path[0] === 'watch' ? url.searchParams.get('v') : named ? path[1] : null);
  }
  if (host === 'twitch.tv' || host === 'm.twitch.tv') {
    return path[0] === 'videos' ? twitchVideo(path[1]) : path.length === 1 ? twitchChannel(path[0]) : null;
  }
  if (host === 'player.twitch.tv') {
    const video = url.searchParams.get('video');
    return video === null ? twitchChannel(url.searchParams.get('channel')) : twitchVideo(video);
  }
  return url.pathname.toLowerCase().endsWith('.m3u8') ? { provider: 'hls', url: url.href } : null;
}

function youtube(id: string | null | undefined): EmbedAddress | null {
  return id && YOUTUBE_ID.test(id) ? { provider: 'youtube', id } : null;
}

function twitchChannel(channel: string | null | undefined): EmbedAddress | null {
  return channel && TWITCH_CHANNEL.test(channel) && !TWITCH_PAGES.has(channel.toLowerCase())
    ? { provider: 'twitch', channel: channel.toLowerCase() }
    : null;
}

function twitchVideo(text: string | null | undefined): EmbedAddress | null {
  const video = TWITCH_VIDEO.exec(text ?? '')?.[1];
  return video === undefined ? null : { provider: 'twitch', video };
}
