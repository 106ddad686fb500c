/** What a figure must be, and what it should be; with `atLeast` more is better. */
export interface Target {
  readonly must: number;
  readonly aim: number;
  readonly atLeast?: true;
}

interface Verdict {
  figure: string;
  value: string;
  must: string;
  aim: string;
  verdict: 'aim' | 'must' | 'MISSED';
}

/** Collects readings and judges the figures that have a target. */
export class Report {
  private readonly readings: Record<string, string>[] = [];
  private readonly verdicts: Verdict[] = [];

  /** Something that was read and is not judged. */
  reading(of: string, load: string, values: Record<string, string>): void {
    this.readings.push({ of, load, ...values });
    console.log(of, '|', load, '|', values);
  }

  figure(figure: string, value: number, { must, aim, atLeast }: Target, unit = ''): void {
    const sign = atLeast ? '≥' : '≤';
    const reaches = (target: number) => (atLeast ? value >= target : value <= target);
    const show = (number: number) => `${Number(number.toPrecision(number >= 1000 ? 5 : 3))}${unit}`;
    const verdict = reaches(aim) ? 'aim' : reaches(must) ? 'must' : 'MISSED';
    this.verdicts.push({
      figure,
      value: show(value),
      must: `${sign} ${show(must)}`,
      aim: `${sign} ${show(aim)}`,
      verdict,
    });
    console.log(figure, '=', show(value), verdict);
  }

  print(): void {
    console.table(this.readings);
    console.table(this.verdicts);
  }
}
