import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { contrast, onDark, parseColor } from '../../src/platform/assets/brand-styles.js';
import { root } from './render.js';

const sheets = readdirSync(join(root, 'styles')).map((name) => ({
  name,
  text: readFileSync(join(root, 'styles', name), 'utf8'),
}));

/** The value of each custom property, as a page gets it on a light or on a dark screen. */
function paletteOf(css: string, scheme: 'light' | 'dark'): Map<string, string> {
  const blocks = [...css.matchAll(/(@media[^{]*\{)?:root\{([^}]*)\}/g)].map(([, media = '', body = '']) => ({
    media,
    body,
  }));
  const wanted = blocks.filter(
    ({ media }) => media === '' || (scheme === 'dark' && media.includes('color-scheme: dark')),
  );
  const all = wanted.flatMap(({ body }) => [...body.matchAll(/(--[\w-]+): ?([^;]+)/g)]);
  return new Map(all.map(([, name = '', value = '']) => [name, value]));
}

/** Follows `var(--x)` to a color. */
function colorOf(palette: Map<string, string>, name: string): string {
  const value = palette.get(name) ?? `no ${name}`;
  const other = /^var\((--[\w-]+)\)$/.exec(value)?.[1];
  return other === undefined ? value : colorOf(palette, other);
}

// What is written or drawn on what, and the contrast that WCAG 2.2 requires: 4.5 for text (1.4.3), 3 for what is drawn
// (1.4.11).
const grounds = ['--paper', '--quiet', '--good', '--alarm'];
const texts = ['--govuk-text-colour', '--govuk-secondary-text-colour', '--brand-text', '--govuk-error-colour'];
const states = ['state', 'healthy', 'warning', 'failing', 'pending', 'unverified'];
const fills = ['healthy', 'warning', 'failing', 'unverified'];
const pairs: [string, string, number][] = [
  ...texts.flatMap((text) => grounds.map((ground): [string, string, number] => [text, ground, 4.5])),
  ...states.map((state): [string, string, number] => [`--${state}-ink`, `--${state}-tint`, 4.5]),
  ['--on-brand', '--brand', 4.5],
  ['--on-error', '--govuk-error-colour', 4.5],
  ...fills.map((fill): [string, string, number] => [`--${fill}-fill`, '--paper', 3]),
  ...['--brand', '--govuk-success-colour', '--govuk-input-border-colour', '--amber'].map(
    (drawn): [string, string, number] => [drawn, '--paper', 3],
  ),
];

let css: string;
beforeAll(() => {
  execFileSync(process.execPath, [join(root, 'scripts/build-css.js'), '--if-stale']);
  css = readFileSync(join(root, 'public/build/app.css'), 'utf8');
});

describe.each(['light', 'dark'] as const)('on a %s screen', (scheme) => {
  it('every pair of colors that meets on a page has the contrast that WCAG 2.2 requires', () => {
    const palette = paletteOf(css, scheme);
    const told = pairs.map(([front, ground, least]) => {
      const [one, other] = [colorOf(palette, front), colorOf(palette, ground)];
      const [frontColor, groundColor] = [parseColor(one), parseColor(other)];
      if (!frontColor || !groundColor) throw new Error(`${front} is ${one}, ${ground} is ${other}`);
      return { pair: `${front} ${one} on ${ground} ${other}`, ratio: contrast(frontColor, groundColor), least };
    });
    expect(told.filter(({ ratio, least }) => ratio < least)).toEqual([]);
    expect(told.length).toBe(32);
    expect(colorOf(palette, '--paper')).toBe(scheme === 'light' ? '#fff' : '#1b232a');
  });
});

it('a dark screen has a value of its own for each color of a light one', () => {
  const [light, dark] = [paletteOf(css, 'light'), paletteOf(css, 'dark')];
  const [, body = ''] = /:root\{(color-scheme: ?light dark[^}]*)\}/.exec(css.replaceAll(';--', ';\n--')) ?? [];
  const own = [...body.matchAll(/(--[\w-]+): ?#/g)].map(([, name = '']) => name);
  expect(own.length).toBeGreaterThan(20);
  expect(own.filter((name) => light.get(name) === dark.get(name))).toEqual([]);
});

it('no style sheet but the palette and the settings names a color', () => {
  // White behind a logo and a code to scan, black on paper, and drawings of another website are the same on every screen.
  const allowed = ['_palette.scss', '_drawings.scss', '_settings.scss', '_frame.scss: #fff', '_print.scss: #000'];
  const named = sheets.flatMap(({ name, text }) =>
    [...text.matchAll(/#[\da-f]{3,8}\b/gi)].map(([color]) => `${name}: ${color}`),
  );
  expect(named.filter((it) => !allowed.some((start) => it.startsWith(start)))).toEqual([]);
});

it('an ISV’s dark color is mixed with white until it is readable on a dark screen', () => {
  const shown = (text: string) => onDark(parseColor(text)!).join(' ');
  expect(shown('#ffffff')).toBe('255 255 255');
  expect(shown('#9fd0e0')).toBe('159 208 224'); // readable as it is
  expect(shown('#000000')).toBe('140 140 140'); // 55 % of white: 4.5 to 1 on #15291f, the lightest ground
});
