import { hashOf } from '../accounts/people/secret-tokens.js';
import { fromIso, fromIsoOrNull, iso, isoOrNull, type Knex } from '../platform/database/database.js';
import { preparedRead } from '../platform/database/prepared-read.js';
import type { ApiKey, ApiKeyCursor, ApiScope } from './api-key-types.js';

type Row = {
  id: string;
  name: string;
  purpose: string;
  scopes: string;
  tenant_ids: string | null;
  secret_hash: string | null;
  link_hash: string | null;
  link_expires_at: string | null;
  link_repeats: number;
  made_by: string | null;
  made_at: string;
  expires_at: string | null;
  revoked_at: string | null;
  last_used_at: string | null;
};

/** What a new key has: its secret, or the link that will show it. */
type Access = { secretHash: string } | { linkToken: string; linkExpiresAt: Date };
type NewKey = Pick<ApiKey, 'id' | 'name' | 'purpose' | 'scopes' | 'tenantIds' | 'madeBy' | 'madeAt' | 'expiresAt'>;

const keyWithHash = preparedRead(
  (db, id) => db<Row>('api_keys').where({ id }),
  ([row]: Row[]) => (row && row.secret_hash !== null ? { key: fromRow(row), secretHash: row.secret_hash } : undefined),
);

/** All SQL on `api_keys`. */
export const apiKeyStore = (db: Knex) => {
  const table = () => db<Row>('api_keys');
  return {
    /** @returns false, without writing anything, if there is a key with this public part */
    async add(key: NewKey, access: Access): Promise<boolean> {
      const link = 'linkToken' in access ? access : undefined;
      const added = await table()
        .insert({
          id: key.id,
          name: key.name,
          purpose: key.purpose,
          scopes: JSON.stringify(key.scopes),
          tenant_ids: key.tenantIds && JSON.stringify(key.tenantIds),
          secret_hash: 'secretHash' in access ? access.secretHash : null,
          link_hash: link ? hashOf(link.linkToken) : null,
          link_expires_at: link ? iso(link.linkExpiresAt) : null,
          made_by: key.madeBy,
          made_at: iso(key.madeAt),
          expires_at: isoOrNull(key.expiresAt),
        })
        .onConflict('id')
        .ignore()
        .returning('id');
      return added.length === 1;
    },

    async find(id: string): Promise<ApiKey | undefined> {
      const row = await table().where({ id }).first();
      return row && fromRow(row);
    },

    /** For each request: the key and the hash of its secret. */
    findWithHash: (id: string): Promise<Readonly<{ key: Readonly<ApiKey>; secretHash: string }> | undefined> =>
      keyWithHash(db, id),

    async namesOf(ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
      const rows = await table().whereIn('id', ids).select('id', 'name');
      return new Map(rows.map(({ id, name }) => [id, name]));
    },

    async findByLink(token: string): Promise<ApiKey | undefined> {
      const row = await table()
        .where({ link_hash: hashOf(token) })
        .first();
      return row && fromRow(row);
    },

    /** Gives the key of a working link its secret. @returns false if the link has been used or has ended */
    async claim(id: string, secretHash: string, now: Date): Promise<boolean> {
      const open = table().where({ id }).whereNull('secret_hash').whereNull('revoked_at');
      const claimed = open.andWhere('link_expires_at', '>', iso(now)).update({ secret_hash: secretHash });
      return (await claimed) === 1;
    },

    /** @returns how often the link of a key was used after the first time, with this time */
    async countRepeat(id: string): Promise<number> {
      const rows = await table().where({ id }).increment('link_repeats', 1).returning('link_repeats');
      return rows[0]?.link_repeats ?? 0;
    },

    /** @returns false if there is no such key or it was revoked before */
    async revoke(id: string, now: Date): Promise<boolean> {
      const revoked = table()
        .where({ id })
        .whereNull('revoked_at')
        .update({ revoked_at: iso(now) });
      return (await revoked) === 1;
    },

    /** Revokes the keys that are for this tenant alone. @returns how many worked */
    revokeAloneFor: (tenantId: string, now: Date): Promise<number> =>
      table()
        .where({ tenant_ids: JSON.stringify([tenantId]) })
        .whereNull('revoked_at')
        .update({ revoked_at: iso(now) }),

    /** Does nothing if another process has written a later time than `unlessAfter`. */
    async noteUse(id: string, now: Date, unlessAfter: Date): Promise<void> {
      await table()
        .where({ id })
        .andWhere((last) => last.whereNull('last_used_at').orWhere('last_used_at', '<=', iso(unlessAfter)))
        .update({ last_used_at: iso(now) });
    },

    /** Newest first, a keyset page. `which` chooses keys that can be used now or later, or the ended ones. */
    async page(which: 'current' | 'ended', now: Date, limit: number, after?: ApiKeyCursor): Promise<ApiKey[]> {
      const unended = (keys: Knex.QueryBuilder<Row>) =>
        void keys
          .whereNull('revoked_at')
          .andWhere((end) => end.whereNull('expires_at').orWhere('expires_at', '>', iso(now)))
          .andWhere((link) => link.whereNotNull('secret_hash').orWhere('link_expires_at', '>', iso(now)));
      const page = table()
        .where((keys) => (which === 'current' ? unended(keys) : keys.whereNot(unended)))
        .orderBy([
          { column: 'made_at', order: 'desc' },
          { column: 'id', order: 'desc' },
        ])
        .limit(limit);
      if (after) void page.whereRaw('(made_at, id) < (?, ?)', [iso(after.madeAt), after.id]);
      return (await page).map(fromRow);
    },

    /** Keys whose link was used more than once, until they are revoked. */
    async ofRepeatedLinks(limit: number): Promise<ApiKey[]> {
      const found = table().where('link_repeats', '>', 0).whereNull('revoked_at').orderBy('made_at', 'desc');
      return (await found.limit(limit)).map(fromRow);
    },
  };
};

const fromRow = (row: Row): ApiKey => ({
  id: row.id,
  name: row.name,
  purpose: row.purpose,
  scopes: JSON.parse(row.scopes) as ApiScope[],
  tenantIds: row.tenant_ids === null ? null : (JSON.parse(row.tenant_ids) as string[]),
  linkExpiresAt: row.secret_hash === null ? fromIsoOrNull(row.link_expires_at) : null,
  linkRepeats: row.link_repeats,
  madeBy: row.made_by,
  madeAt: fromIso(row.made_at),
  expiresAt: fromIsoOrNull(row.expires_at),
  revokedAt: fromIsoOrNull(row.revoked_at),
  lastUsedAt: fromIsoOrNull(row.last_used_at),
});
