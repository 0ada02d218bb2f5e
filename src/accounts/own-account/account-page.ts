import { mailStateSentence } from '../../notifications/mail-state.js';
import { LANGUAGE_PATH } from '../../platform/http/page-language.js';
import type { Clock } from '../../platform/http/view-helpers.js';
import type { MessageState } from '../../platform/outbox.js';
import { isLanguage, languageNames, languages } from '../../texts/languages.js';
import type { Texts } from '../../texts/texts.js';
import type { Row } from '../../platform/http/content.js';
import type { SessionPerson } from '../people/account-types.js';

/** What has just happened to the account. */
export type AccountNotice = keyof Texts['account']['notices'];
const done: readonly AccountNotice[] = [
  'password_changed',
  'address_changed',
  'address_asked',
  'address_withdrawn',
  'address_proved',
  'proof_mailed',
];
const undone: readonly AccountNotice[] = ['address_taken', 'link', 'unproved', 'proof_waits'];

export const readAccountNotice = (value: unknown): AccountNotice | null =>
  [...done, ...undone].find((notice) => notice === value) ?? null;

/** The new address that waits for its link to be opened. */
export type PendingAddress = { email: string; mail: MessageState | undefined; clock: Clock };

export const pendingText = (t: Texts, { email, mail, clock }: PendingAddress): string =>
  `${t.account.changeAddress.pending(email)} ${mailStateSentence(t, mail, clock)}`;

/** The person's account, with a separate page for each change. */
export function accountPage(
  t: Texts,
  shown: {
    person: SessionPerson;
    newAddress: PendingAddress | null;
    notice: AccountNotice | null;
    /** Whether staff may sign in with accounts of their company. */
    companySignIn: boolean;
  },
) {
  const texts = t.account;
  const { person, newAddress, notice } = shown;
  const row = (key: string, value: Row['value'], text: string, href: string): Row => ({
    key,
    value,
    action: { text, hidden: key, href },
  });
  const { secondFactorStates: states } = texts;
  const secondFactorHref = '/account/second-factor';
  const email = newAddress === null ? person.email : { text: person.email, note: pendingText(t, newAddress) };
  const proof: Row = {
    key: texts.proof,
    value: texts.unproved,
    action: { text: texts.mailProof, hidden: texts.proof, post: '/account/address/proofs' },
  };
  const { row: companyKey, linked, notLinked, use } = t.company.account;
  const mayLink = shown.companySignIn && person.staffRole !== null && !person.hasCompanyAccount;
  const companyRow: Row[] = [
    ...(person.hasCompanyAccount ? [{ key: companyKey, value: linked }] : []),
    ...(mayLink ? [row(companyKey, notLinked, use, '/account/company')] : []),
  ];
  const language = t.common.lang;
  // With two languages, a link switches to the other one. A third language would need a page with a choice.
  const other = languages.find((it) => it !== language) ?? languages[0];
  return {
    title: texts.title,
    backLink: { text: texts.back, href: '/' },
    notice: notice && { text: texts.notices[notice], type: done.includes(notice) ? 'success' : undefined },
    rows: [
      { key: texts.name, value: person.name },
      // Both changes need a password.
      person.hasCompanyAccount
        ? { key: texts.email, value: email }
        : row(texts.email, email, texts.change, '/account/address'),
      ...(person.proved ? [] : [proof]),
      ...(person.staffRole === null ? [] : [{ key: texts.role, value: texts.roles[person.staffRole] }]),
      ...(person.hasCompanyAccount
        ? []
        : [row(texts.password, texts.passwordHidden, texts.change, '/account/password')]),
      ...companyRow,
      {
        key: t.common.language,
        value: isLanguage(language) ? languageNames[language] : language,
        action: {
          text: texts.changeTo(languageNames[other]),
          hidden: t.common.language,
          post: LANGUAGE_PATH,
          fields: { language: other, next: '/account' },
        },
      },
      person.hasSecondFactor
        ? row(texts.secondFactor, states.inUse, texts.show, secondFactorHref)
        : row(texts.secondFactor, states.notInUse, texts.setUp, secondFactorHref),
      row(texts.sessionsRow, texts.sessionsValue, texts.show, '/account/sessions'),
    ],
  };
}
