import { causeText, type IsvFacts } from '../../connections/pages/cause-page.js';
import { fixOwnerOf, type Cause } from '../../connections/health/causes.js';
import type { CheckDetail } from '../../connections/health/check-types.js';
import { methodOf, type ConnectionView } from '../../connections/connection-view.js';
import { fillingTexts } from '../../connections/pages/fax-report-texts.js';
import { noAnswerText } from '../../connections/pages/connection-lead.js';
import { textsFor } from '../../connections/pages/method-texts.js';
import { ownerChangePart } from '../../connections/pages/owner-change-page.js';
import { lastClearAt, unanswered, type Answer } from '../../connections/health/health.js';
import { historyPart } from '../../connections/pages/history-page.js';
import type { Cell, Row } from '../../platform/http/content.js';
import { dateOnly, exactTime, shownTime, waitingTime } from '../../platform/http/view-helpers.js';
import { languageNames } from '../../texts/languages.js';
import { eventPaging } from '../activity/activity-page.js';
import { staffInviteForm } from './invitation-page.js';
import type { Texts } from '../../texts/texts.js';
import { settingsUrl } from './tenant-form-pages.js';
import {
  activityTable,
  checksTable,
  invitationsTable,
  linesTable,
  mailsTable,
  offeredTo,
  peopleTable,
  reachOf,
  type StaffFacts,
  type TenantEvidence,
} from './staff-tenant-tables.js';
import { faxesPart, faxRows } from './fax-report-table.js';
import { endedParts, eventRows } from './ended-parts.js';
import { withheldFacts } from './account-approval-page.js';
import { listUrl } from './tenant-list-page.js';

export const MOST_CHECKS = 50;

const notices = ['created', 'saved', 'removed', 'role', 'approved', 'refused', 'checked', 'nothing'] as const;
/** What came of the last action; `until`: when the limit allows the next check, if it refused one now. */
export type TenantNotice = (typeof notices)[number] | { until: Date };
export const readTenantNotice = (text: unknown): TenantNotice | undefined => notices.find((name) => name === text);

/** The page of a clinic after an action. */
export const tenantUrl = (tenantId: string, notice: (typeof notices)[number]): string =>
  `${listUrl}/${tenantId}?notice=${notice}`;

export function staffTenantPage(evidence: TenantEvidence, given: StaffFacts, notice?: TenantNotice) {
  const { tenant, view } = evidence;
  const facts = { ...given, t: textsFor(given.t, methodOf(view)) };
  const { t } = facts;
  const { shown, connection } = view;
  const url = `${listUrl}/${tenant.id}`;
  const unticked = view.lines.filter(({ selected }) => !selected).length;
  return {
    title: tenant.name,
    backLink: { text: t.staff.tenant.back, href: listUrl },
    notice: noticeText(notice, view, facts),
    badge: { state: shown.state, text: t.connections.states[shown.state] },
    mainAttributes: {
      'data-state': shown.state,
      'data-cause': shown.cause ?? '',
      'data-fix-owner': shown.cause === null ? '' : fixOwnerOf(shown.cause),
      'data-checked-at': connection.checkedAt?.toISOString() ?? '',
    },
    noSecret: t.staff.tenant.noSecret,
    withheld: withheldPart(evidence, facts, url),
    ownerChange:
      view.ownerChange &&
      ownerChangePart(view.ownerChange, facts, { who: 'staff', failing: shown.state === 'failing' }),
    state: {
      heading: t.staff.tenant.state.heading,
      rows: [...stateRows(view, facts, `${url}/checks`), ...eventRows(evidence, facts)],
    },
    fix: fixPart(evidence, facts),
    ...endedParts(evidence, facts, url),
    identity: identityPart(evidence, facts),
    history: historyPart(evidence.past, { ...facts, nameOf: (id) => evidence.names.get(id)?.name }),
    lines: linesTable(view, facts),
    faxes: faxesPart(view, facts),
    moreLines: unticked > 0 ? t.staff.tenant.lines.more(unticked) : null,
    checks: checksTable(evidence.checks, facts),
    people: peopleTable(evidence, facts, url),
    reach: reachOf(evidence, facts),
    mails: mailsTable(evidence, facts),
    invitations: invitationsTable(evidence, facts, url),
    invite: facts.mayChange
      ? {
          heading: t.staff.invite.heading,
          form: staffInviteForm(t, tenant.id, { role: offeredTo(evidence, facts), ...evidence.kept }),
        }
      : null,
    data: facts.mayManage
      ? [
          { text: t.staff.export.link, href: `${url}/export` },
          { text: t.staff.offboarding.link, href: `${url}/offboarding` },
        ]
      : [],
    activity: activityTable(evidence, facts),
    ...eventPaging(evidence, url, t),
  };
}

