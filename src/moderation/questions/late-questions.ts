/** How often it is looked whether one is old enough by now. */
const LOOK_MS = 250;

/** A question as far as it matters when it was asked, and where. */
export interface Asked {
  readonly id: string;
  readonly roomId: number;
  readonly at: number;
}

/**
 * Questions that the delay of their room keeps from all but its staff, on this node, until each is old enough. The delay may
 * change meanwhile: it is looked up each time.
 */
export class LateQuestions {
  private readonly waiting = new Map<string, Asked>();
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly isLate: (question: Asked) => boolean,
    /** Shows one that is old enough, as it stands by then. */
    private readonly show: (question: Asked) => void,
  ) {}

  add({ id, roomId, at }: Asked): void {
    this.waiting.set(id, { id, roomId, at });
    this.timer ??= setInterval(() => this.look(), LOOK_MS);
  }

  close(): void {
    this.waiting.clear();
    this.rest();
  }

  private look(): void {
    for (const question of this.waiting.values()) {
      if (!this.isLate(question)) {
        this.waiting.delete(question.id);
        this.show(question);
      }
    }
    if (this.waiting.size === 0) {
      this.rest();
    }
  }

  private rest(): void {
    if (this.timer) {
      clearInterval(this.timer);
      this.timer = null;
    }
  }
}
