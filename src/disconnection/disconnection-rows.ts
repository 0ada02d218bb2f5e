import type { Row } from '../platform/http/content.js';
import { dateOnly, shownTime, type Clock } from '../platform/http/view-helpers.js';
import type { Texts } from '../texts/texts.js';
import type { Outcome } from './disconnection-types.js';
import { byText } from './disconnection-page.js';

/** The newest disconnection in a few rows: who, when, what is open or what was proved, and the receipt. Pure. */
export function rowsForStaff(outcome: Outcome, facts: { t: Texts; clock: Clock; isv: string; url: string }): Row[] {
  const { t, clock, url } = facts;
  const { inShort: texts, after } = t.disconnection;
  const { id, at, receipt } = outcome.disconnection;
  const kept = outcome.credentials.filter(({ credential }) => credential.status === 'retired');
  const until = kept.flatMap(({ credential }) => credential.keptUntil ?? []);
  const last = until.reduce<Date | null>((latest, one) => (latest && latest > one ? latest : one), null);
  const open = [
    ...(outcome.isRevoking ? [after.revoking] : []),
    ...(kept.length > 0 ? [texts.deletion, ...(last ? [texts.kept(dateOnly(last, clock))] : [])] : []),
  ];
  return [
    { key: texts.at, value: { time: shownTime(at, clock), note: byText(outcome, facts) } },
    ...(open.length > 0 ? [{ key: texts.open, value: open.join(' ') }] : []),
    ...(receipt ? [{ key: texts.proved, value: after.results[receipt.result] }] : []),
    {
      key: texts.receipt,
      value: receipt ? { text: after.download, href: `${url}/receipts/${id}` } : texts.noReceipt,
    },
  ];
}
