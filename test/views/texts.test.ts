import { english, textsIn } from '../../src/texts/texts.js';
import { languages } from '../../src/texts/languages.js';
import { textsOf, word } from './texts.js';

const catalogues = languages.flatMap((language) =>
  Object.entries(textsIn(language)).map(([name, catalogue]) => [`${language}.${name}`, catalogue, language] as const),
);

/** Addresses and code count as one word; a ready-made text is read line by line. */
const sentencesOf = (text: string): string[] => text.split(/(?<=[.!?…])\s+|\n+/).filter((it) => /\p{L}/u.test(it));
const wordsOf = (sentence: string): number => sentence.split(/\s+/).filter((it) => /[\p{L}\p{N}]/u.test(it)).length;

const blameOrBegging = {
  en: /\b(please|sorry|valid|invalid|forbidden|illegal|oops)\b/i,
  es: /(?<!\p{L})(por favor|lo (sentimos|siento|lamentamos)|(in)?válid[oa]s?|valid[oa]s?|prohibid[oa]s?|ilegal(es)?|ups|vaya|error fatal)(?!\p{L})/iu,
};

describe.each(catalogues)('every text of the catalog "%s"', (name, catalogue, language) => {
  const texts = textsOf(catalogue, name, [1, 3, word]);

  it('has sentences of at most 20 words', () => {
    const long = texts.filter(({ text }) => sentencesOf(text).some((sentence) => wordsOf(sentence) > 20));
    expect(long).toEqual([]);
  });

  it('does not blame or beg the reader', () => {
    expect(texts.filter(({ text }) => blameOrBegging[language].test(text))).toEqual([]);
  });

  it('has no gaps', () => {
    const gaps = /undefined|\[object|NaN/;
    expect(textsOf(catalogue, name, [word]).filter(({ text }) => gaps.test(text))).toEqual([]);
  });
});

describe('these tests', () => {
  it('find a long sentence, a banned word and a gap, including in the result of a function', () => {
    const odd = { deep: { of: ({ name }: { name: string }) => `Please, ${name}, be so kind.` } };
    expect(textsOf(odd, '', [word])).toEqual([{ path: 'deep.of()', text: 'Please, Word, be so kind.' }]);
    expect(wordsOf('one two – three')).toBe(3);
    expect(textsOf(english, '', [word]).length).toBeGreaterThan(400);
  });

  it.each(['Lo sentimos.', 'El JWT no es válido.', 'Por favor, espere.', 'Formato inválido'])('find "%s"', (text) => {
    expect(text).toMatch(blameOrBegging.es);
  });
});
