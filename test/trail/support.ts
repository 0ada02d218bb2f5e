import { noteSigner } from '../../src/platform/signed-notes/signed-note.js';
import { newSigningKey, readSigningKeys } from '../../src/platform/signed-notes/signing-keys.js';
import { writeCheckpoint } from '../../src/trail/checkpoint.js';
import { addressHash, hashOf } from '../../src/trail/leaf.js';
import type { Sealed } from '../../src/trail/trail-store.js';
import { growingTree } from '../../src/trail/tree.js';
import { verifyTrail } from '../../src/trail/verify.js';

export const key = noteSigner('portal.example/audit', (readSigningKeys(newSigningKey()) ?? [])[0] as never);
export const other = noteSigner('portal.example/audit', (readSigningKeys(newSigningKey()) ?? [])[0] as never);
const origin = 'portal.example/audit';

export const plain = (n: number, tenant: string | null): Omit<Sealed, 'leaf_hash' | 'leaf_index' | 'tenant_seq'> => ({
  id: `id-${n}`,
  at: `2026-12-01T00:00:${String(n % 60).padStart(2, '0')}.000Z`,
  actor_kind: 'person',
  actor_id: `person-${n % 3}`,
  tenant_id: tenant,
  action: 'token.issued',
  target: null,
  outcome: 'ok',
  request_id: null,
  detail: '{"b":1,"a":2}',
  ip: '203.0.113.7',
  ip_salt: 'AAAA',
  ip_hash: addressHash('AAAA', '203.0.113.7'),
});

/** Rows with their seals, and a signed checkpoint after every eighth and after the last. */
export function sealed(rows: ReturnType<typeof plain>[], signer = key) {
  const tree = growingTree();
  const lastOf = new Map<string, number>();
  const checkpoints: string[] = [];
  const all = rows.map((row, n): Sealed => {
    const tenantSeq = row.tenant_id === null ? null : (lastOf.get(row.tenant_id) ?? 0) + 1;
    if (row.tenant_id !== null) lastOf.set(row.tenant_id, tenantSeq ?? 0);
    const numbered = { ...row, leaf_index: n, tenant_seq: tenantSeq };
    tree.append(hashOf(numbered));
    const root = tree.root().toString('base64');
    if (n % 8 === 7 || n === rows.length - 1)
      checkpoints.push(writeCheckpoint({ origin, size: n + 1, root }, [signer]));
    return { ...numbered, leaf_hash: hashOf(numbered).toString('base64') };
  });
  return { rows: all, checkpoints, claimed: { size: all.length, root: tree.root().toString('base64') } };
}
export const many = Array.from({ length: 21 }, (_, n) => plain(n, [null, 'north', 'south'][n % 3] ?? null));
export const whole = sealed(many);
export const verify = (given: ReturnType<typeof sealed>, older: string[] = [], keys = [key.key]) =>
  verifyTrail({ ...given, older, keys });
