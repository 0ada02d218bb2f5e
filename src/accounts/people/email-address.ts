import { z } from 'zod';

// zod's pattern allows no control characters, quotes or spaces, so an address cannot add a second mail header.
const address = z.email().max(254);

/** @returns the address as stored and compared: trimmed and in lower case; undefined if it is invalid */
export function readEmailAddress(typed: string): string | undefined {
  const parsed = address.safeParse(typed.trim().toLowerCase());
  return parsed.success ? parsed.data : undefined;
}
