import { dateOnly, shownTime } from '../../platform/http/view-helpers.js';
import { fixOwnerOf, type Cause } from '../health/causes.js';
import { signInPathOf } from '../../tenants/journey.js';
import { confirmPart, donePart } from '../confirmation/confirm-part.js';
import { fixOf, momentText, type Fix, type PageFacts } from './cause-page.js';
import type { Check, CheckDetail } from '../health/check-types.js';
import type { Method } from '../../credentials/credential-types.js';
import { methodOf, type ConnectionView, type Past } from '../connection-view.js';
import { pendingSituation, situationOf, type Situation } from './connection-situation.js';
import { lastClearAt, unanswered } from '../health/health.js';
import { isChosenLater, leadOf, noAnswerText, notesOf, toldNotes, type Told } from './connection-lead.js';
import { ownerChangePart } from './owner-change-page.js';
import { fillingTexts } from './fax-report-texts.js';
import { linesPart } from './fax-lines-page.js';
import { historyPart } from './history-page.js';
import { retiredPart } from './retired-part.js';
import { textsFor } from './method-texts.js';

/** How often a page that waits for an answer reloads. */
const REFRESH_SECONDS = 5;
/** The page also waits for a check that is due within this time. */
const SOON_MS = 2 * 60_000;

/**
 * The data of views/connections/show.ejs. It cannot contain a JWT, because this function receives none.
 *
 * @param names of people by id, as far as the clinic may know them
 * @param isUsed whether a job has got an access token
 * @param told what came of the reader's last action
 */
export function connectionPage(
  view: ConnectionView,
  checks: Check[],
  { past, names, isUsed = false, ...told }: { past: Past; names: Map<string, string>; isUsed?: boolean } & Told,
  given: PageFacts,
) {
  const method = methodOf(view);
  const facts = factsFor(given, method);
  const { t, paths } = facts;
  const texts = t.connections;
  const { shown, connection } = view;
  const { serving } = connection.health;
  const situation = situationOf(view);
  const serves = serving.state === 'working' || serving.state === 'suspect' || serving.state === 'failing';
  const waiting =
    view.checking ||
    view.retired.some(({ trying }) => trying) ||
    (connection.health.pending !== null && connection.health.pending.cause === null);
  const isNext = situation === 'retry' && isSoon(view.nextCheckAt, facts.clock.now);
  const heading = situation === 'turn' ? texts.headings.checking : texts.headings[situation];
  const fix = mainFix(situation, view, checks, facts);
  const hasLines = serves || (view.lines.length > 0 && (situation === 'fix' || situation === 'othersFix'));
  return {
    title: heading,
    caption: facts.tenantName,
    heading,
    badge: { state: shown.state, text: texts.states[shown.state] },
    // For programs, and for the script that replaces the page when one of these changes.
    mainAttributes: mainAttributes(view),
    // The answer to a form cannot be loaded again.
    refreshSeconds: (waiting || isNext) && !told.limitedUntil ? REFRESH_SECONDS : null,
    // For people without the script, while no check is running: a page in use must not reload itself.
    lookAgain: isNext && !waiting ? { text: texts.lookAgain, href: paths.result } : null,
    lead: leadOf(situation, view, facts),
    slot: situation === 'turn' || isNext ? slotOf(view, facts) : null,
    notes: [...toldNotes(told, view, facts), ...notesOf(situation, view, facts)],
    signInUsed: told.signInUsed
      ? { text: t.codeFlow.used.text, button: { text: t.codeFlow.used.button, href: signInPathOf(facts.tenantId) } }
      : null,
    start:
      situation === 'not_connected' || situation === 'disowned' || situation === 'disconnected'
        ? { text: texts.toGuide, href: paths.guide }
        : null,
    confirm: confirmPart(
      view,
      facts,
      facts.isViewer ? null : { confirm: `${paths.result}/confirmation`, disown: `${paths.result}/refusal` },
    ),
    done: told.isConfirmed ? donePart(view, facts) : null,
    fix,
    ownerChange: view.ownerChange && ownerChangePart(view.ownerChange, facts, { failing: serving.state === 'failing' }),
    replacement: serves ? replacementOf(view, checks, factsFor(given, view.pending?.method ?? view.lastMethod)) : null,
    retired: view.retired.map((one) =>
      retiredPart(
        one,
        { names, hasNewer: view.active?.method === 'jwt', isToldAbove: shown.cause === 'old_credential_alive' },
        facts,
      ),
    ),
    facts: serves ? identityPart(view, facts) : null,
    lines: hasLines ? linesPart(view, facts) : null,
    abilities: serves && serving.state !== 'failing' ? abilitiesPart(view, facts, isUsed) : null,
    next: view.active || view.pending ? nextPart(view, facts) : null,
    checkNow:
      serves && !view.checking && !view.pending && !fix?.check
        ? { text: texts.checkNow, variant: 'secondary', action: paths.checks }
        : null,
    replace: serves ? { text: texts.replace.link, href: `/tenants/${facts.tenantId}/replacement` } : null,
    activity:
      paths.activity === undefined
        ? null
        : { text: situation === 'not_connected' ? t.activity.changes : t.activity.link, href: paths.activity },
    disconnection: disconnectionLink(situation, view, facts),
    history: historyPart(past, { ...facts, nameOf: (id) => names.get(id) }),
    smallPrint: smallPrintOf(view, checks, facts),
  };
}

