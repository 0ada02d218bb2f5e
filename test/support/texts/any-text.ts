import fc from 'fast-check';

/** Every code point but lone surrogates, which are no text; those of ASCII, where most that goes wrong is, more often. */
const codePoint = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 0x7f }) },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 0xd7ff }) },
  { weight: 1, arbitrary: fc.integer({ min: 0xe000, max: 0x10ffff }) },
);

/** Any text of up to so many code points. fast-check's own makes a table of all of them, a second for each test file. */
export const anyText = ({ maxLength = 10 } = {}): fc.Arbitrary<string> =>
  fc.array(codePoint, { maxLength }).map((points) => String.fromCodePoint(...points));
