import { plainName } from '../../platform/plain-name.js';

const LONGEST = 100;

/** @returns the name as stored, or why it was refused */
export function readPersonName(
  typed: string,
): { name: string; problem?: undefined } | { problem: 'missing' | 'too_long' } {
  const name = plainName(typed);
  if (name === '' || /\p{Cc}/u.test(name)) return { problem: 'missing' };
  return name.length > LONGEST ? { problem: 'too_long' } : { name };
}
