import type { Request } from 'express';

/** The first cookie of this name that has a valid value. */
export function readCookie<T extends string>(
  req: Request,
  name: string,
  isValid: (value: string) => value is T,
): T | undefined {
  for (const pair of (req.headers.cookie ?? '').split(';', 50)) {
    const [key, value = ''] = pair.trim().split('=', 2);
    if (key === name && isValid(value)) return value;
  }
  return undefined;
}
