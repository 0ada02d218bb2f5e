import { plainName } from '../../platform/plain-name.js';
import { urlProblem, type JudgeAddress, type UrlProblem } from '../../platform/outbound/public-address.js';
import { eventTypes } from './event-types.js';

const LONGEST_URL = 2000;
const LONGEST_DESCRIPTION = 100;
export const MOST_ENDPOINTS = 50;

/** A requested endpoint as it was typed. */
export type AskedEndpoint = { url: string; description: string; eventTypes: readonly string[] };

export type EndpointProblem =
  | { field: 'url'; code: UrlProblem | 'too_long' }
  | { field: 'description'; code: 'missing' | 'too_long' }
  | { field: 'events'; code: 'missing' }
  | { field: 'url'; code: 'too_many' };

type Given = { judge: JudgeAddress; loopback: boolean };

/** Reads a requested endpoint. @returns every problem, or the endpoint */
export function readEndpoint(asked: AskedEndpoint, { judge, loopback }: Given) {
  const problems: EndpointProblem[] = [];
  const text = asked.url.trim();
  const problem = urlProblem(text, judge, loopback);
  if (text.length > LONGEST_URL) problems.push({ field: 'url', code: 'too_long' });
  else if (problem) problems.push({ field: 'url', code: problem });
  const description = plainName(asked.description);
  if (description === '' || /\p{Cc}/u.test(description)) problems.push({ field: 'description', code: 'missing' });
  else if (description.length > LONGEST_DESCRIPTION) problems.push({ field: 'description', code: 'too_long' });
  const chosen = eventTypes.filter((type) => asked.eventTypes.includes(type));
  if (chosen.length === 0) problems.push({ field: 'events', code: 'missing' });
  if (problems.length > 0) return problems;
  return { url: new URL(text).href, description, eventTypes: chosen };
}

export type ReadEndpoint = ReturnType<typeof readEndpoint>;
