import { faxesLostAt } from '../connections/health/faxes-lost.js';
import type { ConnectionView } from '../connections/connection-view.js';
import { lastFetchedAt } from '../connections/pages/fax-report-texts.js';
import { fillOf } from '../fax-reports/mailbox.js';
import { dateOnly, exactTime, wholeNumber, type Clock } from '../platform/http/view-helpers.js';
import type { Texts } from '../texts/texts.js';
import type { Outcome } from './disconnection-types.js';
import { endedPart, isKept, previousPart } from './ended-part.js';
import { isOver, resultOfAll } from './result.js';

export type DisconnectionFacts = {
  t: Texts;
  clock: Clock;
  isv: string;
  tenantName: string;
  /** The address of the page itself. */
  url: string;
  back: { text: string; href: string };
  /** Where the public keys are. */
  keysUrl: string;
  /** Of the clinic's own people: the page to connect again. */
  guideUrl: string | null;
  /** Whether the reader may disconnect and destroy, and say that a JWT was deleted. */
  may: { disconnect: boolean; claim: boolean };
  isStaff: boolean;
  /** The limit puts the next try off until then. */
  limitedUntil?: Date;
};

const REFRESH_SECONDS = 5;

/** Whether there is something that can be disconnected. */
export const isConnected = ({ active, pending, connection }: ConnectionView): boolean =>
  active !== null || pending !== null || !['none', 'disconnected'].includes(connection.health.serving.state);

/**
 * The data of views/disconnection/show.ejs: what a disconnection would do or, after it, what is open and the receipts. It
 * cannot contain a JWT, because this function receives none.
 */
export function disconnectionPage(view: ConnectionView, outcomes: readonly Outcome[], facts: DisconnectionFacts) {
  const { t, clock, url, isStaff, tenantName, back } = facts;
  const [newest] = outcomes;
  const shared = {
    caption: tenantName,
    backLink: back,
    isStaff,
    earlier: earlierPart(isConnected(view) ? outcomes : outcomes.slice(1), facts),
    limited: facts.limitedUntil ? t.disconnection.after.limited(exactTime(facts.limitedUntil, clock)) : null,
  };
  if (isConnected(view) || !newest) {
    const texts = t.disconnection.before;
    const before = isConnected(view) ? beforePart(view, facts) : null;
    return {
      ...shared,
      title: isStaff ? texts.titleForStaff(tenantName) : texts.title,
      before,
      nothing: before ? null : texts.nothing,
      after: null,
      // The clinic has connected again, and a JWT of before may still work.
      credentials: newest ? newest.credentials.filter(isKept).map((one) => previousPart(one, newest, facts)) : [],
      refreshSeconds: null,
    };
  }
  const isOpen = newest.isRevoking || (isOver(newest) && !newest.disconnection.receipt);
  const over = isOver(newest);
  const texts = t.disconnection.after;
  return {
    ...shared,
    title: isStaff ? texts.titleForStaff(tenantName) : texts.title,
    before: null,
    nothing: null,
    refreshSeconds: isOpen ? REFRESH_SECONDS : null,
    after: {
      lead: [texts.since(exactTime(newest.disconnection.at, clock)), byText(newest, facts)],
      open: {
        heading: texts.open,
        points: [
          ...(newest.isRevoking ? [texts.revoking] : []),
          ...(over && !newest.disconnection.receipt ? [texts.receiptSoon] : []),
          ...(over && newest.disconnection.receipt ? [texts.over] : []),
        ],
      },
      receipt: receiptPart(newest, facts),
      again:
        facts.guideUrl === null ? null : { text: texts.again, href: facts.guideUrl, variant: 'secondary' as const },
    },
    credentials: newest.credentials.map((one) => endedPart(one, newest, facts)),
    url,
  };
}

export function byText({ disconnection: { by } }: Outcome, { t, isv }: Pick<DisconnectionFacts, 't' | 'isv'>): string {
  const text = t.disconnection.after.by[by];
  return typeof text === 'string' ? text : text({ isv });
}

