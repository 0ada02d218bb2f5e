/** Red, green, blue, each 0–255. */
type Color = readonly [number, number, number];

const white: Color = [255, 255, 255];
/** The backgrounds of text in the ISV's color in `_palette.scss`: `--paper`, `--quiet`, `--good`. */
const grounds: Color[] = [white, [243, 245, 247], [238, 247, 241]];
/** The same backgrounds on a dark screen. `--on-brand` is the second of them. */
const darkGrounds: Color[] = [
  [27, 35, 42],
  [18, 24, 29],
  [21, 41, 31],
];

/** The contrast that WCAG 2.2 requires between text and background (1.4.3, level AA). */
const TEXT_CONTRAST = 4.5;

/** Accepts `#0a5` and `#00aa55`. */
export function parseColor(text: string): Color | undefined {
  const short = /^#([\da-f])([\da-f])([\da-f])$/i.exec(text)?.slice(1);
  const long = /^#([\da-f]{2})([\da-f]{2})([\da-f]{2})$/i.exec(text)?.slice(1);
  const parts = long ?? short?.map((digit) => digit + digit);
  if (!parts) return undefined;
  const [red = 0, green = 0, blue = 0] = parts.map((part) => Number.parseInt(part, 16));
  return [red, green, blue];
}

/** Relative luminance, 0–1 (WCAG 2.2, "relative luminance"). */
function luminance(color: Color): number {
  const [red, green, blue] = color.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Contrast ratio, 1–21. */
export function contrast(one: Color, other: Color): number {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

/** What is wrong with ISV_COLOR, with the measured ratio; never contains the value. */
export function colorProblem(text: string): string | undefined {
  const brand = parseColor(text);
  if (!brand) return 'must be a color such as #0a5 or #00aa55';
  // The lowest contrast of all uses: links and headings in the color, and white button text on it.
  const measured = Math.min(...grounds.map((ground) => contrast(brand, ground)));
  if (measured >= TEXT_CONTRAST) return undefined;
  // Truncated, not rounded: 4.49 must not become 4.5.
  const ratio = (Math.floor(measured * 100) / 100).toFixed(2);
  return `has a contrast of ${ratio} to 1 with the pages, and text needs ${TEXT_CONTRAST} to 1: choose a darker color`;
}

/**
 * The color for a dark screen: the ISV's own, mixed with as little white as makes it readable there. An ISV chooses one
 * color, and a color that is readable on white hardly ever is on black.
 */
export function onDark(brand: Color): Color {
  for (let percent = 0; percent < 100; percent += 1) {
    const mixed = brand.map((part) => Math.round(part + ((255 - part) * percent) / 100)) as unknown as Color;
    if (darkGrounds.every((ground) => contrast(mixed, ground) >= TEXT_CONTRAST)) return mixed;
  }
  return white;
}

const hex = (color: Color): string => `#${color.map((part) => part.toString(16).padStart(2, '0')).join('')}`;

/**
 * The style sheet with the ISV's color, for a light and for a dark screen. It is a file because the CSP allows no inline
 * styles.
 *
 * @param text a color that `colorProblem` accepts
 * @returns undefined if it does not
 */
export function brandStyles(text: string): string | undefined {
  const brand = parseColor(text);
  if (!brand || colorProblem(text) !== undefined) return undefined;
  const dark = hex(onDark(brand));
  return `:root{--brand:${text};--brand-text:${text};--on-brand:#fff}
@media screen and (prefers-color-scheme:dark){:root{--brand:${dark};--brand-text:${dark};--on-brand:#12181d}}
`;
}
