/**
 * A text, or what a number can consist of, so that no part of a number is taken for a whole one. A text that does not
 * end counts to the end of the input: searched for again from each quote in it, it would cost quadratic time.
 */
const textOrNumber = /"(?:[^"\\]|\\[^])*"?|[-+.\deE]+/g;
/** Integers of so many digits may not fit a JavaScript number. */
const longInteger = /^-?\d{16,}$/;
const idName = /(^|_)ids?$|Ids?$/;

/**
 * Parses JSON without changing an id: an integer of 16 digits or more becomes text, and so does every number whose name
 * says that it is an id (`id`, `owner_id`, `extensionId`). RingCentral's ids are 64-bit integers, which `JSON.parse`
 * rounds.
 *
 * @throws {SyntaxError} if the text is not JSON
 */
export function readJson(text: string): unknown {
  const exact = text.replace(textOrNumber, (part) => (longInteger.test(part) ? `"${part}"` : part));
  return JSON.parse(exact, (name, value: unknown) =>
    typeof value === 'number' && Number.isInteger(value) && idName.test(name) ? String(value) : value,
  ) as unknown;
}
