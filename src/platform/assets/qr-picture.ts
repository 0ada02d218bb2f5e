import { encode } from 'uqr';

/** A QR code as one SVG path in a square of `size` units, so the page needs no raw markup and no style for it. */
export type QrPicture = { size: number; path: string; alt: string };

/** The margin on each side, in modules, as ISO/IEC 18004 requires. */
const QUIET_ZONE = 4;

/**
 * @param text at most about 2,300 bytes, the capacity of a code with error correction M
 * @param alt what scanning the code does
 */
export function qrPicture(text: string, alt: string): QrPicture {
  const { data } = encode(text, { ecc: 'M', border: QUIET_ZONE });
  return { size: data.length, path: data.map(darkRuns).join(''), alt };
}

/** One rectangle for each run of dark modules in a row. */
const darkRuns = (row: readonly boolean[], y: number): string =>
  [
    ...row
      .map((dark) => (dark ? '#' : ' '))
      .join('')
      .matchAll(/#+/g),
  ]
    .map(({ index, 0: run }) => `M${index} ${y}h${run.length}v1h-${run.length}z`)
    .join('');
