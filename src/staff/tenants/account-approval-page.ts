import type { ConnectionView } from '../../connections/connection-view.js';
import type { Tenant } from '../../tenants/tenant-types.js';
import type { Texts } from '../../texts/texts.js';
import { listUrl } from './tenant-list-page.js';

type Row = { key: string; value: string };

/** The facts about an account that waits for approval. */
export type HeldEvidence = {
  tenant: Tenant;
  view: ConnectionView;
  /** Whether another tenant is connected to it. */
  heldIsShared: boolean;
};

export function heldFacts({ view, heldIsShared }: HeldEvidence, t: Texts): { why: string[]; rows: Row[] } | null {
  const { held, identity } = view.connection;
  if (!held) return null;
  const texts = t.staff.tenant.held;
  // Both may be true, and the person who approves must know each.
  const isAnother = identity !== null && (identity.accountId !== held.accountId || identity.ownerId !== held.ownerId);
  return {
    why: [
      ...(heldIsShared ? [texts.account_shared] : []),
      ...(isAnother || !heldIsShared ? [texts.account_mismatch] : []),
    ],
    rows: [
      { key: texts.account, value: held.accountId },
      { key: texts.owner, value: held.ownerId },
    ],
  };
}

export type ApprovalPage = {
  title: string;
  caption: string;
  backLink: { text: string; href: string };
  paragraphs: string[];
  rows: Row[];
  action: string;
  accountId: string;
  button: { text: string };
};

/** @returns null if no account waits */
export function approvalPage(evidence: HeldEvidence, t: Texts): ApprovalPage | null {
  const { held } = evidence.view.connection;
  const found = heldFacts(evidence, t);
  if (!held || !found) return null;
  const texts = t.staff.tenant.held;
  const url = `${listUrl}/${evidence.tenant.id}`;
  return {
    title: texts.title,
    caption: evidence.tenant.name,
    backLink: { text: evidence.tenant.name, href: url },
    paragraphs: [...found.why, texts.ask],
    rows: found.rows,
    action: `${url}/account-approval`,
    accountId: held.accountId,
    button: { text: texts.approve },
  };
}
