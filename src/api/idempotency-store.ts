import { iso, type Knex } from '../platform/database/database.js';

type Row = {
  key_id: string;
  route: string;
  idempotency_key: string;
  body_hash: string;
  claim_id: string;
  claimed_at: string;
  lease_until: string;
  answer: string | null;
};

/** One request that a program may repeat: its API key, its call, and the name that the program gave it. */
export type RequestName = { keyId: string; route: string; idempotencyKey: string };

const toKey = ({ keyId, route, idempotencyKey }: RequestName) => ({
  key_id: keyId,
  route,
  idempotency_key: idempotencyKey,
});

/** All SQL on `idempotent_requests`. They belong to API keys, not to tenants. */
export const idempotencyStore = (db: Knex) => {
  const one = (name: RequestName) => db<Row>('idempotent_requests').where(toKey(name));
  return {
    find: async (name: RequestName) => {
      const row = await one(name).first();
      return row && { bodyHash: row.body_hash, answer: row.answer, leaseUntil: new Date(row.lease_until) };
    },
    /**
     * Claims the request for one caller until `leaseUntil`.
     *
     * @returns false if another caller has it, or if it was answered
     */
    async claim(name: RequestName, claim: { id: string; bodyHash: string; at: Date; leaseUntil: Date }) {
      const row = {
        body_hash: claim.bodyHash,
        claim_id: claim.id,
        claimed_at: iso(claim.at),
        lease_until: iso(claim.leaseUntil),
        answer: null,
      };
      const added = await db<Row>('idempotent_requests')
        .insert({ ...toKey(name), ...row })
        .onConflict(['key_id', 'route', 'idempotency_key'])
        .ignore()
        .returning('claim_id');
      if (added.length === 1) return true;
      const left = one(name).whereNull('answer').andWhere('lease_until', '<=', iso(claim.at));
      return (await left.update(row)) === 1;
    },
    /** @returns false if the claim was lost */
    finish: async (name: RequestName, claimId: string, answer: string): Promise<boolean> =>
      (await one(name).andWhere({ claim_id: claimId }).whereNull('answer').update({ answer })) === 1,
    /** What failed may be tried again. */
    release: async (name: RequestName, claimId: string): Promise<void> => {
      await one(name).andWhere({ claim_id: claimId }).whereNull('answer').delete();
    },
    forget: async (name: RequestName, before: Date): Promise<void> => {
      await one(name).andWhere('claimed_at', '<', iso(before)).delete();
    },
    deleteBefore: async (before: Date): Promise<void> => {
      await db<Row>('idempotent_requests').where('claimed_at', '<', iso(before)).delete();
    },
  };
};
