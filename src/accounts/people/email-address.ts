import { z } from 'zod';

// zod's pattern admits no control character, quote or blank, so an address cannot carry a second mail header.
const address = z.email().max(254);

/** @returns the address as it is stored and compared: trimmed, in lower case; undefined where it is none */
export function readEmailAddress(typed: string): string | undefined {
  const parsed = address.safeParse(typed.trim().toLowerCase());
  return parsed.success ? parsed.data : undefined;
}
