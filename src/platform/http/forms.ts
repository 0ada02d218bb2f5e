import { z } from 'zod';
import { PortalError } from '../errors.js';

/** A form field: text of at most `max` UTF-16 units, sent once. */
export const textField = (max: number) => z.string().max(max);

/**
 * Parses a posted form. Checks only its shape: an unknown field, a field sent twice (the parser makes it a list), or
 * a field longer than its page can send is a `bad_request`, because none of our forms sends it. Problems that a
 * person can correct are the service's task. `_csrf` is accepted and dropped.
 */
export function parseForm<Shape extends z.ZodRawShape>(
  schema: z.ZodObject<Shape>,
  body: unknown,
): z.output<z.ZodObject<Shape>> {
  const fields = typeof body === 'object' && body !== null ? Object.entries(body) : [];
  // With a null prototype, a field named __proto__ is an unknown field like any other.
  const sent = Object.assign(Object.create(null) as Record<string, unknown>, Object.fromEntries(fields));
  if (sent._csrf !== undefined && typeof sent._csrf !== 'string') throw new PortalError('bad_request');
  delete sent._csrf;
  const parsed = schema.strict().safeParse({ ...sent });
  // zod's error repeats the typed value, so it is not passed on as the cause.
  if (!parsed.success) throw new PortalError('bad_request');
  return parsed.data;
}

/** Parses a query; values that none of our pages sends are a `bad_request`. Other parameters are ignored. */
export function readQuery<T>(schema: z.ZodType<T>, query: unknown): T {
  const parsed = schema.safeParse(query);
  if (!parsed.success) throw new PortalError('bad_request');
  return parsed.data;
}
