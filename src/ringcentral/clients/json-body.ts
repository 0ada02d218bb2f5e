/**
 * Reads JSON whose int64 ids may exceed what a JavaScript number keeps (2^53): integers of 16 or more digits come back
 * as text. Bytes must be UTF-8 (RFC 8259 §8.1).
 *
 * @returns undefined if the bytes are not JSON; never throws
 */
export function readJson(body: Buffer): unknown {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(body);
    const value = JSON.parse(text) as unknown;
    if (!/\d{16}/.test(text)) return value;
    return JSON.parse(quoteLongIntegers(text));
  } catch {
    return undefined;
  }
}

/** Puts quotes around the integers of 16 or more digits in valid JSON; skips the contents of strings. */
function quoteLongIntegers(text: string): string {
  const parts: string[] = [];
  let at = 0;
  while (at < text.length) {
    const start = at;
    if (text[at] === '"') at = endOfString(text, at);
    else while (at < text.length && text[at] !== '"') at += 1;
    const part = text.slice(start, at);
    parts.push(text[start] === '"' ? part : part.replace(/[-+.\deE]+/g, quoteIfLong));
  }
  return parts.join('');
}

const quoteIfLong = (number: string) => (/^-?\d{16,}$/.test(number) ? `"${number}"` : number);

function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}

/** An own property of a JSON object; undefined for anything else, including `__proto__` and arrays. */
export function member(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return Object.prototype.hasOwnProperty.call(value, name) ? (value as Record<string, unknown>)[name] : undefined;
}

/** Text of at most `limit` characters, or null. */
export const textMember = (value: unknown, name: string, limit = 200): string | null => {
  const text = member(value, name);
  return typeof text === 'string' && text.length > 0 && text.length <= limit ? text : null;
};

/** A RingCentral id: 1 to 20 digits, given as text or as a number. null for anything else. */
export const idMember = (value: unknown, name: string): string | null => {
  const id = member(value, name);
  const text = typeof id === 'number' && Number.isSafeInteger(id) ? String(id) : id;
  return typeof text === 'string' && /^\d{1,20}$/.test(text) ? text : null;
};
