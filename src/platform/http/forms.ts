import { z } from 'zod';
import { PortalError } from '../errors.js';

/** What a form sends: text, at most `max` UTF-16 units, each field once. */
export const textField = (max: number) => z.string().max(max);

/**
 * Reads a posted form. Only shape is judged here: a field that is unknown, sent twice (the parser makes a list of it),
 * or longer than its page can send is no form of ours, so it is a `bad_request`; what a person can mend is the
 * service's to say. `_csrf` is admitted and left out.
 */
export function parseForm<Shape extends z.ZodRawShape>(
  schema: z.ZodObject<Shape>,
  body: unknown,
): z.output<z.ZodObject<Shape>> {
  const fields = typeof body === 'object' && body !== null ? Object.entries(body) : [];
  // A null prototype, so that a field named __proto__ is a field like any other: unknown.
  const sent = Object.assign(Object.create(null) as Record<string, unknown>, Object.fromEntries(fields));
  if (sent._csrf !== undefined && typeof sent._csrf !== 'string') throw new PortalError('bad_request');
  delete sent._csrf;
  const parsed = schema.strict().safeParse({ ...sent });
  // zod's own error repeats what was typed: it is not passed on as the cause.
  if (!parsed.success) throw new PortalError('bad_request');
  return parsed.data;
}

/** Reads a query: what no page of ours can have asked for is a `bad_request`. Other parameters are left alone. */
export function readQuery<T>(schema: z.ZodType<T>, query: unknown): T {
  const parsed = schema.safeParse(query);
  if (!parsed.success) throw new PortalError('bad_request');
  return parsed.data;
}
