/** Runs what several want at the same time once, and gives all of them what came of it. */
export class Once<Result> {
  private readonly running = new Map<string, Promise<Result>>();

  /** `isPersonal`: this failure was about the one who came first; the next one tries on their own account. */
  async run(
    key: string,
    make: () => Promise<Result>,
    isPersonal: (error: unknown) => boolean,
  ): Promise<Result> {
    for (let shared = this.running.get(key); shared; shared = this.running.get(key)) {
      try {
        return await shared;
      } catch (error) {
        if (!isPersonal(error)) {
          throw error;
        }
      }
    }
    const made = make().finally(() => this.running.delete(key));
    this.running.set(key, made);
    return made;
  }
}
