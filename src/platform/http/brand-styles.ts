/** Red, green, blue, each 0–255. */
type Colour = readonly [number, number, number];

const white: Colour = [255, 255, 255];
const ink: Colour = [27, 37, 48];

/** What WCAG 2.2 asks between text and what is behind it (1.4.3, level AA). */
const TEXT_CONTRAST = 4.5;

/** `#0a5`, `#00aa55`; anything else is no colour. */
export function parseColour(text: string): Colour | undefined {
  const short = /^#([\da-f])([\da-f])([\da-f])$/i.exec(text)?.slice(1);
  const long = /^#([\da-f]{2})([\da-f]{2})([\da-f]{2})$/i.exec(text)?.slice(1);
  const parts = long ?? short?.map((digit) => digit + digit);
  if (!parts) return undefined;
  const [red = 0, green = 0, blue = 0] = parts.map((part) => Number.parseInt(part, 16));
  return [red, green, blue];
}

/** Relative luminance, 0–1 (WCAG 2.2, "relative luminance"). */
function luminance(colour: Colour): number {
  const [red, green, blue] = colour.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Contrast ratio, 1–21. */
export function contrast(one: Colour, other: Colour): number {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

const hex = (colour: Colour): string =>
  `#${colour.map((part) => Math.round(part).toString(16).padStart(2, '0')).join('')}`;

/** The same hue, darkened in small steps until it can be read on white. */
function readableOnWhite(colour: Colour): Colour {
  let dark = colour;
  while (contrast(dark, white) < TEXT_CONTRAST) dark = [dark[0] * 0.95, dark[1] * 0.95, dark[2] * 0.95];
  return dark.map(Math.floor) as unknown as Colour;
}

/**
 * The style sheet that gives the pages the ISV's colour. It comes as a file because the CSP admits no inline style.
 * Whatever colour is set, links stay readable on white and the text of buttons on the colour.
 *
 * @param text `#rgb` or `#rrggbb`
 * @returns undefined where the text is no such colour
 */
export function brandStyles(text: string): string | undefined {
  const brand = parseColour(text);
  if (!brand) return undefined;
  const readable = readableOnWhite(brand);
  const onBrand = contrast(white, brand) >= contrast(ink, brand) ? white : ink;
  // A middle tone may carry neither white nor ink: then buttons take the darkened colour.
  const surface = contrast(onBrand, brand) >= TEXT_CONTRAST ? brand : readable;
  const onSurface = surface === brand ? onBrand : white;
  return `:root{--brand:${hex(surface)};--brand-text:${hex(readable)};--on-brand:${hex(onSurface)}}\n`;
}
