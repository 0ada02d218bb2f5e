import { form, type FormPage } from '../accounts/forms/form-page.js';
import type { StoredAuditEvent } from '../audit/audit-store.js';
import type { Cell } from '../platform/http/content.js';
import { dateOnly, exactTime, shownTime, wholeNumber, type Clock } from '../platform/http/view-helpers.js';
import { eventRows, nameOf, type Names } from '../staff/activity/activity-page.js';
import { clinicUrl } from '../staff/clinic-urls.js';
import { listUrl } from '../staff/tenants/tenant-filter.js';
import type { ErasedReceipt, Outcome } from '../disconnection/disconnection-types.js';
import { endedPart, isKept } from '../disconnection/ended-part.js';
import type { Tenant } from '../tenants/tenant-types.js';
import type { Texts } from '../texts/texts.js';
import type { Offboarding } from './offboarding-store.js';

export const offboardedUrl = '/staff/offboarded';
export const MOST_EVENTS = 50;

type Facts = { t: Texts; clock: Clock };
/** A clinic that has left, with its name as long as it has one. */
export type Left = { offboarding: Offboarding; tenant: Tenant | undefined };

const offboardingUrl = (tenant: Tenant): string => `${clinicUrl(tenant.id)}/offboarding`;

/** The first step: what will happen. */
export function planPage(tenant: Tenant, days: number, isConnected: boolean, { t }: Facts) {
  const texts = t.staff.offboarding.plan;
  return {
    title: texts.title(tenant.name),
    backLink: { text: tenant.name, href: clinicUrl(tenant.id, 'settings') },
    now: { heading: texts.now, items: [...(isConnected ? texts.connected : []), ...texts.access] },
    later: { heading: texts.later(days), items: texts.erased(days) },
    stays: { heading: texts.stays, items: texts.kept },
    export: { text: t.staff.export.link, href: `${clinicUrl(tenant.id)}/export` },
    next: { text: texts.next, href: `${offboardingUrl(tenant)}/confirmation` },
  };
}

/** The second step: the name is typed, so that no other clinic is offboarded by mistake. */
export function confirmationPage(tenant: Tenant, { t }: Facts, wrong?: string): FormPage {
  const texts = t.staff.offboarding.confirmation;
  return form({
    title: texts.title(tenant.name),
    backLink: { text: t.staff.offboarding.plan.title(tenant.name), href: offboardingUrl(tenant) },
    action: `${offboardingUrl(tenant)}/confirmation`,
    lead: [texts.lead],
    fields: [
      {
        id: 'typed',
        name: 'typed',
        type: 'text',
        label: texts.label,
        hint: texts.hint(tenant.externalRef),
        autocomplete: 'off',
        spellcheck: 'false',
        value: wrong,
        error: wrong === undefined ? undefined : wrong === '' ? texts.missing : texts.different,
      },
    ],
    button: texts.button,
  });
}

/** What must be typed: the name or the reference, without regard to case and spaces around it. */
export const confirms = (typed: string, { name, externalRef }: Tenant): boolean => {
  const plain = (text: string) => text.normalize('NFC').trim().replace(/\s+/g, ' ').toLowerCase();
  return [name, externalRef].some((one) => plain(one) === plain(typed));
};

/** The list of clinics that have left. */
export function offboardedPage(found: readonly Left[], next: string | null, { t, clock }: Facts) {
  const texts = t.staff.offboarding.list;
  const { columns } = texts;
  const rows = found.map(({ offboarding, tenant }): Cell[] => [
    {
      text: tenant && offboarding.erasedAt === null ? tenant.name : texts.nameless,
      href: `${offboardedUrl}/${offboarding.tenantId}`,
      note: tenant && offboarding.erasedAt === null ? tenant.externalRef : offboarding.tenantId,
    },
    { time: shownTime(offboarding.at, clock) },
    stateText(offboarding, { t, clock }),
  ]);
  return {
    title: texts.title,
    backLink: { text: t.staff.list.title, href: listUrl },
    table: {
      caption: texts.title,
      hideCaption: true,
      empty: texts.empty,
      head: [columns.name, columns.at, columns.state],
      rows,
    },
    next: next === null ? null : { text: texts.next, href: next },
  };
}

function stateText({ erasedAt, erasingSince, eraseAt }: Offboarding, { t, clock }: Facts): string {
  const texts = t.staff.offboarding.states;
  if (erasedAt) return texts.erased(dateOnly(erasedAt, clock));
  return erasingSince ? texts.erasing : texts.until(dateOnly(eraseAt, clock));
}

