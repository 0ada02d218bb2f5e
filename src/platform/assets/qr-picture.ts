import { encode } from 'uqr';

/** A QR code as one SVG path in a square of `size` units: the page needs no raw markup and no style for it. */
export type QrPicture = { size: number; path: string; alt: string };

/** Of each side, in modules; what ISO/IEC 18004 asks for around a code. */
const QUIET_ZONE = 4;

/**
 * @param text at most about 2,300 bytes: a code of error correction M holds no more
 * @param alt what scanning it does
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
