/**
 * The text of an answer as it grows. What is handed on is exactly what the text grows by: no NUL, which no database
 * holds, and no half of a surrogate pair, which a model's tokens may well split.
 */
export class AnswerText {
  private held = '';

  constructor(private text = '') {}

  get value(): string {
    return this.text;
  }

  /** Takes what came; answers what can be shown of it now, perhaps nothing. */
  push(piece: string): string {
    const all = (this.held + piece).replaceAll('\0', '');
    this.held = /[\uD800-\uDBFF]$/.test(all) ? all.slice(-1) : '';
    const shown = all.slice(0, all.length - this.held.length).toWellFormed();
    this.text += shown;
    return shown;
  }
}
