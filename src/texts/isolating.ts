/** Whether a text has letters that are written from right to left. */
const rightToLeft =
  /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Samaritan}\p{Script=Mandaic}\p{Script=Adlam}\p{Script=Hanifi_Rohingya}\u200f\u061c]/u;
const FIRST_STRONG_ISOLATE = '\u2068';
const POP_DIRECTIONAL_ISOLATE = '\u2069';

/** Isolates every string with right-to-left letters; what it is in keeps its shape. */
function isolated(value: unknown): unknown {
  if (typeof value === 'string')
    return rightToLeft.test(value) ? `${FIRST_STRONG_ISOLATE}${value}${POP_DIRECTIONAL_ISOLATE}` : value;
  if (Array.isArray(value)) return value.map(isolated);
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, isolated(inner)]));
}

/**
 * A catalog whose sentences isolate what they are told (names of clinics and people, addresses, typed text), as
 * `<bdi>` does: a name in right-to-left letters does not reorder the sentence around it (UAX #9). It holds on pages
 * and in mails, for every text of a catalog that is written from left to right.
 */
export function isolating<T>(texts: T): T {
  if (typeof texts === 'function') {
    const text = texts as unknown as (...given: unknown[]) => unknown;
    return ((...given: unknown[]) => text(...given.map(isolated))) as T;
  }
  if (Array.isArray(texts)) return texts.map(isolating) as T;
  if (typeof texts !== 'object' || texts === null) return texts;
  return Object.fromEntries(
    Object.entries(texts).map(([key, inner]: [string, unknown]) => [key, isolating(inner)]),
  ) as T;
}
