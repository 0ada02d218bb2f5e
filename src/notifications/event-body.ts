import type { Numbered } from '../platform/database/sequencer.js';
import type { Unnumbered } from './event-store.js';

/** The exact text of an event: the same bytes in the feed and in every webhook. */
export const bodyOf = (
  { id, seq, type, at, tenantId: tenant, data }: Numbered<Unnumbered>,
  ref: string | null,
): string => JSON.stringify({ id, seq, type, at, tenant, external_ref: ref, data: JSON.parse(data) as unknown });

/** The same when its clinic is erased: without the ISV's own id for it, which alone may say who that was. */
export const withoutRef = (body: string): string =>
  JSON.stringify({ ...(JSON.parse(body) as Record<string, unknown>), external_ref: null });
