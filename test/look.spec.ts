import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

type Rgb = readonly [number, number, number];
type Theme = 'light' | 'dark';

const css = readFileSync('public/css/tokens.css', 'utf8');
const TOKENS = Object.fromEntries(
  [...css.matchAll(/--([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g)].map(
    ([, name, light, dark]) => [name!, { light: light!, dark: dark! }],
  ),
);

const hex = (value: string): Rgb => {
  const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(value.slice(at, at + 2), 16) / 255);
  return [red!, green!, blue!].map(linear) as unknown as Rgb;
};
const linear = (channel: number) =>
  channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
const luminance = ([red, green, blue]: Rgb) => 0.2126 * red + 0.7152 * green + 0.0722 * blue;
const contrast = (a: Rgb, b: Rgb) => {
  const [lighter, darker] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (lighter! + 0.05) / (darker! + 0.05);
};
const token = (name: string, theme: Theme): Rgb => hex(TOKENS[name]![theme]);

/** OKLCH to linear sRGB (Ottosson), clipped to what a screen can show. */
function oklch(lightness: number, chroma: number, hue: number): Rgb {
  const [a, b] = [chroma * Math.cos((hue * Math.PI) / 180), chroma * Math.sin((hue * Math.PI) / 180)];
  const [l, m, s] = [
    (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3,
    (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3,
    (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3,
  ];
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ].map((channel) => Math.min(1, Math.max(0, channel))) as unknown as Rgb;
}

const BACKGROUNDS = ['paper', 'card', 'hover', 'jade-tint', 'ochre-tint', 'indigo-tint', 'live-tint'];
const themes: Theme[] = ['light', 'dark'];

describe.each(themes)('the %s theme', (theme) => {
  it.each([
    ['ink', BACKGROUNDS],
    ['ink-soft', BACKGROUNDS],
    ['jade', ['paper', 'card', 'hover', 'jade-tint', 'ochre-tint', 'indigo-tint', 'live-tint']],
    ['live', ['paper', 'card', 'hover', 'live-tint']],
    ['ochre', ['paper', 'card', 'ochre-tint']],
    ['indigo', ['paper', 'card', 'indigo-tint']],
    ['on-jade', ['jade']],
    ['on-ochre', ['ochre']],
    ['on-indigo', ['indigo']],
    ['on-live', ['live']],
    ['card', ['ink-soft']],
    ['paper', ['ink']],
  ])('keeps text in %s at 4.5:1 on all it meets', (text, backgrounds) => {
    for (const background of backgrounds) {
      const ratio = contrast(token(text, theme), token(background, theme));
      expect(ratio, `${text} on ${background}`).toBeGreaterThanOrEqual(4.5);
    }
  });

  it('keeps the edges of controls at 3:1', () => {
    for (const background of ['paper', 'card']) {
      expect(contrast(token('edge', theme), token(background, theme))).toBeGreaterThanOrEqual(3);
    }
  });

  it('keeps the name of every hue at 4.5:1 on every row', () => {
    const pattern = /--name: light-dark\(oklch\(([\d.]+) ([\d.]+) [^)]*\)\), oklch\(([\d.]+) ([\d.]+)/;
    const [, ...numbers] = pattern.exec(readFileSync('public/css/hues.css', 'utf8'))!.map(Number);
    const [lightness, chroma] = theme === 'light' ? numbers.slice(0, 2) : numbers.slice(2);
    for (let hue = 5; hue < 360; hue += 10) {
      for (const background of ['paper', 'card', 'hover', 'jade-tint', 'live-tint']) {
        const ratio = contrast(oklch(lightness!, chroma!, hue), token(background, theme));
        expect(ratio, `hue ${hue} on ${background}`).toBeGreaterThanOrEqual(4.5);
      }
    }
  });

  it('keeps the letter on every avatar at 4.5:1', () => {
    const [, lightness, chroma] = /--avatar: oklch\(([\d.]+) ([\d.]+)/
      .exec(readFileSync('public/css/hues.css', 'utf8'))!
      .map(Number);
    for (let hue = 5; hue < 360; hue += 10) {
      const ratio = contrast(oklch(lightness!, chroma!, hue), [1, 1, 1]);
      expect(ratio, `hue ${hue}`).toBeGreaterThanOrEqual(4.5);
    }
  });
});

it('names no colour outside the tokens', () => {
  for (const file of ['base', 'components', 'chat', 'markdown', 'pages', 'stream', 'styleguide', 'talk']) {
    const text = readFileSync(`public/css/${file}.css`, 'utf8');
    // The stage behind a video is black in every theme, and a dialog darkens whatever is behind it.
    const colours = [...text.matchAll(/#[0-9a-f]{3,8}\b|(?:rgb|hsl|oklch)\([^)]*\)/g)].map(
      ([colour]) => colour,
    );
    expect(
      colours.filter((colour) => !['#101418', '#f2efe9', 'rgb(0 0 0 / 45%)'].includes(colour)),
      file,
    ).toEqual([]);
  }
});
