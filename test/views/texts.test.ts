import { english } from '../../src/texts/texts.js';

type Text = { path: string; text: string };

/** Stands in for every argument of a text: one word, whatever is read from it. */
const word: unknown = new Proxy(() => 'Word', {
  get: (_target, key) => {
    if (key === Symbol.toPrimitive || key === 'toString' || key === 'valueOf') return () => 'Word';
    if (key === Symbol.iterator) return [][Symbol.iterator].bind([]);
    if (key === 'length') return 1;
    if (key === 'map' || key === 'filter') return () => ['Word'];
    if (key === 'join') return () => 'Word';
    return word;
  },
});

/** Every text of a catalogue, with the path a view would use. Functions get each of `given` for all their arguments. */
function textsOf(value: unknown, path: string, given: unknown[]): Text[] {
  if (typeof value === 'string') return [{ path, text: value }];
  if (typeof value === 'function') {
    return given.flatMap((it) => {
      try {
        const result = (value as (...all: unknown[]) => unknown)(it, it, it, it);
        return textsOf(result, `${path}()`, given);
      } catch {
        return []; // a text that takes an object says nothing to a number
      }
    });
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => textsOf(inner, path === '' ? key : `${path}.${key}`, given));
}

const catalogues = Object.entries(english);

/** Addresses and code count as one word; lines of a ready text are read one by one. */
const sentencesOf = (text: string): string[] => text.split(/(?<=[.!?…])\s+|\n+/).filter((it) => /\p{L}/u.test(it));
const wordsOf = (sentence: string): number => sentence.split(/\s+/).filter((it) => /[\p{L}\p{N}]/u.test(it)).length;

describe.each(catalogues)('every text of the catalogue "%s"', (name, catalogue) => {
  const texts = textsOf(catalogue, name, [1, 3, word]);

  it('is of sentences of at most 20 words', () => {
    const long = texts.filter(({ text }) => sentencesOf(text).some((sentence) => wordsOf(sentence) > 20));
    expect(long).toEqual([]);
  });

  it('blames and begs nobody', () => {
    const words = /\b(please|sorry|valid|invalid|forbidden|illegal|oops)\b/i;
    expect(texts.filter(({ text }) => words.test(text))).toEqual([]);
  });

  it('is filled in', () => {
    const gaps = /undefined|\[object|NaN/;
    expect(textsOf(catalogue, name, [word]).filter(({ text }) => gaps.test(text))).toEqual([]);
  });
});

describe('these tests', () => {
  it('find a long sentence, a banned word and a gap, also in what a function says', () => {
    const odd = { deep: { of: ({ name }: { name: string }) => `Please, ${name}, be so kind.` } };
    expect(textsOf(odd, '', [word])).toEqual([{ path: 'deep.of()', text: 'Please, Word, be so kind.' }]);
    expect(wordsOf('one two – three')).toBe(3);
  });
});
