import { english, textsIn } from '../../src/texts/texts.js';
import { languages } from '../../src/texts/languages.js';
import { readdirSync, readFileSync } from 'node:fs';
import { textsOf, word } from './texts.js';
import { unwanted } from '../texts/unwanted-words.js';

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

/** The unwanted words in a text, each with what to write instead. */
const unwantedIn = (text: string, language: 'en' | 'es', isDocument = false): string[] =>
  unwanted[language]
    .filter(({ catalogsOnly }) => !isDocument || !catalogsOnly)
    .flatMap(({ words, write }) => (words.exec(text) ?? []).slice(0, 1).map((found) => `"${found}", write "${write}"`));

describe.each(catalogues)('every text of the catalog "%s"', (name, catalogue, language) => {
  const texts = textsOf(catalogue, name, [1, 3, word]);

  it('has sentences of at most 20 words', () => {
    const long = texts.filter(({ text }) => sentencesOf(text).some((sentence) => wordsOf(sentence) > 20));
    expect(long).toEqual([]);
  });

  it('does not blame or beg the reader', () => {
    expect(texts.filter(({ text }) => blameOrBegging[language].test(text))).toEqual([]);
  });

  it('uses the words of docs/style-guide.md', () => {
    expect(texts.flatMap(({ path, text }) => unwantedIn(text, language).map((found) => `${path}: ${found}`))).toEqual(
      [],
    );
  });

  it('has no gaps', () => {
    const gaps = /undefined|\[object|NaN/;
    expect(textsOf(catalogue, name, [word]).filter(({ text }) => gaps.test(text))).toEqual([]);
  });
});

const root = new URL('../../', import.meta.url);
const filesIn = (folder: string, ending: string): string[] =>
  readdirSync(new URL(folder, root), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .map((name) => `${folder}/${name}`);

const written = [
  ...filesIn('views', '.ejs'),
  // The style guide names the words; decisions are records, and their own words are checked when they are written.
  ...filesIn('docs', '.md').filter((name) => !/style-guide|decisions\//.test(name)),
  ...['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'src/README.md'],
];

it('views and documents use the words of docs/style-guide.md', () => {
  const found = written.flatMap((name) =>
    readFileSync(new URL(name, root), 'utf8')
      .replaceAll(/```[^]*?```|`[^`\n]*`|<%[^]*?%>/g, '')
      .split('\n')
      .flatMap((line, index) => unwantedIn(line, 'en', true).map((word) => `${name}:${index + 1}: ${word}`)),
  );
  expect(found).toEqual([]);
});

describe('these tests', () => {
  it.each([
    ['en', 'Nobody can mend it.', ['"mend", write "fix"', '"Nobody", write "no one"']],
    [
      'en',
      'We mailed you a link. It does not work any more.',
      ['"mailed", write "email"', '"any more", write "no longer"'],
    ],
    ['en', 'It expired on 3 March 2026.', ['"3 March 2026", write "March 3, 2026"']],
    ['es', 'Se arregla por sí solo.', ['"por sí solo", write "automáticamente"']],
    ['es', 'Vuestra clínica', ['"Vuestra", write "usted"']],
  ] as const)('find the unwanted words in %s: %s', (language, text, found) => {
    expect(unwantedIn(text, language)).toEqual(found);
  });

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