function noticeText(notice: TenantNotice | undefined, { checking }: ConnectionView, { t, clock }: StaffFacts) {
  const texts = t.staff.tenant.notices;
  if (notice === undefined) return null;
  if (typeof notice === 'object') return texts.limited(waitingTime(notice.until, clock));
  return texts[notice === 'checked' && checking ? 'checking' : notice];
}

const factsOf = (isv: IsvFacts, detail: CheckDetail = {}) => ({
  isv: isv.isvName,
  app: isv.appName,
  expires: null,
  unexpired: detail.unexpired === true,
  unanswered: detail.unanswered === true,
});

function stateRows(view: ConnectionView, facts: StaffFacts, checksUrl: string): Row[] {
  const { shown, connection, active, pending, checking, inWaitingList, nextCheckAt, trouble } = view;
  const { t, clock, isv, mayChange } = facts;
  const texts = t.staff.tenant.state;
  const time = (at: Date) => ({ time: shownTime(at, clock) });
  const cause = (of: Cause, at?: Date): Cell => ({
    text: causeText(t, of).short,
    note: at ? `${of}, ${exactTime(at, clock)}` : of,
  });
  const { lastClear, pending: waiting } = connection.health;
  const last = unanswered(connection.health);
  const clearAt = lastClearAt(connection.health);
  const counted = active ?? pending;
  const next = checking
    ? texts.running
    : inWaitingList
      ? texts.inWaitingList
      : nextCheckAt
        ? time(nextCheckAt)
        : texts.nonePlanned;
  return [
    { key: texts.since, value: time(shown.since) },
    { key: texts.cause, value: shown.cause ? cause(shown.cause) : texts.none },
    ...(shown.cause ? [{ key: texts.owner, value: t.staff.owners[fixOwnerOf(shown.cause)] }] : []),
    ...(shown.suspect ? [{ key: texts.suspect, value: cause(shown.suspect.cause, shown.suspect.since) }] : []),
    ...(active && waiting
      ? [{ key: texts.pending, value: waiting.cause ? cause(waiting.cause) : texts.pendingAnswer }]
      : []),
    {
      key: texts.checkedAt,
      value: connection.checkedAt
        ? { ...time(connection.checkedAt), ...(last ? { note: noAnswerText(last, t, isv) } : {}) }
        : texts.never,
      ...(mayChange && counted && !checking ? { action: { text: texts.checkNow, post: checksUrl } } : {}),
    },
    ...(clearAt ? [{ key: texts.conclusive, value: { ...answerText(lastClear, t), ...time(clearAt) } }] : []),
    { key: texts.nextCheck, value: next },
    ...(trouble
      ? [
          {
            key: texts.trouble,
            value: { text: texts.troubles[trouble.because], note: texts.troubleTimes(trouble.times) },
          },
        ]
      : []),
    ...(counted
      ? [{ key: texts.expires, value: counted.expiresAt ? dateOnly(counted.expiresAt, clock) : texts.neverExpires }]
      : []),
    ...renewalRows(view, facts),
    ...faxRows(view, facts),
    ...(pending?.keptUntil ? [{ key: texts.keptUntil, value: dateOnly(pending.keptUntil, clock) }] : []),
  ];
}

/** The end of seven days is told only if it is near: as long as a sign-in is renewed every day, it has no end. */
function renewalRows({ renewal }: ConnectionView, { t, clock }: StaffFacts): Row[] {
  if (!renewal) return [];
  const { renewed, endsUnrenewed, endedUnrenewed } = t.staff.tenant.state;
  const text = renewal.endsAt > clock.now ? endsUnrenewed : endedUnrenewed;
  const note = text(exactTime(renewal.endsAt, clock));
  return [{ key: renewed, value: { time: shownTime(renewal.renewedAt, clock), note } }];
}

/** Data of earlier versions has only the time. */
function answerText(answer: Answer | undefined, t: Texts): { text?: string } {
  if (!answer) return {};
  const verdict = t.staff.tenant.checks.verdicts[answer.kind];
  return { text: answer.cause ? `${verdict}: ${causeText(t, answer.cause).short}` : verdict };
}

