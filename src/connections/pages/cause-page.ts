import type { Foundation } from '../../app/foundation.js';
import { dateOnly, exactTime, timeOfDay, type Clock } from '../../platform/http/view-helpers.js';
import type { JourneyPaths } from '../../tenants/journey.js';
import type { CauseStep, CauseText } from '../../texts/en/causes.js';
import type { Texts } from '../../texts/texts.js';
import { fixOwnerOf, keepsPaste, type Cause, type FixOwner } from '../health/causes.js';
import type { CheckDetail } from '../health/check-types.js';
import type { FaxLine } from '../proof/fax-line-store.js';

/** The ISV's settings for itself and its app. The client ID is public. */
export type IsvFacts = ReturnType<Foundation['isv']['factsFor']>;

export type PageFacts = {
  t: Texts;
  clock: Clock;
  tenantId: string;
  tenantName: string;
  isv: IsvFacts;
  paths: JourneyPaths;
  /** Whether the reader may only look. */
  isViewer?: boolean;
  /** Where members sign in to RingCentral: instead of making a JWT, if that is offered, or as another user. */
  signIn?: { href: string; insteadOfJwt: boolean } | undefined;
};

type MendFacts = {
  cause: Cause;
  /** Makes the element ids of two of these on one page distinct. */
  idPrefix: string;
  expiresAt: Date | null;
  /** From the check that found the cause. */
  detail: CheckDetail;
  lines: FaxLine[];
  /** Whether nothing is kept of what the clinic gave, so that only another try helps. */
  isGone?: boolean;
  /** Whether a credential can be checked again and no check is running. */
  checkable: boolean;
  nextCheckAt: Date | null;
  /** What the fax pull reported about this cause. */
  reported?: string[];
};

const isNear = (at: Date, { now }: Clock): boolean => Math.abs(at.getTime() - now.getTime()) < 12 * 3_600_000;
/** "2:05 PM Mountain Time" if it is near, otherwise with the date. */
export const clockText = (at: Date, clock: Clock): string => (isNear(at, clock) ? timeOfDay : exactTime)(at, clock);
/** "at 2:05 PM Mountain Time" or "on Nov 21, 2026, 2:05 PM Mountain Time", to follow a verb. */
export function momentText(at: Date, { t, clock }: { t: Texts; clock: Clock }): string {
  const { today, otherDay } = t.common.moment;
  return (isNear(at, clock) ? today : otherDay)(clockText(at, clock));
}

export const causeText = (t: Texts, cause: Cause): CauseText => t.connections.causes[cause];

export function ownerText(t: Texts, owner: FixOwner, isvName: string): string {
  const { owners } = t.connections;
  return owner === 'isv' ? owners.isv(isvName) : owners[owner];
}

/** The JWT itself is bad or soon will be, so only a new JWT helps. */
const needsNewJwt = (cause: Cause): boolean => !keepsPaste(cause) || cause === 'expires_soon';

/** Another RingCentral user or company may not have it. */
const ofUser: readonly Cause[] = [
  'account_shared',
  'extension_not_visible',
  'permission_missing',
  'third_party_access_missing',
];

/** Our own checks never clear these warnings. */
const notByChecks: readonly Cause[] = ['no_fax_line', 'mailbox_filling', 'old_credential_alive'];

/** What happened, who must fix it, and the steps. */
export function fixOf(
  found: MendFacts,
  { t, clock, isv, paths, signIn }: Pick<PageFacts, 't' | 'clock' | 'isv' | 'paths' | 'signIn'>,
) {
  const { cause, detail } = found;
  const texts = t.connections.fix;
  const facts = {
    isv: isv.isvName,
    app: isv.appName,
    expires: found.expiresAt === null ? null : dateOnly(found.expiresAt, clock),
    unexpired: detail.unexpired === true,
    unanswered: detail.unanswered === true,
  };
  const said = causeText(t, cause);
  const elsewhere = detail.issuedBy === undefined ? null : texts.otherEnvironment;
  const owner = fixOwnerOf(cause);
  const steps = [...(elsewhere ? [elsewhere.step(isv.isvName)] : []), ...said.steps(facts)].map((step) =>
    stepOf(step, found.idPrefix, t, isv),
  );
  const line = found.lines.find(({ extensionId }) => extensionId === detail.extensionId);
  const paste = needsNewJwt(cause) || cause === 'account_mismatch' || found.isGone === true;
  return {
    title: elsewhere ? elsewhere.title : said.title(facts),
    owner,
    ownerText: facts.unanswered ? t.connections.owners.notYou : ownerText(t, owner, isv.isvName),
    paragraphs: [
      ...(elsewhere ? [elsewhere.what, elsewhere.otherwise] : []),
      ...(found.reported ?? []),
      ...said.what(facts),
      ...(detail.permission === undefined ? [] : [texts.permission(detail.permission)]),
      ...(line ? [texts.line(t.connections.lines.name(line.name, line.extensionNumber))] : []),
    ],
    steps,
    nothingToDo: steps.length === 0 && !found.isGone ? texts.nothingToDo : null,
    paste: paste ? nextTryOf(cause, t, paths) : null,
    signIn:
      signIn && (signIn.insteadOfJwt ? needsNewJwt(cause) : ofUser.includes(cause))
        ? { href: signIn.href, text: signIn.insteadOfJwt ? texts.signInInstead : texts.signInAsAnother }
        : null,
    check:
      found.checkable && !needsNewJwt(cause) && !notByChecks.includes(cause)
        ? {
            text: t.connections.checkAgain,
            action: paths.checks,
            ...(paste || owner !== 'tenant' ? { variant: 'secondary' } : {}),
          }
        : null,
    nextTry:
      found.nextCheckAt !== null && found.nextCheckAt > clock.now && !needsNewJwt(cause) && !notByChecks.includes(cause)
        ? texts.nextTry(momentText(found.nextCheckAt, { t, clock }))
        : null,
  };
}

/** The button that connects the clinic again, and the link below it. */
function nextTryOf(cause: Cause, { connections: texts }: Texts, paths: JourneyPaths) {
  const same = { text: texts.pasteNew, href: paths.paste };
  const withJwt = { text: texts.howToMake, href: paths.makeJwt };
  // Another sign-in would end as soon as this one.
  return cause === 'session_too_short' ? { ...withJwt, how: same } : { ...same, how: withJwt };
}

export type Fix = ReturnType<typeof fixOf>;

function stepOf(step: CauseStep, idPrefix: string, t: Texts, isv: IsvFacts) {
  if (typeof step === 'string') return { text: step };
  const { text } = step;
  const { clientId, appName } = t.connections.fix;
  switch (step.with) {
    case 'console':
      return { text, console: consoleLink(t, isv.consoleUrl) };
    case 'support':
      return { text, mail: { text: isv.supportEmail, href: `mailto:${isv.supportEmail}` } };
    case 'clientId':
      return { text, copy: { id: `${idPrefix}client-id`, label: clientId(isv.appName), value: isv.clientId } };
    case 'appName':
      return { text, copy: { id: `${idPrefix}app-name`, label: appName, value: isv.appName } };
  }
}

/** RingCentral's list of the person's own JWTs. */
export function consoleLink(t: Texts, consoleUrl: string) {
  const url = new URL('/console/my-credentials', consoleUrl);
  const { openConsole, goesTo } = t.connections.fix;
  return { text: openConsole, href: url.href, newTab: true, variant: 'secondary', goesTo: goesTo(url.host) };
}
