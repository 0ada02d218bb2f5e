import type { ConnectionView } from '../../connections/connection-view.js';
import type { Tenant } from '../../tenants/tenant-types.js';
import type { Texts } from '../../texts/texts.js';
import { clinicUrl } from '../clinic-urls.js';

/** The facts about an account that waits for approval. */
export type WithheldEvidence = {
  tenant: Tenant;
  view: ConnectionView;
  /** Whether another tenant is connected to it. */
  withheldIsShared: boolean;
};

export function withheldFacts({ view, withheldIsShared }: WithheldEvidence, t: Texts) {
  const { withheld, identity } = view.connection;
  if (!withheld) return null;
  const texts = t.staff.tenant.withheld;
  // Both may be true, and the person who approves must know each.
  const isAnother =
    identity !== null && (identity.accountId !== withheld.accountId || identity.ownerId !== withheld.ownerId);
  return {
    why: [
      ...(withheldIsShared ? [texts.account_shared] : []),
      ...(isAnother || !withheldIsShared ? [texts.account_mismatch] : []),
    ],
    rows: [
      { key: texts.company, value: withheld.accountName ?? texts.unnamed },
      { key: texts.account, value: withheld.accountId },
      { key: texts.user, value: withheld.ownerName ?? texts.unnamed },
      { key: texts.owner, value: withheld.ownerId },
    ],
  };
}

/** @returns null if no account waits */
export function approvalPage(evidence: WithheldEvidence, t: Texts) {
  const { withheld } = evidence.view.connection;
  const found = withheldFacts(evidence, t);
  if (!withheld || !found) return null;
  const texts = t.staff.tenant.withheld;
  const url = clinicUrl(evidence.tenant.id);
  return {
    title: texts.title,
    caption: evidence.tenant.name,
    backLink: { text: evidence.tenant.name, href: url },
    paragraphs: [...found.why, texts.ask],
    rows: found.rows,
    action: `${url}/account-approval`,
    accountId: withheld.accountId,
    button: { text: texts.approve },
    refusal: {
      action: `${url}/account-refusal`,
      text: texts.refusalWhat,
      button: { text: texts.refuse, variant: 'warning' },
    },
  };
}
