import { createHash } from 'node:crypto';
import { leafHash } from './tree.js';

/** What is sealed of a row of the audit. The names are those of the columns. */
export type SealedFields = {
  leaf_index: number;
  tenant_seq: number | null;
  id: string;
  at: string;
  actor_kind: string;
  actor_id: string | null;
  tenant_id: string | null;
  action: string;
  target: string | null;
  outcome: string;
  request_id: string | null;
  /** The exact text that was stored: two texts of the same JSON value are two leaves. */
  detail: string;
  ip_hash: string | null;
};

/** Of the encoding, so that a later one can stand beside it. */
const VERSION = 'latchkey-audit-v1';

/** The address has few possible values, so its hash alone would tell it. */
export const addressHash = (salt: string, ip: string): string =>
  createHash('sha256').update(Buffer.from(salt, 'base64')).update(ip).digest('base64');

/** The exact bytes of a leaf: a JSON list in this order, without spaces, as UTF-8. The order must never change. */
export const leafBytes = (row: SealedFields): Buffer =>
  Buffer.from(
    JSON.stringify([
      VERSION,
      row.leaf_index,
      row.tenant_seq,
      row.id,
      row.at,
      row.actor_kind,
      row.actor_id,
      row.tenant_id,
      row.action,
      row.target,
      row.outcome,
      row.request_id,
      row.detail,
      row.ip_hash,
    ]),
  );

export const hashOf = (row: SealedFields): Buffer => leafHash(leafBytes(row));
