/** The model this project began with. It has left OpenAI's own list, and lives on as a name on many other servers. */
export const SEED_MODEL = 'gpt-3.5-turbo';

/** Tried in this order when the seed's model is not listed: good at conversation, and not dear. `docs/operations.md`. */
export const PREFERRED_MODELS: readonly string[] = [
  'gpt-5.6-terra',
  'gpt-5-mini',
  'gpt-4.1-mini',
  'gpt-4o-mini',
];

/** Names of models that do not converse. */
const OTHER_TRADE =
  /embed|rerank|whisper|tts|audio|speech|realtime|transcri|dall-?e|image|sora|video|moderation|guard|davinci|babbage/i;

/**
 * The model to use when none was set: the seed's if it is listed, else the first preferred one that is, else the first
 * listed that converses. A provider without a list is asked for the seed's.
 */
export function chooseModel(listed: readonly string[]): string {
  const known = [SEED_MODEL, ...PREFERRED_MODELS].find((name) => listed.includes(name));
  return known ?? listed.find((name) => !OTHER_TRADE.test(name)) ?? listed[0] ?? SEED_MODEL;
}
