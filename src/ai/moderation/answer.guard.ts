import type { Judgement } from './moderator.js';

/** So much more text is looked at together, with so much of what was before it. */
const STEP = 400;
const OVERLAP = 100;

/** Watches over one answer. Under `retract` it is shown while it is checked; under `hold` when it has been. */
export class AnswerGuard {
  private checkedTo = 0;
  private checking = false;

  constructor(
    private readonly mode: 'off' | 'retract' | 'hold',
    private readonly judge: (text: string) => Promise<Judgement>,
  ) {}

  /** Whether nothing is shown before the end. */
  get holds(): boolean {
    return this.mode === 'hold';
  }

  /** Looks at what has been added once it is enough; `onHit` is told when it is not let through. */
  async grown(text: string, onHit: (judgement: 'block' | 'unchecked') => void): Promise<void> {
    if (this.mode !== 'retract' || this.checking || text.length - this.checkedTo < STEP) {
      return;
    }
    this.checking = true;
    const part = text.slice(Math.max(0, this.checkedTo - OVERLAP));
    this.checkedTo = text.length;
    const judgement = await this.judge(part);
    this.checking = false;
    if (judgement !== 'allow') {
      onHit(judgement);
    }
  }

  /** Looks at all of it. */
  async whole(text: string): Promise<Judgement> {
    return this.mode === 'off' ? 'allow' : this.judge(text);
  }
}