/** To the page that ends the connection or, afterwards, says what came of that. */
function disconnectionLink(situation: Situation, { active, pending }: ConnectionView, { t, tenantId }: PageFacts) {
  const href = `/tenants/${tenantId}/disconnection`;
  if (situation === 'disconnected') return { text: t.disconnection.linkAfter, href };
  return active || pending || situation === 'failing' ? { text: t.disconnection.link, href } : null;
}

/** With the texts, and the page for the next try, of one way to connect. */
const factsFor = (facts: PageFacts, method: Method): PageFacts =>
  method === 'jwt'
    ? facts
    : {
        ...facts,
        t: textsFor(facts.t, method),
        paths: { ...facts.paths, paste: signInPathOf(facts.tenantId) },
        signIn: { href: signInPathOf(facts.tenantId), insteadOfJwt: false },
      };

/** The time that was promised, which counts down each time the page reloads or refreshes itself. */
function slotOf({ nextCheckAt }: ConnectionView, { t, clock }: Pick<PageFacts, 't' | 'clock'>) {
  const at = nextCheckAt !== null && nextCheckAt > clock.now ? nextCheckAt : clock.now;
  return { text: t.connections.slot, time: shownTime(at, clock) };
}

const isSoon = (at: Date | null, now: Date): boolean => at !== null && at.getTime() - now.getTime() <= SOON_MS;

function mainAttributes({ shown, connection, nextCheckAt, checking }: ConnectionView) {
  return {
    'data-state': shown.state,
    'data-cause': shown.cause ?? '',
    'data-fix-owner': shown.cause === null ? '' : fixOwnerOf(shown.cause),
    'data-checked-at': connection.checkedAt?.toISOString() ?? '',
    'data-confirmed-at': lastClearAt(connection.health)?.toISOString() ?? '',
    'data-next-check-at': nextCheckAt?.toISOString() ?? '',
    'data-checking': checking ? 'yes' : 'no',
  };
}

/** The details that the check of this credential with this cause found. */
function detailOf(checks: Check[], credentialId: string | undefined, cause: Cause): CheckDetail {
  const of = checks.find((check) => check.cause === cause && (!credentialId || check.credentialId === credentialId));
  return of?.detail ?? {};
}

function fixFor(
  cause: Cause,
  which: 'pending' | 'active' | 'gone',
  view: ConnectionView,
  checks: Check[],
  facts: PageFacts,
): Fix {
  const credential = which === 'gone' ? null : view[which];
  return fixOf(
    {
      cause,
      idPrefix: which === 'active' || !view.active ? '' : 'new-',
      expiresAt: credential?.expiresAt ?? null,
      detail: detailOf(checks, credential?.id, cause),
      lines: view.lines,
      isGone: which === 'gone',
      // "Check again" uses the pending credential if there is one.
      checkable: credential !== null && !view.checking && (which === 'pending' || !view.pending),
      nextCheckAt: which === 'pending' || !view.pending ? view.nextCheckAt : null,
      reported: cause === 'mailbox_filling' ? fillingTexts(view, facts) : [],
    },
    facts,
  );
}

function mainFix(situation: Situation, view: ConnectionView, checks: Check[], facts: PageFacts): Fix | null {
  const { cause } = view.shown;
  if (cause === null || isChosenLater(view) || situation === 'confirm' || situation === 'disowned') return null;
  // Nothing is kept that a check could try.
  if (situation === 'refused') return fixFor(cause, 'gone', view, checks, facts);
  const fix = fixFor(cause, view.shown.state === 'pending' ? 'pending' : 'active', view, checks, facts);
  // The lead paragraph has already said both.
  return situation === 'retry' ? { ...fix, nothingToDo: null, nextTry: null } : fix;
}

function keptText(situation: Situation, { pending }: ConnectionView, { t, clock }: PageFacts): string | null {
  if (!pending?.keptUntil || !['fix', 'othersFix', 'confirm'].includes(situation)) return null;
  return t.connections.fix.kept(dateOnly(pending.keptUntil, clock));
}

