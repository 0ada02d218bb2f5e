import { domainToASCII } from 'node:url';

/** Why a text is not an email address that we can use. */
export type AddressProblem = 'no_single_at' | 'local_part' | 'quoted' | 'domain' | 'too_long';

type Read = { ok: true; address: string } | { ok: false; problem: AddressProblem };

/** RFC 5321 §4.5.3.1: octets. The address is one less than a path, because of the brackets around it. */
const LONGEST = { address: 254, localPart: 64 } as const;

/** RFC 5321 §4.1.2: an atom contains no character that could end a mail header, a list or a bracket. */
const atom = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+$/;
const isDotString = (text: string): boolean => text.split('.').every((part) => atom.test(part));
/** A quoted string without a backslash. */
const quotedString = /^"([^"\\]*)"$/;
/** `domainToASCII` reads its argument as the host of a URL, so it would cut `a/b` off and decode `%41`. */
const nameCharacters = /^[\p{L}\p{M}\p{N}.\u3002\uff0e\uff61-]+$/u;
const isLabel = (text: string): boolean => /^[a-z0-9-]{1,63}$/.test(text) && !/^-|-$/.test(text);

/**
 * Reads a mailbox of RFC 5321: its local part as a Dot-string, and a domain name with at least two labels, which may be
 * internationalized (RFC 5890). Lower case and ASCII, as the address is stored and compared.
 *
 * A quoted local part means the same as its content if that is a Dot-string. Any other is refused, because our mail
 * client cannot send to it. So are address literals and local parts that need SMTPUTF8.
 */
export function parseEmailAddress(typed: string): Read {
  const text = typed.trim().toLowerCase();
  const at = text.lastIndexOf('@');
  const [written, domain] = [text.slice(0, Math.max(at, 0)), text.slice(at + 1)];
  if (at <= 0 || domain === '') return { ok: false, problem: 'no_single_at' };
  const [, content] = quotedString.exec(written) ?? [];
  const localPart = content ?? written;
  if (!isDotString(localPart)) return { ok: false, problem: problemOf(written) };
  const name = nameCharacters.test(domain) ? domainToASCII(domain) : '';
  const labels = name.split('.');
  // A name whose last label is a number would be an IP address.
  if (labels.length < 2 || !labels.every(isLabel) || /^\d+$/.test(labels.at(-1) ?? ''))
    return { ok: false, problem: 'domain' };
  const address = `${localPart}@${name}`;
  if (localPart.length > LONGEST.localPart || address.length > LONGEST.address)
    return { ok: false, problem: 'too_long' };
  return { ok: true, address };
}

function problemOf(localPart: string): AddressProblem {
  if (localPart.startsWith('"')) return 'quoted';
  return localPart.includes('@') ? 'no_single_at' : 'local_part';
}

/** @returns the address as stored and compared; undefined if it is invalid */
export function readEmailAddress(typed: string): string | undefined {
  const read = parseEmailAddress(typed);
  return read.ok ? read.address : undefined;
}

/** @returns why `typed` is not an address; undefined if it is one */
export function emailAddressProblem(typed: string): AddressProblem | undefined {
  const read = parseEmailAddress(typed);
  return read.ok ? undefined : read.problem;
}
