import type { Brand } from '../../platform/http/locals.js';
import { qrPicture } from '../../platform/assets/qr-picture.js';
import type { Texts } from '../../texts/texts.js';
import { form, hiddenNext, problemText, type FormPage, type Problem, type TextField } from '../forms/form-page.js';
import type { Row } from '../../platform/http/content.js';
import { CODES_AT_ONCE } from '../second-factor/recovery-codes.js';

export type CodeProblem = Problem<'missing' | 'wrong'>;

const codeField = (t: Texts, problem?: CodeProblem): TextField => {
  const texts = t.accounts.secondFactor;
  return {
    id: 'code',
    name: 'code',
    label: texts.code,
    hint: texts.codeHint,
    autocomplete: 'one-time-code',
    inputmode: 'numeric',
    spellcheck: 'false',
    width: 10,
    error: problemText(texts, problem),
  };
};

/** The form for the app's code, and a collapsed form for a recovery code, which is open after a wrong recovery code. */
export function secondFactorPage(
  t: Texts,
  brand: Brand,
  shown: { problem?: CodeProblem | undefined; with?: 'code' | 'recovery_code'; next?: string | undefined } = {},
) {
  const texts = t.accounts.secondFactor;
  const { recovery } = texts;
  const byRecovery = shown.with === 'recovery_code';
  const code = codeField(t, byRecovery ? undefined : shown.problem);
  const recoveryField: TextField = {
    id: 'recovery_code',
    name: 'recovery_code',
    label: recovery.code,
    hint: recovery.codeHint,
    autocomplete: 'off',
    spellcheck: 'false',
    autocapitalize: 'none',
    width: 20,
    error: byRecovery ? problemText(recovery, shown.problem) : undefined,
  };
  const { error } = recoveryField;
  return {
    ...form({
      title: texts.title,
      action: '/sign-in/second-factor',
      fields: [code],
      hidden: hiddenNext(shown.next),
      button: texts.button,
      after: [texts.lost({ isv: brand.name })],
      ...(error === undefined ? {} : { errors: [{ text: error, href: `#${recoveryField.id}` }] }),
    }),
    recovery: {
      summary: recovery.summary,
      open: byRecovery && shown.problem !== undefined,
      why: recovery.why,
      field: recoveryField,
      button: recovery.button,
    },
  };
}

export function enrolmentPage(t: Texts, shown: { uri: string; secret: string; problem?: CodeProblem | undefined }) {
  const texts = t.accounts.enrolment;
  return {
    ...form({
      title: texts.title,
      action: '/account/second-factor',
      fields: [codeField(t, shown.problem)],
      lead: [texts.why],
      button: texts.button,
    }),
    picture: qrPicture(shown.uri, texts.pictureAlt),
    secret: shown.secret.replace(/(.{4})(?=.)/g, '$1 '),
    labels: texts,
  };
}

/** Why a person must have a second factor, if they must. */
export type Obligation = 'staff' | 'tenant' | null;

const own = '/account/second-factor';
const backTo = (t: Texts) => ({ text: t.accounts.enrolment.offerTitle, href: own });

/** The state of the second factor while no app is being set up. */
export function secondFactorStatePage(
  t: Texts,
  shown: {
    inUse: boolean;
    codesLeft: number;
    /** The codes were made with a key that is being replaced. */
    codesOutdated: boolean;
    obligation: Obligation;
    signedIn: boolean;
    next?: string | undefined;
  },
) {
  const texts = t.accounts.enrolment;
  const { state } = texts;
  const { obligation, codesLeft } = shown;
  const page = {
    title: texts.offerTitle,
    backLink: shown.signedIn ? { text: t.account.title, href: '/account' } : null,
  };
  const why = obligation === null ? [] : [state.obligations[obligation]];
  if (!shown.inUse) {
    const query = shown.next === undefined ? '' : `?next=${encodeURIComponent(shown.next)}`;
    const begin = { text: texts.offerButton, href: `${own}/enrolment${query}` };
    return { ...page, paragraphs: [...why, texts.offer], rows: [], begin };
  }
  const row = (key: string, value: string, text: string, href: string): Row => ({
    key,
    value,
    action: { text, hidden: key, href },
  });
  return {
    ...page,
    paragraphs: [
      texts.inUse,
      ...why,
      ...(codesLeft === 0 ? [state.noCodesLeft] : []),
      ...(shown.codesOutdated ? [state.codesOutdated] : []),
    ],
    rows: [
      row(state.codes, state.codesLeft(codesLeft, CODES_AT_ONCE), state.newCodes, '/account/recovery-codes/new'),
      row(state.app, state.appInUse, state.anotherApp, `${own}/enrolment`),
      ...(obligation === null ? [row(state.removal, state.removalValue, state.remove, `${own}/removal`)] : []),
    ],
    begin: null,
  };
}

export const enrolmentStartPage = (t: Texts, shown: { inUse: boolean; next?: string | undefined }): FormPage => {
  const { start } = t.accounts.enrolment;
  return form({
    title: start.title,
    action: `${own}/enrolment`,
    lead: [start.need, start.codes, ...(shown.inUse ? [start.another] : [])],
    hidden: hiddenNext(shown.next),
    button: start.button,
    backLink: backTo(t),
  });
};

export const removalPage = (t: Texts): FormPage => {
  const { removal } = t.accounts.enrolment;
  return form({
    title: removal.title,
    action: `${own}/removal`,
    lead: removal.what,
    button: removal.button,
    backLink: backTo(t),
  });
};

export const newCodesPage = (t: Texts): FormPage => {
  const { remake } = t.accounts.recoveryCodes;
  return form({
    title: remake.title,
    action: '/account/recovery-codes',
    lead: remake.what,
    button: remake.button,
    backLink: backTo(t),
  });
};

export const recoveryCodesPage = (t: Texts, brand: Brand, codes: string[]) => {
  const texts = t.accounts.recoveryCodes;
  return {
    title: texts.title({ isv: brand.name }),
    paragraphs: texts.what,
    warning: texts.once,
    codes,
    action: '/account/recovery-codes/acknowledgement',
    button: texts.kept,
  };
};
