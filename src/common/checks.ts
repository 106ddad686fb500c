/**
 * What a feature above registers with the feature below that has something to be looked at: imports point down, and what
 * is below calls up through this.
 */
export abstract class Checks<T> {
  private check: (subject: T) => void = () => undefined;

  /** It must not throw, and answers at once. */
  register(check: (subject: T) => void): void {
    this.check = check;
  }

  begin(subject: T): void {
    this.check(subject);
  }
}