/** A new JWT beside the one in use has a separate panel and hides nothing. */
function replacementOf(view: ConnectionView, checks: Check[], facts: PageFacts) {
  const { replacement: texts, refusedAt } = facts.t.connections;
  const { pending, lastRefusal, serving } = view.connection.health;
  const still = serving.state === 'failing' ? texts.stillFails : texts.stillServes;
  if (!pending) {
    if (!lastRefusal) return null;
    return {
      heading: texts.refused,
      paragraphs: [refusedAt(momentText(new Date(lastRefusal.at), facts)), still],
      fix: fixFor(lastRefusal.cause, 'gone', view, checks, facts),
      kept: null,
    };
  }
  const situation = pendingSituation(view);
  const next = momentText(view.nextCheckAt ?? facts.clock.now, facts);
  const progress =
    view.checking || situation === 'checking'
      ? [texts.checking]
      : situation === 'turn'
        ? [texts.turn(facts.isv.isvName, next)]
        : situation === 'retry'
          ? [texts.retry(next)]
          : [];
  return {
    heading: texts.heading,
    paragraphs: [...progress, still],
    fix: pending.cause === null ? null : fixFor(pending.cause, 'pending', view, checks, facts),
    kept: keptText(situation, view, facts),
  };
}

function identityPart({ connection }: ConnectionView, { t, clock }: PageFacts) {
  const texts = t.connections.facts;
  const { identity, connectedAt, health } = connection;
  if (!identity) return null;
  const fails = health.serving.state === 'failing';
  const extension =
    identity.ownerExtensionNumber === null ? {} : { note: texts.extension(identity.ownerExtensionNumber) };
  return {
    heading: fails ? texts.headingBefore : texts.heading,
    rows: [
      { key: texts.company, value: identity.accountName ?? texts.unnamed },
      { key: texts.user, value: { text: identity.ownerName ?? texts.unnamed, ...extension } },
      { key: texts.account, value: identity.accountId },
      ...(connectedAt && !fails ? [{ key: texts.since, value: { time: shownTime(connectedAt, clock) } }] : []),
    ],
  };
}

/** What the ISV can do is said only while the last check shows that it can. */
function abilitiesPart({ shown, connection: { health } }: ConnectionView, { t, isv }: PageFacts, isUsed: boolean) {
  const { heading, can, jobs, cannot } = t.connections.abilities;
  const works = ['healthy', 'warning'].includes(shown.state) && shown.cause !== 'no_fax_line' && !unanswered(health);
  return { heading: heading(isv.isvName), can: works ? [can(isv.isvName), ...(isUsed ? [jobs] : [])] : [], cannot };
}

function nextPart(view: ConnectionView, { t, clock, isv }: PageFacts) {
  const texts = t.connections.next;
  const { checkedAt, health } = view.connection;
  const last = unanswered(health);
  const clearAt = lastClearAt(health);
  const time = (at: Date) => ({ time: shownTime(at, clock) });
  const next = view.checking
    ? texts.running
    : view.inWaitingList
      ? texts.inWaitingList
      : view.nextCheckAt
        ? time(view.nextCheckAt)
        : texts.none;
  const counted = view.active ?? view.pending;
  const hasEnded = view.shown.state === 'failing' && view.shown.cause === 'sign_in_again';
  return {
    heading: texts.heading,
    rows: [
      {
        key: texts.lastCheck,
        value: checkedAt
          ? { ...time(checkedAt), ...(last ? { note: noAnswerText(last, t, isv) } : {}) }
          : texts.noneYet,
      },
      ...(last ? [{ key: texts.lastClear, value: clearAt ? time(clearAt) : texts.noneYet }] : []),
      { key: texts.nextCheck, value: next },
      ...(hasEnded ? [] : [{ key: texts.expires, value: counted?.expiresAt ? time(counted.expiresAt) : texts.never }]),
      ...(view.active?.remindAt ? [{ key: texts.reminder, value: dateOnly(view.active.remindAt, clock) }] : []),
      { key: texts.contact, value: { text: isv.supportEmail, href: `mailto:${isv.supportEmail}` } },
    ],
  };
}

/** RingCentral's codes from the last check with a result, for support. */
function smallPrintOf({ connection, shown }: ConnectionView, checks: Check[], { t }: PageFacts): string[] {
  const { support } = t.connections;
  const { pending, lastRefusal } = connection.health;
  const cause = pending?.cause ?? shown.cause ?? shown.suspect?.cause ?? lastRefusal?.cause ?? null;
  if (cause === null) return [];
  const { codes = [], requestId } = detailOf(checks, undefined, cause);
  return [
    support.cause(cause),
    ...(codes.length > 0 ? [support.codes(codes.join(', '))] : []),
    ...(requestId === undefined ? [] : [support.requestId(requestId)]),
  ];
}
