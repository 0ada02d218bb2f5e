/** Languages there is a catalogue for, the default first. */
export const languages = ['en', 'es'] as const;
export type Language = (typeof languages)[number];

/** What each calls itself, which is how somebody finds it who can read no other. */
export const languageNames: Record<Language, string> = { en: 'English', es: 'Español' };

export const isLanguage = (tag: unknown): tag is Language => languages.some((it) => it === tag);
