import type { RequestHandler } from 'express';

const mark = '\uE000digits:';
const marked = new RegExp(`"${mark}(\\d+)"`, 'g');

/** An id as RingCentral sends it: a JSON number with exactly these digits, even beyond 2^53. */
export type ExactNumber = number | string;

/** @returns a number, or a text that `jsonText` writes as a number; an id that is not digits stays a string */
export function exactNumber(id: string): ExactNumber {
  if (!/^(?:0|[1-9]\d*)$/.test(id)) return id;
  return Number.isSafeInteger(Number(id)) ? Number(id) : `${mark}${id}`;
}

export const jsonText = (value: unknown): string => JSON.stringify(value).replace(marked, '$1');

/** Makes `res.json` write numbers with all their digits. */
export const exactAnswers: RequestHandler = (_req, res, next) => {
  res.json = (body: unknown) => res.type('application/json').send(jsonText(body));
  next();
};
