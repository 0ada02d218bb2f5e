/**
 * What a spreadsheet may calculate instead of showing it, also in the wide forms of East Asian keyboards. A cell that
 * begins like that gets an apostrophe in front, and one that already has apostrophes gets another one, so that reading
 * takes off exactly what writing has added.
 */
const startsFormula = /^'*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;

export const guarded = (text: string): string => (startsFormula.test(text) ? `'${text}` : text);

export const unguarded = (cell: string): string =>
  cell.startsWith("'") && startsFormula.test(cell) ? cell.slice(1) : cell;

/** One line of a file (RFC 4180). Every cell is in quotes, so that no separator of any country ends one. */
export const csvLine = (cells: readonly string[]): string =>
  `${cells.map((cell) => `"${guarded(cell).replaceAll('"', '""')}"`).join()}\r\n`;

/** Excel reads a file without it in the character set of its country. */
export const BYTE_ORDER_MARK = '\ufeff';
