import type { ConnectionView } from '../../connections/connection-view.js';
import type { Table } from '../../platform/http/content.js';
import type { Tenant } from '../../tenants/tenant-types.js';
import type { Texts } from '../../texts/texts.js';
import { clinicUrl } from '../clinic-urls.js';

/** The facts about an account that waits for approval. */
export type WithheldEvidence = {
  tenant: Tenant;
  view: ConnectionView;
  /** The other clinics that are connected to it. */
  sharedWith: readonly Pick<Tenant, 'id' | 'name'>[];
};

/** What staff may call a company that gave no name. */
export const companyName = (of: { accountName: string | null; accountId: string }, t: Texts): string =>
  of.accountName ?? t.staff.tenant.withheld.accountNumber(of.accountId);

export function withheldFacts({ view, sharedWith }: WithheldEvidence, t: Texts) {
  const { withheld, identity } = view.connection;
  if (!withheld) return null;
  const texts = t.staff.tenant.withheld;
  const names = new Intl.ListFormat(t.common.lang).format(sharedWith.map(({ name }) => name));
  // Both may be true, and the person who approves must know each.
  const isAnother =
    identity !== null && (identity.accountId !== withheld.accountId || identity.ownerId !== withheld.ownerId);
  return {
    why: [
      ...(sharedWith.length > 0 ? [texts.account_shared(names)] : []),
      ...(isAnother || sharedWith.length === 0 ? [texts.account_mismatch] : []),
    ],
    // With nothing to compare it to, a list reads better than a table.
    table: identity ? accountsTable(identity, withheld, t) : null,
    rows: identity ? null : rowsOf(t, (of) => of(withheld)).map(([key, value]) => ({ key, value })),
  };
}

type Account = NonNullable<ConnectionView['connection']['withheld']>;

/** Company and user of an account, each as a row. */
function rowsOf<T>(t: Texts, values: (of: (one: Account) => string) => T): [string, T][] {
  const texts = t.staff.tenant.withheld;
  return [
    [texts.company, values(({ accountName }) => accountName ?? texts.unnamed)],
    [texts.account, values(({ accountId }) => accountId)],
    [texts.user, values(({ ownerName }) => ownerName ?? texts.unnamed)],
    [texts.owner, values(({ ownerId }) => ownerId)],
  ];
}

/** The account in use beside the new one. */
function accountsTable(inUse: Account, isNew: Account, t: Texts): Table {
  const texts = t.staff.tenant.withheld;
  return {
    caption: texts.accounts,
    hideCaption: true,
    head: ['', texts.inUse, texts.isNew],
    rows: rowsOf(t, (of) => [inUse, isNew].map(of)).map(([key, values]) => [key, ...values]),
  };
}

/** @returns null if no account waits */
export function approvalPage(evidence: WithheldEvidence, t: Texts) {
  const { tenant, view, sharedWith } = evidence;
  const { withheld } = view.connection;
  const found = withheldFacts(evidence, t);
  if (!withheld || !found) return null;
  const texts = t.staff.tenant.withheld;
  const url = clinicUrl(tenant.id);
  const names = { company: companyName(withheld, t), clinic: tenant.name };
  return {
    title: texts.title(names),
    backLink: { text: tenant.name, href: url },
    paragraphs: found.why,
    table: found.table,
    rows: found.rows,
    others: sharedWith.map(({ id, name }) => ({ text: texts.open(name), href: clinicUrl(id) })),
    ask: texts.ask,
    accountId: withheld.accountId,
    approval: { text: texts.approveWhat(names), action: `${url}/account-approval`, button: { text: texts.approve } },
    refusal: {
      text: texts.refusalWhat,
      action: `${url}/account-refusal`,
      button: { text: texts.refuse, variant: 'warning' },
    },
  };
}
