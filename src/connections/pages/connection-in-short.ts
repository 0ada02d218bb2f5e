import { methodOf, type ConnectionView } from '../connection-view.js';
import type { Check } from '../health/check-types.js';
import { fixOf, type PageFacts } from './cause-page.js';
import { renewalNotes } from './connection-lead.js';
import { situationOf } from './connection-situation.js';
import { textsFor } from './method-texts.js';

/**
 * `problem`: what is wrong and why; null: the clinic is connected, and nothing is wrong. `user`: the RingCentral user of
 * the connection, as far as RingCentral told the names.
 */
export type InShort = {
  problem: { heading: string; paragraphs: string[] } | null;
  user: { name: string; company: string | null } | null;
};

/**
 * What a person who is about to connect again must know of the connection.
 *
 * @returns null while there is none, and nothing was refused
 */
export function connectionInShort(
  view: ConnectionView,
  checks: Check[],
  given: Pick<PageFacts, 't' | 'clock' | 'isv' | 'paths'>,
): InShort | null {
  const facts = { ...given, t: textsFor(given.t, methodOf(view)) };
  const { t } = facts;
  const { headings, leads } = t.connections;
  const situation = situationOf(view);
  const { cause } = view.shown;
  const renewal = renewalNotes(view, facts);
  const heading = situation === 'turn' ? headings.checking : headings[situation];
  const said = situation === 'unverified' ? [...leads.unverified, ...renewal] : renewal;
  const { identity } = view.connection;
  const user = identity?.ownerName ? { name: identity.ownerName, company: identity.accountName } : null;
  if (cause === null && said.length === 0) return view.active ? { problem: null, user } : null;
  const expiresAt = (view.active ?? view.pending)?.expiresAt ?? null;
  const detail = checks.find((check) => check.cause === cause)?.detail ?? {};
  const found = { idPrefix: '', expiresAt, detail, lines: view.lines, checkable: false, nextCheckAt: null };
  const fix = cause === null ? null : fixOf({ cause, ...found }, facts);
  const paragraphs = [...said, ...(fix ? [`${fix.title}.`, ...fix.paragraphs] : [])];
  return { problem: { heading, paragraphs }, user };
}
