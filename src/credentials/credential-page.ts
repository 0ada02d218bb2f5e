import { dateOnly, exactTime, wholeNumber, type Clock } from '../platform/http/view-helpers.js';
import type { JourneyPaths } from '../tenants/journey.js';
import type { Texts } from '../texts/texts.js';
import type { Inspection, RejectionCode } from './inspect/inspection-types.js';

type Facts = { t: Texts; tenant: { timeZone: string }; paths: JourneyPaths; isvName: string };

/** A refused paste as the page knows it; contains no part of the paste. */
export type Refusal = Pick<Inspection, 'expiresAt' | 'issuer' | 'seenLength'> & { code: RejectionCode };

/**
 * The data of views/credentials/new.ejs.
 *
 * @param nextAt when the limit allows the next paste, if it refused this one
 */
export function newCredentialPage({ t, tenant, paths, isvName }: Facts, refusal?: Refusal, nextAt?: string) {
  const texts = t.credentials;
  const clock = { timeZone: tenant.timeZone, language: t.common.lang };
  const error = nextAt === undefined ? refusal && sentenceOf(refusal, t, clock) : texts.tooMany(nextAt);
  return {
    title: texts.title,
    caption: t.guide.step(3, 4),
    backLink: { text: texts.backToGuide, href: paths.makeJwt },
    action: paths.submissions,
    errors: error === undefined ? [] : [{ text: error, href: '#assertion' }],
    field: {
      name: 'assertion',
      label: texts.title,
      labelIsHeading: true,
      hint: texts.hint,
      rows: 8,
      ...(error === undefined ? {} : { error }),
    },
    button: { text: texts.button },
    safety: { heading: texts.safetyHeading, points: texts.safety(isvName) },
    notYet: { text: texts.notYet, href: paths.makeJwt },
    ...(refusal && {
      refusal: {
        code: refusal.code,
        heading: texts.seenHeading,
        seen: seenIn(refusal, t, clock),
        nothingStored: texts.nothingStored,
        supportCode: t.common.supportCode(refusal.code),
      },
    }),
  };
}

/** A paste without a credential always has another code than `ok`. */
export const refusalOf = ({ code, expiresAt, issuer, seenLength }: Inspection): Refusal => ({
  code: code === 'ok' ? 'not_a_credential' : code,
  expiresAt,
  issuer,
  seenLength,
});

/** What another page says of a refused paste. */
export const refusalPart = (refusal: Refusal, t: Texts, clock: Omit<Clock, 'now'>) => ({
  code: refusal.code,
  sentence: sentenceOf(refusal, t, clock),
  heading: t.credentials.seenHeading,
  seen: seenIn(refusal, t, clock),
  supportCode: t.common.supportCode(refusal.code),
});

function sentenceOf({ code, expiresAt }: Refusal, t: Texts, clock: Omit<Clock, 'now'>): string {
  if (code === 'expired' && expiresAt) return t.credentials.expiredOn(dateOnly(expiresAt, clock));
  return t.credentials.refusals[code];
}

function seenIn({ code, seenLength, issuer, expiresAt }: Refusal, t: Texts, clock: Omit<Clock, 'now'>) {
  const { seen } = t.credentials;
  if (code === 'empty') return [];
  const length = seen.characters(wholeNumber(seenLength, clock.language), seenLength === 1);
  return [
    { key: seen.length, value: length },
    ...(issuer === null ? [] : [{ key: seen.issuer, value: issuer }]),
    ...(expiresAt === null ? [] : [{ key: seen.expiry, value: exactTime(expiresAt, clock) }]),
  ];
}
