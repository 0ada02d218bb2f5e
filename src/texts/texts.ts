import { english, type Texts } from './en/english.js';
import { spanish } from './es/spanish.js';
import { isolating } from './isolating.js';
import type { Language } from './languages.js';

export { english, type Texts };

/** Returns the texts of a language. Tests pass a different function to see every text of a page. */
export type TextsIn = (language: Language) => Texts;

const catalogues: Record<Language, Texts> = { en: isolating(english), es: isolating(spanish) };
export const textsIn: TextsIn = (language) => catalogues[language];
