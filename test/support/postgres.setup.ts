import { dropAll, postgresAnswers } from './database.js';

/** Drops the databases of the run, also those of apps that a test left behind. Without a server there are none. */
export default async function setup(): Promise<(() => Promise<void>) | undefined> {
  return (await postgresAnswers()) ? dropAll : undefined;
}