function withheldPart(evidence: TenantEvidence, { t, mayManage }: StaffFacts, url: string) {
  const found = withheldFacts(evidence, t);
  if (!found) return null;
  const texts = t.staff.tenant.withheld;
  return {
    heading: texts.heading,
    paragraphs: [...found.why, ...(mayManage ? [] : [texts.role])],
    rows: found.rows,
    /** Link to the page that first requires a fresh second factor. */
    approve: mayManage ? { text: texts.decide, href: `${url}/account-approval` } : null,
  };
}

/** The clinic's steps in its language, ready to be mailed; contains no secret. */
function fixPart({ tenant, view, checks }: TenantEvidence, { t, textsIn, isv, clock }: StaffFacts) {
  const { shown, connection } = view;
  const cause = connection.health.pending?.cause ?? shown.cause;
  if (cause === null || fixOwnerOf(cause) !== 'tenant') return null;
  const texts = t.staff.tenant.fix;
  const about = connection.health.pending?.cause ? view.pending : view.active;
  const clinics = textsFor(textsIn(tenant.language), about?.method ?? view.lastMethod);
  const clinicsClock = { ...clock, language: tenant.language, timeZone: tenant.timeZone };
  const said = causeText(clinics, cause);
  const detail = checks.find((check) => check.cause === cause)?.detail;
  const facts = factsOf(isv, detail);
  const elsewhere = detail?.issuedBy === undefined ? null : clinics.connections.fix.otherEnvironment;
  const steps = [...(elsewhere ? [elsewhere.step(isv.isvName)] : []), ...said.steps(facts)].map(
    (step, index) => `${index + 1}. ${typeof step === 'string' ? step : step.text}`,
  );
  const clientId =
    cause === 'app_not_permitted' ? [`${clinics.connections.fix.clientId(isv.appName)}: ${isv.clientId}`] : [];
  const value = [
    clinics.staff.tenant.fix.greeting,
    [
      ...(elsewhere ? [`${elsewhere.title}.`, elsewhere.what, elsewhere.otherwise] : []),
      `${said.title(facts)}.`,
      ...(cause === 'mailbox_filling' ? fillingTexts(view, { t: clinics, clock: clinicsClock }) : []),
      ...said.what(facts),
    ].join(' '),
    [...steps, ...clientId].join('\n'),
    clinics.staff.tenant.fix.end,
  ].join('\n\n');
  return {
    heading: texts.heading,
    copy: { id: 'fix', label: texts.label, value, multiline: true, rows: steps.length + 8 },
  };
}

function identityPart({ tenant, view }: TenantEvidence, { t, clock, mayManage, hasSignInApp }: StaffFacts) {
  const change = (hidden: string) =>
    mayManage ? { action: { text: t.staff.settings.change, hidden, href: settingsUrl(tenant.id) } } : {};
  const texts = t.staff.tenant.identity;
  const { identity, connectedAt } = view.connection;
  const number = identity?.ownerExtensionNumber ?? null;
  const works = !['failing', 'disconnected'].includes(view.shown.state);
  const who: Row[] = identity
    ? [
        { key: texts.company, value: identity.accountName ?? texts.unnamed },
        { key: texts.account, value: identity.accountId },
        {
          key: works ? texts.owner : texts.ownerBefore,
          value: {
            text: identity.ownerName ?? texts.unnamed,
            note: number === null ? identity.ownerId : `${texts.extension(number)}, ${identity.ownerId}`,
          },
        },
        ...(view.active ? [{ key: texts.by, value: texts.methods[view.active.method] }] : []),
        ...(connectedAt && works ? [{ key: texts.connected, value: { time: shownTime(connectedAt, clock) } }] : []),
      ]
    : [];
  return {
    heading: texts.heading,
    none: identity ? null : texts.none,
    rows: [
      ...who,
      { key: texts.environment, value: t.staff.create.environments[tenant.environment].text },
      { key: texts.language, value: languageNames[tenant.language], ...change(texts.language) },
      { key: texts.timeZone, value: tenant.timeZone, ...change(texts.timeZone) },
      {
        key: t.staff.settings.secondFactor,
        value: tenant.membersNeedSecondFactor
          ? t.staff.settings.secondFactorNeeded
          : t.staff.settings.secondFactorOptional,
        ...change(t.staff.settings.secondFactor),
      },
      ...(hasSignInApp
        ? [
            {
              key: t.staff.settings.methods,
              value: t.staff.settings.methodsOf[tenant.offeredMethods],
              ...change(t.staff.settings.methods),
            },
          ]
        : []),
      { key: texts.externalRef, value: tenant.externalRef },
    ],
  };
}
