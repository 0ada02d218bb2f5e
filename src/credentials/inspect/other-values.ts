import { isAddress } from './host-name.js';
import type { RejectionCode } from './inspection-types.js';
import { peelPaste } from './peel-paste.js';
import type { Repair } from './repairs.js';

type Value = { readonly value: string; readonly repairs: Set<Repair> };
type Run = { readonly run: string; readonly start: number; readonly end: number };

const runsIn = (text: string): Run[] =>
  Array.from(text.matchAll(/[A-Za-z0-9_-]+/g), ({ 0: run, index }) => ({ run, start: index, end: index + run.length }));

/** The codes of pastes that hold no JWT. */
export type OtherCode = Extract<
  RejectionCode,
  'empty' | 'url' | 'client_id' | 'client_secret_like' | 'access_token' | 'not_a_jwt'
>;

/**
 * Which other value of a console a decoded text without a JWT is, in the order of precedence, and what was removed
 * around it.
 */
export function nameOther(
  text: string,
  clientId: string | undefined,
): { code: OtherCode; repairs: ReadonlySet<Repair> } {
  const unnamed = text.replace(nameOnItsOwnLine, '');
  const runs = runsIn(unnamed);
  const { value, repairs } = readValue(unnamed, runs);
  if (unnamed !== text) repairs.add('label');
  const code = (): OtherCode => {
    if (text.trim() === '') return 'empty';
    if (isAddress(text.trim())) return 'url';
    const isDecoded = claimName.test(text);
    if (!isDecoded && (value.length === 22 || holdsClientId(unnamed, runs, clientId))) return 'client_id';
    if (!isDecoded && value.length === 44) return 'client_secret_like';
    return runs.some((run) => beginsAccessToken(unnamed, run)) ? 'access_token' : 'not_a_jwt';
  };
  return { code: code(), repairs };
}

/** The name of a claim or of a header member: the text is a decoded JWT, whose values may have any length. */
const claimName = /(?:^|[^\p{L}\p{N}_.-])(?:iss|sub|aud|exp|nbf|iat|jti|kid|alg|typ)["'”’]?\s{0,4}[:=]/iu;

/** The ISV's own client ID counts anywhere in a text; a long one also if line breaks are in it. */
function holdsClientId(text: string, runs: readonly Run[], clientId: string | undefined): boolean {
  if (clientId === undefined) return false;
  return (
    runs.some(({ run }) => run === clientId) || (clientId.length >= 16 && text.replace(/\s/g, '').includes(clientId))
  );
}

/** RingCentral's access tokens are opaque, but in base64 each begins with the tag of a data center, as `SJC11P01`. */
const dataCenter = /^[A-Z]{3}\d{2}[A-Z]\d{2}/;
const decodedToken = /^[A-Z]{3}\d{2}[A-Z]\d{2}[A-Z]{3}\d{2}\|/;

/** The length of 8 bytes in base64url. */
const tagLength = 11;
/** Whether an access token begins here, in one piece, over lines, or decoded. */
function beginsAccessToken(text: string, { start }: Run): boolean {
  const ahead = text.slice(start, start + 80);
  const joined = ahead.replace(/=?\s+/g, '').slice(0, tagLength);
  return decodedToken.test(ahead) || dataCenter.test(Buffer.from(joined, 'base64url').toString('latin1'));
}

/** The longest value in the text, if everything around it is only wrapping; in one piece or broken over lines. */
function readValue(text: string, runs: readonly Run[]): Value {
  for (const candidates of [runs, joinLines(text, runs)]) {
    const longest = candidates.reduce<Run | null>(
      (best, one) => (one.run.length > (best?.run.length ?? 0) ? one : best),
      null,
    );
    if (longest === null) break;
    const repairs = peelPaste(text.slice(0, longest.start), text.slice(longest.end));
    if (longest.run.length < longest.end - longest.start) repairs.add('whitespace');
    if (!repairs.has('surrounding_text')) return { value: longest.run, repairs };
  }
  return { value: '', repairs: new Set() };
}

/** `Client ID` or `Client secret` above its value, as a console shows them. */
const nameOnItsOwnLine = /^\s*(?:app|application|client|cliente)[ _-](?:id|secret)[ \t]*\n/i;
const isLineBreak = (between: string): boolean => /^=?$/.test(between.trim()) && between.includes('\n');

/** Joins the pieces of values that were broken over lines; RFC 2045 §6.7 ends a broken line with `=`. */
function joinLines(text: string, runs: readonly Run[]): Run[] {
  const values: Run[] = [];
  for (const piece of runs) {
    const last = values.at(-1);
    if (last && isLineBreak(text.slice(last.end, piece.start)))
      values[values.length - 1] = { run: last.run + piece.run, start: last.start, end: piece.end };
    else values.push(piece);
  }
  return values;
}
