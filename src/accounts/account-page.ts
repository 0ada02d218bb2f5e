import type { SignedInPerson } from '../platform/http/locals.js';
import type { Texts } from '../texts/texts.js';

/** `hidden` tells those who hear the link, not see its row, what it is about. */
type Row = { key: string; value: string; action?: { text: string; hidden: string; href: string } };

/** What a person's account is, and what they can do about it: each thing on a page of its own. */
export type AccountPage = { title: string; backLink: { text: string; href: string }; rows: Row[] };

export function accountPage(t: Texts, person: SignedInPerson & { hasSecondFactor: boolean }): AccountPage {
  const texts = t.account;
  const row = (key: string, value: string, text: string, href: string): Row => ({
    key,
    value,
    action: { text, hidden: key, href },
  });
  const { secondFactorStates: states } = texts;
  const secondFactorHref = '/account/second-factor';
  return {
    title: texts.title,
    backLink: { text: texts.back, href: '/' },
    rows: [
      { key: texts.name, value: person.name },
      { key: texts.email, value: person.email },
      ...(person.staffRole === null ? [] : [{ key: texts.role, value: texts.roles[person.staffRole] }]),
      person.hasSecondFactor
        ? row(texts.secondFactor, states.inUse, texts.show, secondFactorHref)
        : row(texts.secondFactor, states.notInUse, texts.setUp, secondFactorHref),
    ],
  };
}
