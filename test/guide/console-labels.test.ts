import fc from 'fast-check';
import { withLabels } from '../../src/guide/console-labels.js';

const labelsOf = (text: string, names?: string[]) =>
  withLabels(text, names)
    .filter(({ isLabel }) => isLabel)
    .map((part) => part.text);

describe('the words of RingCentral’s page in a text', () => {
  it.each<[string, string[], string[]]>([
    ['Choose Create JWT, then copy.', [], ['Create JWT']],
    ['Point to your name, choose Credentials, then Create JWT.', [], ['Credentials', 'Create JWT']],
    ['The suggested label', [], []],
    ['The table shows Add app & more', ['Add app & more'], ['Add app & more']],
    ['The table shows ', [''], []],
    ['Label', [], ['Label']],
  ])('are found in %j with the names %j', (text, names, found) => {
    expect(labelsOf(text, names)).toEqual(found);
  });

  it('change nothing of the text, whatever it is and whatever the app is called', () => {
    const piece = fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('Label', 'Create JWT', 'Add app', ' '));
    const text = fc.array(piece).map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(text, fc.array(piece, { maxLength: 2 }), (whole, names) => {
        const parts = withLabels(whole, names);
        expect(parts.map((part) => part.text).join('')).toBe(whole);
        expect(parts.every((part) => part.text !== '')).toBe(true);
      }),
    );
  });
});
