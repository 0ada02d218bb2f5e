import { account } from './en/account.js';
import { accounts } from './en/accounts.js';
import { common } from './en/common.js';
import { connections } from './en/connections.js';
import { credentials } from './en/credentials.js';
import { guide } from './en/guide.js';
import { handOffs } from './en/hand-offs.js';
import { mails } from './en/mails.js';
import { people } from './en/people.js';
import { staff } from './en/staff.js';
import { spanish } from './es/spanish.js';
import type { Language } from './languages.js';

/** Every text a person reads. Another language has this very shape, or it does not compile. */
export const english = { account, accounts, common, connections, credentials, guide, handOffs, mails, people, staff };

export type Texts = typeof english;

/** Gives the texts of a language. Tests give another one, to see every text a page has. */
export type TextsIn = (language: Language) => Texts;

const catalogues: Record<Language, Texts> = { en: english, es: spanish };
export const textsIn: TextsIn = (language) => catalogues[language];
