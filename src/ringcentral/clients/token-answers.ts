import { Secret } from '../../platform/secret.js';
import type { AccessToken, Outcome, SignInTokens } from '../catalogue/outcome.js';
import { classifyTokenAnswer, unreadable } from './classify-answer.js';
import type { Answer, Failure } from './guarded-call.js';
import { idMember, member, textMember } from './json-body.js';

const DAY_SECONDS = 86_400;
const LONGEST_REFRESH_SECONDS = 30 * DAY_SECONDS;
/** The shortest life that RingCentral gives an access token. */
const SHORTEST_SECONDS = 600;
/** The longest one, which is requested for a sign-in: a refresh ends the token that others hold. */
export const LONGEST_LIFE_SECONDS = 3_600;
/** 63 years. Larger numbers fit neither the database's integer nor a date. */
const LONGEST_SECONDS = 2_000_000_000;
const TOKEN_LIMIT = 4096;

/** The characters that a header can hold; a token with any other could not be sent. */
const headerText = /^[\x21-\x7e]+$/;

/** Reads an answer; `conforms` if the library accepts it. */
export type Reader<T> = (answer: Answer | Failure, conforms: boolean) => Outcome<T>;

/**
 * Reads a token answer. An answer without a usable token (no text of at most 4 KB, a lifetime that is missing,
 * not a number or below 1 s, no owner) is `ringcentral_unavailable`: RingCentral accepted the credential, but there is
 * no token to use or no owner to compare. A lifetime above a day counts as a day. If no scopes are named, the token has
 * those we requested (RFC 6749 §5.1).
 *
 * @param untoldSeconds the lifetime of a token whose answer has no usable one; 0: such an answer is not accepted
 */
export const readMintFor =
  (requiredScopes: readonly string[], untoldSeconds = 0): Reader<AccessToken> =>
  (answer, conforms) => {
    const verdict = classifyTokenAnswer(answer);
    if (verdict.kind !== 'success') return verdict;
    const { json, requestId } = verdict.answer;
    const accessToken = textMember(json, 'access_token', TOKEN_LIMIT);
    const told = Math.floor(Number(member(json, 'expires_in') ?? Number.NaN));
    const expiresInSeconds = told >= 1 ? told : untoldSeconds;
    const ownerId = idMember(json, 'owner_id');
    const scope = member(json, 'scope') ?? requiredScopes.join(' ');
    const isUsable =
      conforms &&
      accessToken !== null &&
      headerText.test(accessToken) &&
      expiresInSeconds >= 1 &&
      ownerId !== null &&
      typeof scope === 'string';
    if (!isUsable) return unreadable(verdict.answer);
    const value = {
      accessToken: new Secret(accessToken),
      expiresInSeconds: Math.min(expiresInSeconds, DAY_SECONDS),
      scopes: scope
        .slice(0, TOKEN_LIMIT)
        .split(' ')
        .filter((scope) => /^[\w.:-]{1,60}$/.test(scope)),
      ownerId,
    };
    return { kind: 'accepted', value, requestId };
  };

/**
 * Reads the answer to an authorization code or a refresh token: a token as in any answer, and what keeps its session
 * alive. The refresh token before it is spent, so an answer without a lifetime is accepted too, with the shortest one.
 * A lifetime above the longest one counts as that: no refresh is made while a token that a job has is believed alive.
 * A refresh token that cannot be stored (no text, or more than 4 KB) makes the answer unreadable.
 * Scopes that are not named are not known. What RingCentral says of a credential in general, it says of the code
 * or refresh token, and only a new sign-in helps.
 */
export const readSignIn: Reader<SignInTokens> = (answer, conforms) => {
  const read = readMintFor([], SHORTEST_SECONDS)(answer, conforms);
  if (read.kind === 'refused' && read.cause === 'credential_rejected') return { ...read, cause: 'sign_in_again' };
  if (read.kind !== 'accepted' || answer.kind !== 'answer') return read as Exclude<typeof read, { kind: 'accepted' }>;
  const { json } = answer;
  const refreshToken = textMember(json, 'refresh_token', TOKEN_LIMIT);
  // RingCentral has rotated the token. Taken for an answer without one, it would leave a spent token in its place.
  if (refreshToken === null && (member(json, 'refresh_token') ?? null) !== null) return unreadable(answer);
  const seconds = (name: string): number | null => {
    const value = Math.floor(Number(member(json, name) ?? Number.NaN));
    return value >= 1 ? Math.min(value, LONGEST_SECONDS) : null;
  };
  const lives = seconds('refresh_token_expires_in');
  const value = {
    ...read.value,
    expiresInSeconds: Math.min(read.value.expiresInSeconds, LONGEST_LIFE_SECONDS),
    refreshToken: refreshToken === null ? null : new Secret(refreshToken),
    refreshExpiresInSeconds: lives === null ? null : Math.min(lives, LONGEST_REFRESH_SECONDS),
    session: { idleSeconds: seconds('session_idle_timeout'), endsInSeconds: seconds('session_expires_in') },
  };
  return { ...read, value };
};

/** RFC 7009 §2.2: the status is 200, and the body has no meaning. */
export function readRevocation(answer: Answer | Failure): Outcome<null> {
  if (answer.kind === 'answer' && answer.status === 200)
    return { kind: 'accepted', value: null, requestId: answer.requestId };
  const verdict = classifyTokenAnswer(answer);
  return verdict.kind === 'success' ? unreadable(verdict.answer) : verdict;
}
