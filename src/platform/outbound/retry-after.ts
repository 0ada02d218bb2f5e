/** The longest wait that is honored: what asks for more must not silence us for good. */
const DAY_MS = 86_400_000;

/**
 * Reads `Retry-After` (RFC 9110 §10.2.3): seconds or an HTTP-date.
 *
 * @returns milliseconds from `now`, from 1 s (also for 0) to a day; null if absent, negative, in the past or invalid
 */
export function parseRetryAfter(header: string | null, now: Date): number | null {
  const text = header?.trim() ?? '';
  if (/^\d{1,15}$/.test(text)) return Math.min(Math.max(Number(text) * 1000, 1000), DAY_MS);
  if (!/^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(text)) return null;
  const waitMs = Date.parse(text) - now.getTime();
  return waitMs > 0 ? Math.min(Math.max(waitMs, 1000), DAY_MS) : null;
}
