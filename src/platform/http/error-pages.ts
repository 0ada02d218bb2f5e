import type { Texts } from '../../texts/texts.js';
import type { ErrorCode } from '../errors.js';
import { relativeTime, timeOfDay } from './view-helpers.js';

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

export type ErrorPageFacts = {
  requestId?: string;
  retryAt?: Date;
  now?: Date;
  timeZone?: string;
  language?: string;
  typed?: Record<string, string>;
};

/** "in 4 minutes (14:05 UTC)"; undefined if the time has passed or is unknown. */
function when({ retryAt, now, timeZone = 'UTC', language = 'en' }: ErrorPageFacts): string | undefined {
  if (!retryAt || !now || retryAt <= now) return undefined;
  return `${relativeTime(retryAt, { now, language })} (${timeOfDay(retryAt, { timeZone, language })})`;
}

/**
 * The data of views/errors/error.ejs. The page of `not_found` is the same for missing things and for other people's:
 * it contains no id, no path and no request id.
 */
export function errorPage(code: ErrorCode, t: Texts, facts: ErrorPageFacts = {}): ErrorPage {
  const texts = t.common.errorPages;
  const plain = (of: { title: string; paragraphs: string[] }): ErrorPage => ({
    title: of.title,
    heading: of.title,
    paragraphs: of.paragraphs,
  });
  const forSupport = facts.requestId === undefined ? {} : { requestId: facts.requestId };
  const waiting = (of: { title: string; paragraphs: string[]; soon: string; when: (time: string) => string }) => {
    const time = when(facts);
    return { ...plain(of), paragraphs: [time === undefined ? of.soon : of.when(time), ...of.paragraphs] };
  };
  switch (code) {
    case 'bad_request':
      return plain(texts.badRequest);
    case 'forbidden':
      return plain(texts.forbidden);
    case 'form_expired':
      return plain(texts.formExpired);
    case 'not_found':
      return { ...plain(texts.notFound), action: { text: texts.home, href: '/' } };
    case 'method_not_allowed':
      return plain(texts.methodNotAllowed);
    case 'conflict':
      return plain(texts.conflict);
    case 'too_large':
      return plain(texts.tooLarge);
    case 'unsupported_media_type':
      return plain(texts.unsupportedMediaType);
    case 'too_many_requests':
      return waiting(texts.tooManyRequests);
    case 'unavailable':
      return { ...waiting(texts.unavailable), ...forSupport };
    case 'session_ended':
      return {
        ...plain(texts.sessionEnded),
        action: { text: texts.sessionEnded.action, href: '/sign-in' },
        ...typedIn(facts, t),
      };
    case 'internal':
      return { ...plain(texts.internal), ...forSupport };
  }
}

type KeptField = keyof Texts['common']['errorPages']['sessionEnded']['fields'];

/** Keeps only fields that have a name here; passwords, codes and JWTs have none. */
function typedIn({ typed = {} }: ErrorPageFacts, t: Texts): Pick<ErrorPage, 'typed'> {
  const { typedHeading, fields } = t.common.errorPages.sessionEnded;
  const rows = (Object.keys(fields) as KeptField[]).flatMap((name) => {
    const value = typed[name];
    return value === undefined || value.trim() === '' ? [] : [{ key: fields[name], value }];
  });
  return rows.length === 0 ? {} : { typed: { heading: typedHeading, rows } };
}
