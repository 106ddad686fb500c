import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { AnswerText } from './answer.text.js';
import { Coalescer } from './coalescer.js';

describe('AnswerText', () => {
  it('holds half a character back until the other half is there', () => {
    const text = new AnswerText('Hi ');
    expect([text.push('\uD83D'), text.push('\uDE00!'), text.push('\uD83D')]).toEqual(['', '😀!', '']);
    expect(text.value).toBe('Hi 😀!');
  });

  it('shows a half that stays alone as a mark, and no NUL', () => {
    const text = new AnswerText();
    expect(text.push('\uDE00a\0b')).toBe('\uFFFDab');
  });
});

describe('Coalescer', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('sends the first at once, then all that came in a window together', () => {
    const sent: string[] = [];
    const coalescer = new Coalescer(
      (text) => sent.push(text),
      () => 50,
    );
    for (const text of 'abc') {
      coalescer.add(text);
    }
    expect(sent).toEqual(['a']);
    vi.advanceTimersByTime(50);
    expect(sent).toEqual(['a', 'bc']);
    coalescer.add('d');
    coalescer.flush();
    expect(sent).toEqual(['a', 'bc', 'd']);
    vi.advanceTimersByTime(200);
    coalescer.add('e');
    expect(sent).toEqual(['a', 'bc', 'd', 'e']);
  });
});
