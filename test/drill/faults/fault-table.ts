import type { CallName } from '../../../src/emulator/traffic/calls.js';
import type { FaultInput } from '../../../src/emulator/traffic/faults.js';
import type { Presentation } from '../../../src/emulator/listening/secure-listener.js';
import type { Cause } from '../../../src/connections/health/causes.js';
import type { Method } from '../../faults/faulted-clinic.js';
import type { DnsFailure } from '../../support/visits/resolver.js';

/** The calls of a check, by the emulator's names. The answers of `account` and `company` never affect the verdict. */
export const places = ['token', 'extension', 'extensions', 'messages', 'company'] as const;
export type Place = (typeof places)[number] & CallName;

export type Expected = 'accepted' | { kind: 'inconclusive' | 'refused'; cause: Cause };

export type FaultRow = {
  name: string;
  /** an answer, a certificate, or a name that cannot be resolved */
  how: { fault: FaultInput } | { presents: Presentation } | { dns: DnsFailure };
  /** the class at the token endpoint; null if the fault cannot happen there */
  token: Expected | null;
  /** the class at an API call that affects the verdict */
  api: Expected | null;
  /** the class at the token endpoint if a code or a refresh token was sent there; default `token` */
  signIn?: { code: Expected; refresh: Expected };
  /** how long RingCentral asks us to wait, in milliseconds */
  retryAfterMs?: number;
  /** the emulator enforces a penalty that no client can wait out */
  isForever?: true;
  /** where a second token is minted, as after a 401 */
  mintsAgain?: 'token' | 'api';
};

const unavailable: Expected = { kind: 'inconclusive', cause: 'ringcentral_unavailable' };
const unreachable: Expected = { kind: 'inconclusive', cause: 'unreachable' };
const limited: Expected = { kind: 'inconclusive', cause: 'rate_limited' };
const refused = (cause: Cause): Expected => ({ kind: 'refused', cause });
const unclassified = refused('unclassified');
const signInAgain: FaultRow['signIn'] = { code: refused('sign_in_again'), refresh: refused('sign_in_again') };
/** The code or refresh token is spent, so the answer is used, with the shortest life. */
const used: FaultRow['signIn'] = { code: 'accepted', refresh: 'accepted' };

const row = (
  name: string,
  fault: FaultInput,
  expected: Expected,
  more: Partial<Pick<FaultRow, 'token' | 'api' | 'signIn' | 'retryAfterMs' | 'isForever' | 'mintsAgain'>> = {},
): FaultRow => ({ name, how: { fault }, token: expected, api: expected, ...more });
const status = (code: number, expected: Expected, more: Partial<FaultRow> = {}): FaultRow =>
  row(`${code}`, { kind: 'status', status: code }, expected, more);
const html = (code: number, expected: Expected): FaultRow =>
  row(`${code} in HTML`, { kind: 'html', status: code }, expected);
const tls = (what: Presentation, name: string): FaultRow => ({
  name: `TLS: ${name}`,
  how: { presents: what },
  token: unreachable,
  api: unreachable,
});
const dns = (failure: DnsFailure, name: string): FaultRow => ({
  name: `DNS: ${name}`,
  how: { dns: failure },
  token: unreachable,
  api: unreachable,
});
const lifetime = (
  name: string,
  change: Pick<FaultInput, 'set' | 'remove'>,
  more: Partial<Pick<FaultRow, 'signIn'>> = {},
): FaultRow => row(`expires_in ${name}`, { kind: 'changed_members', ...change }, unavailable, { api: null, ...more });
const limit = (name: string, fault: Partial<FaultInput>, retryAfterMs: number, more: Partial<FaultRow> = {}) =>
  row(`429, Retry-After ${name}`, { kind: 'rate_limited', ...fault }, limited, { retryAfterMs, ...more });

const second = 1000;
const day = 86_400 * second;

/**
 * Every failure between RingCentral and us, and how the portal must classify it. Without a usable time from
 * RingCentral, the wait is 30 s, as it documents.
 */
