import { fromIso, iso, type Knex } from '../../platform/database/database.js';
import type { Cause } from '../health/causes.js';
import type { Identity } from '../health/connection-store.js';
import type { FaxLine } from './fax-line-store.js';
import type { OwnerFacts } from './owner-change.js';

type ConfirmedRow = { tenant_id: string; account_id: string; confirmed_at: string; confirmed_by: string | null };

/** All SQL on `confirmed_accounts`: the RingCentral accounts that a person has said are the tenant's. */
export const confirmedAccounts = (db: Knex) => ({
  forTenant: (tenantId: string) => ({
    async has(accountId: string): Promise<boolean> {
      const row = await db<ConfirmedRow>('confirmed_accounts')
        .where({ tenant_id: tenantId, account_id: accountId })
        .first('account_id');
      return row !== undefined;
    },
    /** The first person who said so stays. */
    async add(accountId: string, by: string | null, at: Date): Promise<void> {
      await db<ConfirmedRow>('confirmed_accounts')
        .insert({ tenant_id: tenantId, account_id: accountId, confirmed_at: iso(at), confirmed_by: by })
        .onConflict(['tenant_id', 'account_id'])
        .ignore();
    },
  }),
});

/** What RingCentral told of an account. The names come from there: show them as text, never trust them. */
type Found = Pick<Identity, 'ownerName' | 'ownerExtensionNumber' | 'accountName'> & {
  owner: OwnerFacts | null;
  lines: FaxLine[];
  warnings: Cause[];
};

/** An account that a kept credential was proved with, and that no person has said is the tenant's. */
export type UnconfirmedAccount = {
  credentialId: string;
  identity: Identity;
  owner: OwnerFacts | null;
  /** As the proof found them; stored as the tenant's only once a person confirms. */
  lines: FaxLine[];
  warnings: Cause[];
  provedAt: Date;
};

type UnconfirmedRow = {
  tenant_id: string;
  credential_id: string;
  account_id: string;
  owner_id: string;
  found: string;
  proved_at: string;
};

/** All SQL on `unconfirmed_accounts`: at most one row for each tenant. */
export const unconfirmedAccounts = (db: Knex) => ({
  forTenant: (tenantId: string) => {
    const mine = () => db<UnconfirmedRow>('unconfirmed_accounts').where({ tenant_id: tenantId });
    return {
      async find(): Promise<UnconfirmedAccount | undefined> {
        const row = await mine().first();
        if (!row) return undefined;
        const { owner, lines, warnings, ...names } = JSON.parse(row.found) as Found;
        const identity = { ownerId: row.owner_id, accountId: row.account_id, ...names };
        const dated = lines.map((line) => ({ ...line, probedAt: line.probedAt && new Date(line.probedAt) }));
        return {
          credentialId: row.credential_id,
          identity,
          owner,
          lines: dated,
          warnings,
          provedAt: fromIso(row.proved_at),
        };
      },
      async save({ credentialId, identity, owner, lines, warnings, provedAt }: UnconfirmedAccount): Promise<void> {
        const { ownerId, accountId, ...names } = identity;
        const found: Found = { ...names, owner, lines, warnings };
        const row: UnconfirmedRow = {
          tenant_id: tenantId,
          credential_id: credentialId,
          account_id: accountId,
          owner_id: ownerId,
          found: JSON.stringify(found),
          proved_at: iso(provedAt),
        };
        await db<UnconfirmedRow>('unconfirmed_accounts').insert(row).onConflict('tenant_id').merge();
      },
      async remove(): Promise<void> {
        await mine().delete();
      },
    };
  },
});

/** Whatever else happens than a person's answer, the facts about a company that may be foreign go. */
export const forgetUnconfirmed = (trx: Knex, tenantId: string): Promise<void> =>
  unconfirmedAccounts(trx).forTenant(tenantId).remove();