/** The JWTs that are still kept for the proof that they were deleted, and how to end that. */
function keptParts({ tenantId }: Offboarding, outcome: Outcome | undefined, mayChange: boolean, { t, clock }: Facts) {
  const may = { disconnect: mayChange, claim: mayChange };
  const of = { t, clock, url: `${offboardedUrl}/${tenantId}`, may, isStaff: true };
  return outcome ? outcome.credentials.filter(isKept).map((one) => endedPart(one, outcome, of)) : [];
}

/** Why there is no receipt yet; null if there is one, or nothing was disconnected. */
function noReceiptYet(outcome: Outcome | undefined, { t }: Facts): string | null {
  if (!outcome || outcome.disconnection.receipt || outcome.disconnection.erasedReceipt) return null;
  const { after } = t.disconnection;
  if (outcome.credentials.some(isKept)) return t.staff.offboarding.tombstone.receiptLater;
  return outcome.isRevoking ? after.revoking : after.receiptSoon;
}

/** What stays of receipts whose text was erased, and why. */
function erasedPart(erased: readonly ErasedReceipt[], { t, clock }: Facts) {
  const texts = t.staff.offboarding.tombstone.erasedReceipts;
  if (erased.length === 0) return null;
  const rows = erased.map(({ at, result }) => ({
    key: texts.made(dateOnly(at, clock)),
    value: t.disconnection.after.results[result],
  }));
  return { heading: texts.heading, why: texts.why, rows };
}

/** Newest first. */
export type Receipts = { texts: readonly string[]; erased: readonly ErasedReceipt[] };

type Shown = {
  events: StoredAuditEvent[];
  names: Names;
  mayManage: boolean;
  /** Whether the reader may say that a JWT was deleted, and destroy one that is kept. */
  mayChange: boolean;
  /** Of the newest disconnection. */
  outcome: Outcome | undefined;
  receipts: Receipts;
  notice: boolean;
  /** The limit puts the next try off until then. */
  limitedUntil?: Date | undefined;
};

/** What is left of a clinic: until the erasure everything, then ids, times and counts. */
export function tombstonePage(
  { offboarding, tenant }: Left,
  { events, names, mayManage, mayChange, outcome, receipts, notice, limitedUntil }: Shown,
  facts: Facts,
) {
  const { t, clock } = facts;
  const texts = t.staff.offboarding.tombstone;
  const { columns, caption, empty } = t.staff.tenant.activity;
  const waits = noReceiptYet(outcome, facts);
  const isUndoable = offboarding.erasingSince === null;
  const named = isUndoable ? tenant : undefined;
  const by = offboarding.actorKind === 'person' && offboarding.actorId !== null;
  return {
    title: named?.name ?? texts.nameless,
    backLink: { text: t.staff.offboarding.list.title, href: offboardedUrl },
    notice: notice ? texts.done : null,
    lead: isUndoable ? texts.undoable(dateOnly(offboarding.eraseAt, clock)) : texts.gone,
    rows: [
      { key: texts.id, value: offboarding.tenantId },
      ...(named ? [{ key: t.staff.tenant.identity.externalRef, value: named.externalRef }] : []),
      { key: texts.at, value: { time: shownTime(offboarding.at, clock) } },
      {
        key: texts.by,
        value: by ? nameOf(offboarding.actorId ?? '', names, t) : t.staff.tenant.actors[offboarding.actorKind],
      },
      { key: texts.state, value: stateText(offboarding, facts) },
    ],
    undo:
      isUndoable && mayManage ? { ...texts.undo, action: `${offboardedUrl}/${offboarding.tenantId}/undoing` } : null,
    credentials: keptParts(offboarding, outcome, mayChange, facts),
    limited: limitedUntil ? t.disconnection.after.limited(exactTime(limitedUntil, clock)) : null,
    noReceipt: waits === null ? null : { heading: texts.receipt, text: waits },
    erasedReceipts: erasedPart(receipts.erased, facts),
    receipts: receipts.texts.map((value, index) => ({
      id: `receipt-${index + 1}`,
      label: texts.receipt,
      value,
      multiline: true,
      rows: 12,
    })),
    counts:
      offboarding.counts === null
        ? null
        : {
            caption: texts.counts,
            head: [texts.table, texts.rows],
            rows: Object.entries(offboarding.counts)
              .filter(([, count]) => count > 0)
              .map(([table, count]): Cell[] => [table, wholeNumber(count, t.common.lang)]),
          },
    activity: {
      caption,
      empty,
      firstCellIsHeader: false,
      head: [columns.at, columns.what, columns.who, columns.detail],
      rows: eventRows({ events, names, more: false, paged: false }, facts),
    },
  };
}
