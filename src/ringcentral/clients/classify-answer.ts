import { appErrors, catalogueRow, type CatalogueRow } from '../catalogue/error-catalogue.js';
import type { Answer, Failure } from './guarded-call.js';
import { member } from './json-body.js';
import type { Inconclusive, RefusalCause, Refused, TokenRejected, TransientCause } from '../catalogue/outcome.js';

/** RingCentral answered 2xx with JSON. The caller checks whether the JSON has the expected shape. */
export type Success = { kind: 'success'; answer: Answer };

const TOKEN_PENALTY_MS = 60_000;
const AFTER_TIME_OUT_MS = 10_000; // RingCentral asks clients to repeat 10 s apart
const API_PENALTY_MS = 30_000; // without Retry-After RingCentral asks for at least 30 s

/**
 * What the token endpoint's answer means. First match wins: transport, 408, 429, 5xx or a body that is not an
 * error of the documented shape (except 415) → transient; a code of the catalogue; an OAuth error that names our app;
 * `invalid_grant` → the credential; anything else stays `unclassified` with its code kept. Of the statuses only 408,
 * 415, 429 and 5xx count: RingCentral sends others than it documents.
 */
export function classifyTokenAnswer(answer: Answer | Failure): Success | Refused | Inconclusive {
  const early = transientOf(answer, TOKEN_PENALTY_MS);
  if (early) return early;
  const real = answer as Answer;
  if (isSuccess(real.status)) return { kind: 'success', answer: real };
  if (real.status === 415) return refused('app_misconfigured', real);
  const row = catalogueRow(codesOf(real.json), 'token');
  if (row) return fromRow(row, real) as Refused | Inconclusive;
  const oauthError = member(real.json, 'error');
  if (typeof oauthError === 'string' && appErrors.includes(oauthError)) return refused('app_misconfigured', real);
  // We name the scopes we need, so the app lacks one of them (inferred).
  if (oauthError === 'invalid_scope') return refused('scope_missing', real);
  return refused(oauthError === 'invalid_grant' ? 'credential_rejected' : 'unclassified', real);
}

/** The same for an API call. Any 401 means that the token is rejected: the caller mints once and retries. */
export function classifyApiAnswer(answer: Answer | Failure): Success | Refused | Inconclusive | TokenRejected {
  const early = transientOf(answer, API_PENALTY_MS);
  if (early) return early;
  const real = answer as Answer;
  if (isSuccess(real.status)) return { kind: 'success', answer: real };
  if (real.status === 415) return refused('app_misconfigured', real);
  if (real.status === 401) return tokenRejected(real);
  const row = catalogueRow(codesOf(real.json), 'api');
  return row ? fromRow(row, real) : refused('unclassified', real);
}

/** For an answer we cannot read: RingCentral, or something between us and RingCentral, has a fault. */
export const unreadable = ({ status, requestId, json }: Answer): Inconclusive => ({
  kind: 'inconclusive',
  cause: 'ringcentral_unavailable',
  codes: codesOf(json),
  status,
  requestId,
  retryAfterMs: null,
});

const isSuccess = (status: number) => status >= 200 && status < 300;

function transientOf(answer: Answer | Failure, defaultPenaltyMs: number): Inconclusive | undefined {
  if (answer.kind === 'failure') {
    const cause = answer.failure === 'body_too_large' ? 'ringcentral_unavailable' : 'unreachable';
    const retryAfterMs = answer.failure === 'time_out' ? AFTER_TIME_OUT_MS : null;
    return { kind: 'inconclusive', cause, codes: [], status: null, requestId: null, retryAfterMs };
  }
  const { status } = answer;
  if (status === 429) return inconclusive('rate_limited', answer, answer.retryAfterMs ?? defaultPenaltyMs);
  if (status === 408 || status >= 500 || status < 200) return unavailable(answer);
  if (status === 415) return undefined;
  const isKnownShape = isSuccess(status) ? isObject(answer.json) : isErrorBody(answer.json);
  return isKnownShape ? undefined : unavailable(answer);
}

