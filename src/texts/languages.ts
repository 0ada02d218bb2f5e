/** The languages with a catalog, the default first. */
export const languages = ['en', 'es'] as const;
export type Language = (typeof languages)[number];

/** Each language's own name, which a person who reads no other language can recognize. */
export const languageNames: Record<Language, string> = { en: 'English', es: 'Español' };

export const isLanguage = (tag: unknown): tag is Language => languages.some((it) => it === tag);
