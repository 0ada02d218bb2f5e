import fc from 'fast-check';

/** Every code point except lone surrogates. ASCII, where most errors occur, is more frequent. */
const codePoint = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 0x7f }) },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 0xd7ff }) },
  { weight: 1, arbitrary: fc.integer({ min: 0xe000, max: 0x10ffff }) },
);

/**
 * Any text of up to that many code points. fast-check's own arbitrary builds a table that costs a second per test
 * file.
 */
export const anyText = ({ maxLength = 10 } = {}): fc.Arbitrary<string> =>
  fc.array(codePoint, { maxLength }).map((points) => String.fromCodePoint(...points));