const isObject = (json: unknown) => typeof json === 'object' && json !== null && !Array.isArray(json);

/** The documented shapes of errors: an OAuth `error`, a top-level `errorCode`, or `errors` with codes. */
const isErrorBody = (json: unknown) =>
  isFilled(member(json, 'error')) || isFilled(member(json, 'errorCode')) || errorList(json).some(hasCode);

const isFilled = (value: unknown): value is string => typeof value === 'string' && value !== '';
const hasCode = (entry: unknown) => isFilled(member(entry, 'errorCode'));

function errorList(json: unknown): unknown[] {
  const errors = member(json, 'errors');
  return Array.isArray(errors) ? errors.slice(0, 20) : [];
}

/** Such as `OAU-473` or `TokenInvalid`. Nothing longer, so that we never store a secret from a body. */
const isCode = (code: unknown): code is string =>
  typeof code === 'string' && (/^[A-Za-z]{1,40}$/.test(code) || /^[A-Z]{2,5}-\d{1,5}$/.test(code));

/** The set {top-level errorCode, errors[*].errorCode}; the OAuth `error` if that set is empty. */
export function codesOf(json: unknown): string[] {
  const found = [member(json, 'errorCode'), ...errorList(json).map((entry) => member(entry, 'errorCode'))];
  const codes = [...new Set(found.filter(isCode))];
  const oauthError = member(json, 'error');
  const isName = typeof oauthError === 'string' && /^[a-z_]{1,40}$/.test(oauthError);
  return codes.length === 0 && isName ? [oauthError] : codes;
}

/** `permissionName`, `permissionsName` or the parameter of that name, wherever the body has it. */
function permissionOf(json: unknown): string | undefined {
  for (const place of [...errorList(json), json]) {
    const parameters = member(place, 'parameters');
    const values = (Array.isArray(parameters) ? parameters.slice(0, 5) : []).flatMap((parameter: unknown) => [
      member(parameter, 'permissionName'),
      member(parameter, 'parameterName') === 'permissionName' ? member(parameter, 'parameterValue') : undefined,
    ]);
    for (const name of [member(place, 'permissionName'), member(place, 'permissionsName'), ...values])
      if (typeof name === 'string' && /^[A-Za-z]{1,60}$/.test(name)) return name;
  }
  return undefined;
}

function fromRow(row: CatalogueRow, answer: Answer): Refused | Inconclusive | TokenRejected {
  switch (row.cause) {
    case 'token_rejected':
      return tokenRejected(answer);
    case 'rate_limited':
    case 'ringcentral_unavailable':
    case 'unreachable':
    case 'owner_locked':
      return inconclusive(row.cause, answer, answer.retryAfterMs);
    case 'third_party_access_missing': {
      const permission = permissionOf(answer.json);
      const isOther = permission !== undefined && permission !== 'ThirdPartyAppAccess';
      return refused(isOther ? 'permission_missing' : row.cause, answer);
    }
    default:
      return refused(row.cause, answer);
  }
}

function refused(cause: RefusalCause, { status, requestId, json }: Answer): Refused {
  const permission = permissionOf(json);
  const base: Refused = { kind: 'refused', cause, codes: codesOf(json), status, requestId };
  return permission === undefined ? base : { ...base, permission };
}

function inconclusive(cause: TransientCause, answer: Answer, retryAfterMs: number | null): Inconclusive {
  const { status, requestId, json } = answer;
  return { kind: 'inconclusive', cause, codes: codesOf(json), status, requestId, retryAfterMs };
}

const unavailable = (answer: Answer) => inconclusive('ringcentral_unavailable', answer, answer.retryAfterMs);

const tokenRejected = ({ status, requestId, json }: Answer): TokenRejected => ({
  kind: 'token_rejected',
  codes: codesOf(json),
  status,
  requestId,
});
