import { dateOnly, exactTime, waitingTime, type Clock } from '../../platform/http/view-helpers.js';
import type { Texts } from '../../texts/texts.js';
import type { ConnectionView } from '../connection-view.js';
import { faxesLostAt } from '../health/faxes-lost.js';
import { lastClearAt, serves, unanswered, type Answer } from '../health/health.js';
import { clockText, momentText, type IsvFacts, type PageFacts } from './cause-page.js';
import type { Situation } from './connection-situation.js';
import { lastFetchedText, quietNotes } from './fax-report-texts.js';

/** When the fax lines that the reader has just chosen are checked. */
export type Saved = 'now' | 'later';

/**
 * What came of the last action; `limitedUntil`: when the limit allows the next check, if it refused one now.
 * `signInUsed`: the person came back from RingCentral with an attempt that was used up before.
 */
export type Told = {
  saved?: Saved | undefined;
  limitedUntil?: Date;
  signInUsed?: boolean;
  /** The reader has just confirmed the company. */
  isConfirmed?: boolean;
  /** The reader answered about something else than what waits now. */
  isStale?: boolean;
};

/** What the reader must know first, in sentences. */
export function leadOf(situation: Situation, view: ConnectionView, { t, isv, clock }: PageFacts): string[] {
  const { leads, refusedAt, fix } = t.connections;
  const { lastRefusal } = view.connection.health;
  const next = view.nextCheckAt ?? clock.now;
  switch (situation) {
    case 'refused':
      return lastRefusal ? [refusedAt(momentText(new Date(lastRefusal.at), { t, clock }))] : [];
    case 'disowned':
      return lastRefusal ? leads.disowned(isv.isvName, momentText(new Date(lastRefusal.at), { t, clock })) : [];
    case 'turn':
      return leads.turn(isv.isvName, momentText(next, { t, clock }));
    case 'retry':
      return view.checking ? [] : leads.retry(momentText(next, { t, clock }));
    case 'confirm': {
      const kept = view.pending?.keptUntil;
      return [...leads.confirm(isv.isvName), ...(kept ? [fix.kept(dateOnly(kept, clock))] : [])];
    }
    case 'fix':
    case 'othersFix':
      return view.pending?.keptUntil ? [fix.kept(dateOnly(view.pending.keptUntil, clock))] : [];
    case 'failing': {
      const fetched = lastFetchedText(view, { t, clock });
      return [
        ...leads.failing(isv.isvName),
        ...(fetched === null ? [] : [fetched]),
        deadlineText(faxesLostAt(view.connection.health, view.faxReport), { t, clock }),
      ];
    }
    case 'checking':
      return leads.checking;
    case 'unverified':
      return leads.unverified;
    case 'warning':
      if (view.shown.cause === 'no_fax_line')
        return isChosenLater(view) ? leads.lineChosen(momentText(next, { t, clock })) : leads.noLine(isv.isvName);
      return unansweredLead(view, { t, isv, clock }) ?? leads.warning(isv.isvName);
    case 'healthy': {
      const unclear = unansweredLead(view, { t, isv, clock });
      if (unclear) return unclear;
      // A person who pasted a new JWT beside it may still have something to do.
      const { pending, lastRefusal: refused } = view.connection.health;
      const isOldOneThere = view.retired.some(({ credential }) => credential.status === 'retired');
      return pending || refused || view.ownerChange || isOldOneThere
        ? leads.serving(isv.isvName)
        : leads.healthy(isv.isvName);
    }
    default:
      return leads[situation](isv.isvName);
  }
}

/** From when on faxes are lost, which may be over. */
export function deadlineText(at: Date, { t, clock }: Pick<PageFacts, 't'> & { clock: Clock }): string {
  const { deadline, deadlineOver } = t.connections;
  return at > clock.now ? deadline(dateOnly(at, clock)) : deadlineOver(dateOnly(at, clock));
}

/** The last check has no clear answer, so the page says only what was confirmed before. */
function unansweredLead(
  { connection: { health } }: ConnectionView,
  { t, isv, clock }: Pick<PageFacts, 't' | 'isv' | 'clock'>,
): string[] | null {
  const last = unanswered(health);
  const confirmed = lastClearAt(health);
  if (!last || !confirmed) return null;
  const { unansweredLead: lead } = t.connections;
  return lead(noAnswerText(last, t, isv), clockText(new Date(last.at), clock), momentText(confirmed, { t, clock }));
}

export function noAnswerText({ cause }: Answer, t: Texts, isv: IsvFacts): string {
  const { noAnswer } = t.connections;
  if (cause === 'app_misconfigured' || cause === 'scope_missing') return noAnswer.ours(isv.isvName);
  if (cause === 'rate_limited') return noAnswer.rateLimited;
  if (cause === 'unreachable') return noAnswer.unreachable;
  return cause === 'ringcentral_unavailable' ? noAnswer.error : noAnswer.unclear;
}

/** The last check found no fax line to read, and since then some were chosen. */
export const isChosenLater = ({ lines, shown }: ConnectionView): boolean =>
  shown.cause === 'no_fax_line' && lines.some(({ selected }) => selected);

export const toldNotes = ({ saved, limitedUntil, isStale }: Told, view: ConnectionView, facts: PageFacts): string[] => [
  ...(isStale ? [facts.t.connections.confirm.stale] : []),
  ...(saved ? [savedNote(saved, view, facts)] : []),
  ...(limitedUntil ? [facts.t.connections.tooManyChecks(waitingTime(limitedUntil, facts.clock))] : []),
];

function savedNote(saved: Saved, { checking, nextCheckAt }: ConnectionView, { t, clock }: PageFacts): string {
  const texts = t.connections.lines.saved;
  if (checking) return texts.checking;
  return saved === 'now' || nextCheckAt === null ? texts.done : texts.later(momentText(nextCheckAt, { t, clock }));
}

/** Said of a sign-in that still counts as working and has not been renewed for days. */
export function renewalNotes(
  { renewal, connection }: ConnectionView,
  { t, clock }: Pick<PageFacts, 't' | 'clock'>,
): string[] {
  if (!renewal || !serves(connection.health)) return [];
  const texts = t.bySignIn.renewal;
  const text = renewal.endsAt > clock.now ? texts.ends : texts.ended;
  const said = text(exactTime(renewal.renewedAt, clock), exactTime(renewal.endsAt, clock));
  return [said, renewal.canSignIn ? texts.signIn : texts.wait];
}

export function notesOf(situation: Situation, view: ConnectionView, { t, clock }: PageFacts): string[] {
  const works = situation === 'healthy' || situation === 'warning';
  const { suspect } = view.shown;
  const suspectText = suspect?.cause === 'account_mismatch' ? t.connections.suspectAccount : t.connections.suspect;
  const next = view.pending || !view.nextCheckAt ? null : momentText(view.nextCheckAt, { t, clock });
  return [
    ...(suspect ? [suspectText(momentText(suspect.since, { t, clock }), next)] : []),
    ...(view.checking && situation !== 'checking' && !(view.active && view.pending)
      ? [t.connections.checkRunning]
      : []),
    ...renewalNotes(view, { t, clock }),
    ...(works ? quietNotes(view, { t, clock }) : []),
  ];
}
