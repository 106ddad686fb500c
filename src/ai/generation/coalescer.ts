/** Collects pieces of text: the first goes out at once, then at most one in `windowMs`. Order and text stay the same. */
export class Coalescer {
  private waiting = '';
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly emit: (text: string) => void,
    private readonly windowMs: () => number,
  ) {}

  add(text: string): void {
    this.waiting += text;
    if (this.timer === null) {
      this.send();
    }
  }

  /** Sends what is waiting, and nothing more by itself. */
  flush(): void {
    this.send();
    if (this.timer) {
      clearTimeout(this.timer);
      this.timer = null;
    }
  }

  private send(): void {
    this.timer = null;
    if (this.waiting !== '') {
      const text = this.waiting;
      this.waiting = '';
      this.timer = setTimeout(() => this.send(), this.windowMs());
      this.emit(text);
    }
  }
}