function beforePart(view: ConnectionView, facts: DisconnectionFacts) {
  const { t, isv, isStaff, tenantName, url, may } = facts;
  const texts = t.disconnection.before;
  const living = [view.active, view.pending].filter((one) => one !== null);
  const hasJwt = view.active?.method === 'jwt';
  const hasSignIn = living.some(({ method }) => method === 'authorization_code');
  return {
    lead: isStaff ? [texts.leadOfStaff(tenantName), texts.forStaff] : [texts.lead({ isv })],
    what: {
      heading: texts.whatHappens,
      points: [
        ...texts.points({ isv }),
        ...(hasJwt ? [texts.jwt] : []),
        ...(hasSignIn ? [texts.signIn] : []),
        texts.stays,
      ],
    },
    faxes: { heading: texts.faxes, points: faxPoints(view, facts) },
    left: {
      heading: texts.after,
      points: hasJwt || view.pending?.method === 'jwt' ? [texts.deleteIt, texts.tellUs] : [texts.nothingToDelete],
    },
    owners: may.disconnect ? null : isStaff ? texts.onlyOperators : texts.onlyOwners,
    form: may.disconnect ? { action: url, button: { text: texts.button, variant: 'warning' as const } } : null,
  };
}

/** What is known of faxes that were not fetched; what is not known is said too. */
function faxPoints(view: ConnectionView, { t, clock, isv }: DisconnectionFacts): string[] {
  const texts = t.disconnection.before;
  const fetchedAt = lastFetchedAt(view);
  const known = new Map(view.faxReport?.lines.map((line) => [line.extensionId, line]) ?? []);
  const counted = view.lines.flatMap((line) => {
    const found = line.selected ? known.get(line.extensionId) : undefined;
    const fill = found && fillOf(found);
    if (!fill) return [];
    const name = t.connections.lines.name(line.name, line.extensionNumber);
    return [texts.mailbox(name, wholeNumber(fill.messages, clock.language))];
  });
  return [
    texts.faxesStay({ isv }),
    fetchedAt ? texts.fetched(exactTime(fetchedAt, clock)) : texts.notReported,
    ...counted,
    texts.lostFrom(dateOnly(faxesLostAt(view.connection.health, view.faxReport), clock)),
  ];
}

/** Everything that a printed page must say to be filed, besides the text of the receipt itself. */
function receiptPart(outcome: Outcome, facts: DisconnectionFacts) {
  const { t, clock, url, keysUrl, isv, tenantName } = facts;
  const { receipt, id, at, accountId } = outcome.disconnection;
  if (!receipt) return null;
  const texts = t.disconnection.after;
  const { rows } = texts;
  return {
    heading: texts.receipt,
    rows: [
      { key: rows.clinic, value: tenantName },
      { key: rows.isv, value: isv },
      ...(accountId === null ? [] : [{ key: rows.account, value: accountId }]),
      { key: rows.at, value: exactTime(at, clock) },
      { key: rows.by, value: byText(outcome, facts) },
      { key: rows.proved, value: texts.results[resultOfAll(outcome)] },
      { key: rows.made, value: exactTime(receipt.at, clock) },
      { key: rows.signature, value: /^signed: yes$/m.test(receipt.text) ? rows.signed : rows.unsigned },
    ],
    text: receipt.text,
    download: { text: texts.download, href: `${url}/receipts/${id}` },
    print: texts.print,
    keep: texts.keep,
    verify: { text: texts.verify, href: keysUrl },
  };
}

/** Receipts stay, also after the clinic has connected again. */
function earlierPart(outcomes: readonly Outcome[], { t, clock, url }: DisconnectionFacts) {
  const texts = t.disconnection.after;
  const rows = outcomes.flatMap(({ disconnection: { id, at, receipt } }) =>
    receipt
      ? [{ text: `${exactTime(at, clock)}: ${texts.results[receipt.result]}`, href: `${url}/receipts/${id}` }]
      : [],
  );
  return rows.length > 0 ? { heading: texts.earlier, rows } : null;
}
