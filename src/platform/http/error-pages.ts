import type { Texts } from '../../texts/texts.js';
import type { ErrorCode, RoleNeeded } from '../errors.js';
import { waitingTime } from './view-helpers.js';

export type ErrorPage = {
  title: string;
  heading: string;
  paragraphs: string[];
  /** Small print for support. Only set if a log line explains the error: 500 and 503. */
  requestId?: string;
  action?: { text: string; href: string };
  /** The typed values that are not secret, for copying them into the form when it is open again. */
  typed?: { heading: string; rows: { key: string; value: string }[] };
};

type Facts = {
  requestId?: string;
  retryAt?: Date | undefined;
  now?: Date;
  timeZone?: string | undefined;
  language?: string;
  typed?: Record<string, string> | undefined;
  role?: RoleNeeded | undefined;
};

/** "in 4 minutes (14:05 UTC)"; undefined if the time has passed or is unknown. */
function when({ retryAt, now, timeZone = 'UTC', language = 'en' }: Facts): string | undefined {
  if (!retryAt || !now || retryAt <= now) return undefined;
  return waitingTime(retryAt, { now, timeZone, language });
}

const textsOf = {
  bad_request: 'badRequest',
  forbidden: 'forbidden',
  role_needed: 'roleNeeded',
  form_expired: 'formExpired',
  session_ended: 'sessionEnded',
  not_found: 'notFound',
  method_not_allowed: 'methodNotAllowed',
  conflict: 'conflict',
  too_large: 'tooLarge',
  unsupported_media_type: 'unsupportedMediaType',
  too_many_requests: 'tooManyRequests',
  unavailable: 'unavailable',
  internal: 'internal',
} as const satisfies Record<ErrorCode, keyof Texts['common']['errorPages']>;

/**
 * The data of views/errors/error.ejs. The page of `not_found` is the same for missing things and for other people's:
 * it contains no id, no path and no request id.
 */
export function errorPage(code: ErrorCode, t: Texts, facts: Facts = {}): ErrorPage {
  const all = t.common.errorPages;
  const { title, paragraphs } = all[textsOf[code]];
  const page = { title, heading: title, paragraphs };
  const forSupport = facts.requestId === undefined ? {} : { requestId: facts.requestId };
  const waiting = ({ soon, when: whenAt }: { soon: string; when: (time: string) => string }) => {
    const time = when(facts);
    return { ...page, paragraphs: [time === undefined ? soon : whenAt(time), ...paragraphs] };
  };
  if (code === 'role_needed' && facts.role) return { ...page, paragraphs: whoMay(facts.role, t, facts.language) };
  if (code === 'not_found') return { ...page, action: { text: all.home, href: '/' } };
  if (code === 'too_many_requests') return waiting(all.tooManyRequests);
  if (code === 'unavailable') return { ...waiting(all.unavailable), ...forSupport };
  if (code === 'session_ended')
    return { ...page, action: { text: all.sessionEnded.action, href: '/sign-in' }, ...typedIn(facts, t) };
  return code === 'internal' ? { ...page, ...forSupport } : page;
}

function whoMay({ needed, owners }: RoleNeeded, t: Texts, language = 'en'): string[] {
  const texts = t.common.errorPages.roleNeeded;
  const names = new Intl.ListFormat(language, { type: 'disjunction' }).format(owners);
  const ask = owners.length === 0 ? texts.askStaff : (needed === 'owner' ? texts.askOwner : texts.askForRole)(names);
  return [texts[needed === 'owner' ? 'ownersOnly' : 'notViewers'], ask, ...texts.paragraphs];
}

type KeptField = keyof Texts['common']['errorPages']['sessionEnded']['fields'];

/** Keeps only fields that have a name here; passwords, codes and JWTs have none. */
function typedIn({ typed = {} }: Facts, t: Texts): Pick<ErrorPage, 'typed'> {
  const { typedHeading, fields } = t.common.errorPages.sessionEnded;
  const rows = (Object.keys(fields) as KeptField[]).flatMap((name) => {
    const value = typed[name];
    return value === undefined || value.trim() === '' ? [] : [{ key: fields[name], value }];
  });
  return rows.length === 0 ? {} : { typed: { heading: typedHeading, rows } };
}
