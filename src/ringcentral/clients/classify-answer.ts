import { appErrors, catalogueRow, outageErrors, type CatalogueRow } from '../catalogue/error-catalogue.js';
import type { Answer, Failure } from './guarded-call.js';
import { member, textMember } from './json-body.js';
import type { Inconclusive, RefusalCause, Refused, TokenRejected, TransientCause } from '../catalogue/outcome.js';

/** RingCentral answered 2xx with JSON. The caller checks whether the JSON has the expected shape. */
export type Success = { kind: 'success'; answer: Answer };

const TOKEN_PENALTY_MS = 60_000;
const AFTER_TIME_OUT_MS = 10_000; // RingCentral asks clients to repeat 10 s apart
const API_PENALTY_MS = 30_000; // without Retry-After RingCentral asks for at least 30 s

/**
 * What the token endpoint's answer means. First match wins: transport, 408, 429, 5xx, an OAuth error that means an
 * outage, or a body that is not an error of the documented shape (except 415) → transient; a code of the catalogue; an
 * OAuth error that names our app; `invalid_grant` → the credential; anything else stays `unclassified` with its code
 * kept. Of the statuses only 408, 415, 429 and 5xx count: RingCentral sends others than it documents.
 */
export function classifyTokenAnswer(answer: Answer | Failure): Success | Refused | Inconclusive {
  if (answer.kind === 'failure') return failed(answer);
  const early = earlyVerdict(answer, TOKEN_PENALTY_MS);
  if (early) return early;
  const row = catalogueRow(codesOf(answer.json), 'token');
  if (row) return fromRow(row, answer) as Refused | Inconclusive;
  const oauthError = member(answer.json, 'error');
  if (typeof oauthError === 'string' && appErrors.includes(oauthError)) return refused('app_misconfigured', answer);
  // We name the scopes we need, so the app lacks one of them (inferred).
  if (oauthError === 'invalid_scope') return refused('scope_missing', answer);
  return refused(oauthError === 'invalid_grant' ? 'credential_rejected' : 'unclassified', answer);
}

/** The same for an API call. Any 401 means that the token is rejected: the caller mints once and retries. */
export function classifyApiAnswer(answer: Answer | Failure): Success | Refused | Inconclusive | TokenRejected {
  if (answer.kind === 'failure') return failed(answer);
  const early = earlyVerdict(answer, API_PENALTY_MS);
  if (early) return early;
  if (answer.status === 401) return tokenRejected(answer);
  const row = catalogueRow(codesOf(answer.json), 'api');
  return row ? fromRow(row, answer) : refused('unclassified', answer);
}

/**
 * What a rejected token means if RingCentral issued it a moment before: its owner or account is inactive if a code says
 * so; otherwise RingCentral contradicts itself, which is its fault.
 */
export function afterNewMint({ codes, status, requestId }: TokenRejected): Refused | Inconclusive {
  const row = catalogueRow(codes, 'after_mint');
  if (row) return { kind: 'refused', cause: row.cause as RefusalCause, codes, status, requestId };
  const cause = 'ringcentral_unavailable';
  return { kind: 'inconclusive', cause, codes, status, requestId, retryAfterMs: null };
}

/** For an answer we cannot read: RingCentral, or something between us and RingCentral, has a fault. */
export const unreadable = (answer: Answer) => inconclusive('ringcentral_unavailable', answer, null);

const isSuccess = (status: number) => status >= 200 && status < 300;

function failed({ failure, requestId }: Failure): Inconclusive {
  const cause = failure === 'body_too_large' ? 'ringcentral_unavailable' : 'unreachable';
  const retryAfterMs = failure === 'time_out' ? AFTER_TIME_OUT_MS : null;
  return { kind: 'inconclusive', cause, codes: [], status: null, requestId: requestId ?? null, retryAfterMs };
}

/** What the status says, and whether the body has a documented shape. */
function earlyVerdict(answer: Answer, defaultPenaltyMs: number): Success | Refused | Inconclusive | undefined {
  const { status, json, retryAfterMs } = answer;
  if (status === 429) return inconclusive('rate_limited', answer, retryAfterMs ?? defaultPenaltyMs);
  const isOutage = !isSuccess(status) && outageErrors.includes(textMember(json, 'error') ?? '');
  const isTransient = status === 408 || status >= 500 || status < 200 || isOutage;
  if (status === 415 && !isOutage) return refused('app_misconfigured', answer);
  if (isTransient || !(isSuccess(status) ? isObject(json) : isErrorBody(json)))
    return inconclusive('ringcentral_unavailable', answer, retryAfterMs);
  return isSuccess(status) ? { kind: 'success', answer } : undefined;
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

const tokenRejected = ({ status, requestId, json }: Answer): TokenRejected => ({
  kind: 'token_rejected',
  codes: codesOf(json),
  status,
  requestId,
});