export const faultTable: readonly FaultRow[] = [
  dns('ENOTFOUND', 'no such name'),
  dns('EAI_AGAIN', 'no server answers'),
  dns('silence', 'silence'),
  tls('expired', 'expired'),
  tls('wrong_host', 'for another host'),
  tls('self_signed', 'signed by itself'),
  tls('unknown_issuer', 'by an unknown authority'),
  tls('too_old', '1.1 at the most'),
  tls('silence', 'silence instead of a handshake'),
  row('redirect elsewhere', { kind: 'redirect' }, unreachable),
  row('redirect elsewhere, 307', { kind: 'redirect', status: 307 }, unreachable),
  status(400, unclassified),
  row('400 invalid_grant', { kind: 'status', status: 400, error: 'invalid_grant' }, refused('credential_rejected'), {
    api: null,
    signIn: signInAgain,
  }),
  html(400, unavailable),
  // With the code that RingCentral gives to a refresh token that has ended.
  status(401, refused('app_misconfigured'), { api: unavailable, mintsAgain: 'api', signIn: signInAgain }),
  status(403, unclassified),
  html(403, unavailable),
  status(404, unclassified, { api: refused('extension_not_visible') }),
  html(404, unavailable),
  status(408, unavailable),
  status(409, unclassified),
  status(413, unclassified),
  status(415, refused('app_misconfigured')),
  limit('seconds', { retryAfter: 90 }, 90 * second),
  limit('two hours', { retryAfter: 7200 }, 7200 * second),
  limit('a date', { retryAfter: 120, retryAfterAs: 'date' }, 119 * second),
  limit('a date gone by', { retryAfter: -60, retryAfterAs: 'date' }, 30 * second),
  limit('0', { retryAfter: 0 }, 0),
  limit('negative', { retryAfter: '-5' }, 30 * second),
  limit('huge', { retryAfter: 1_000_000_000_000 }, day, { isForever: true }),
  limit('junk', { retryAfter: 'in a moment' }, 30 * second),
  limit('none', { retryAfter: null }, 30 * second),
  status(500, unavailable),
  row('500 with a code of no list', { kind: 'status', status: 500, code: 'XYZ-500', error: 'unexpected' }, unavailable),
  row('502', { kind: 'status', status: 502 }, unavailable),
  html(502, unavailable),
  row('503', { kind: 'unavailable' }, unavailable),
  row('503, Retry-After 300', { kind: 'unavailable', retryAfter: 300 }, unavailable, { retryAfterMs: 300 * second }),
  row('503 CMN-211', { kind: 'unavailable', code: 'CMN-211' }, unavailable),
  row('503 in the words of OAuth', { kind: 'service_unavailable_oauth' }, unavailable),
  status(504, unavailable),
  row('empty body', { kind: 'empty_body' }, unavailable),
  html(200, unavailable),
  row('text', { kind: 'not_json' }, unavailable),
  row('cut JSON', { kind: 'cut_json' }, unavailable),
  row('bad UTF-8', { kind: 'bad_utf8' }, unavailable),
  row('a JSON list', { kind: 'json_list' }, unavailable),
  row('deep JSON', { kind: 'deep_json' }, unavailable),
  row('100 MB', { kind: 'huge_body' }, unavailable),
  row('gzip bomb', { kind: 'gzip_bomb' }, unavailable),
  row('100 kB of header', { kind: 'huge_header' }, unreachable),
  row('__proto__', { kind: 'proto_members' }, 'accepted'),
  row('duplicate keys, the real ones last', { kind: 'duplicate_keys' }, 'accepted'),
  row('duplicate keys, others last', { kind: 'duplicate_keys', last: 'other' }, unavailable, {
    api: null,
    mintsAgain: 'token',
  }),
  lifetime('0', { set: { expires_in: 0 } }, { signIn: used }),
  lifetime('-1', { set: { expires_in: -1 } }),
  lifetime('"x"', { set: { expires_in: 'x' } }),
  lifetime('missing', { remove: ['expires_in'] }, { signIn: used }),
  row('slow drip', { kind: 'slow_drip', delayMs: 50 }, unreachable),
  row('silence', { kind: 'hang' }, unreachable),
  row('reset', { kind: 'connection_reset' }, unreachable),
  row('cut in the body', { kind: 'connection_cut' }, unreachable),
];

/** What is sent to the token endpoint. */
export type Sent = 'assertion' | 'code' | 'refresh';
export const sentBy = (method: Method, caller: 'submit' | 're-check'): Sent =>
  method === 'jwt' ? 'assertion' : caller === 'submit' ? 'code' : 'refresh';

/** The expected result of a check with this fault at this call; null if the fault cannot happen there. */
export function expectedAt(row: FaultRow, place: Place, sent: Sent = 'assertion'): Expected | null {
  const { how, token, api, signIn, retryAfterMs = 0 } = row;
  if (place === 'token' && token !== null && sent !== 'assertion') {
    const expected = signIn?.[sent] ?? token;
    // A code that has no clear answer is spent, and only the person can get another one.
    const isUnclear = sent === 'code' && expected !== 'accepted' && expected.kind === 'inconclusive';
    return isUnclear ? refused('sign_in_again') : expected;
  }
  if (place === 'token') return token;
  if (place !== 'company') return api;
  if (!('fault' in how) || row.mintsAgain === 'token' || api === null) return null;
  // A missing name does not affect the verdict, but a client that must wait makes no further calls.
  return retryAfterMs > 0 || (api !== 'accepted' && api.cause === 'rate_limited') ? api : 'accepted';
}

/** Whether a call of the fault ends only at its deadline. */
export const isSilent = ({ how }: FaultRow): boolean =>
  ('fault' in how && ['hang', 'slow_drip'].includes(how.fault.kind)) ||
  ('presents' in how && how.presents === 'silence') ||
  ('dns' in how && how.dns === 'silence');
