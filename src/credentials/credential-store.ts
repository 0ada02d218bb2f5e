import { acrossTenants } from '../platform/database/across-tenants.js';
import { fromIso, iso, isoOrNull, type Knex } from '../platform/database/database.js';
import { preparedRead } from '../platform/database/prepared-read.js';
import type { Sealed } from '../platform/sealing/sealing.js';
import type { Credential, CredentialStatus, Destruction, Method, Retirement, Tried } from './credential-types.js';
import { credentialFrom, type CredentialRow as Row } from './credential-row.js';

type SecretRow = {
  owner_table: string;
  tenant_id: string;
  row_id: string;
  purpose: string;
  jwe: string;
  kid: string;
  created_at: string;
};

export type NewCredential = Omit<
  Credential,
  'tenantId' | 'remindAt' | 'destroyedAt' | 'destroyedBecause' | 'retirement'
>;

/** What a ciphertext of a credential is. A code and its verifier are kept until the code is exchanged. */
type Purpose = 'assertion' | 'authorization_code' | 'code_verifier' | 'refresh_token';

/** The context that a ciphertext of a credential is bound to; it also identifies its row. */
export const sealContextOf = (tenantId: string, credentialId: string, purpose: Purpose = 'assertion') => ({
  table: 'credentials',
  tenantId,
  rowId: credentialId,
  purpose,
});

/** The status is part of the text: SQLite compiles a statement again if a new argument could choose another index. */
const activeId = preparedRead(
  (db, tenantId) => db<Row>('credentials').where({ tenant_id: tenantId }).andWhereRaw("status = 'active'").select('id'),
  ([row]: Pick<Row, 'id'>[]) => row?.id,
);

/** All SQL on `credentials` and their ciphertexts. */
export const credentialStore = (db: Knex) => ({
  forTenant: (tenantId: string) => {
    const mine = () => db<Row>('credentials').where({ tenant_id: tenantId });
    const placeOf = (id: string, of: Purpose = 'assertion') => {
      const { table, rowId, purpose } = sealContextOf(tenantId, id, of);
      return { owner_table: table, tenant_id: tenantId, row_id: rowId, purpose };
    };
    const secretOf = (id: string, purpose?: Purpose) => db<SecretRow>('sealed_secrets').where(placeOf(id, purpose));
    const secretsOf = (id: string) => {
      const { owner_table, row_id } = placeOf(id);
      return db<SecretRow>('sealed_secrets').where({ tenant_id: tenantId, owner_table, row_id });
    };
    /** Stores a ciphertext in the place of the one before, if there is one. */
    async function putSealed(id: string, purpose: Purpose, { jwe, kid }: Sealed, at: Date): Promise<void> {
      const secret = { ...placeOf(id, purpose), jwe, kid, created_at: iso(at) };
      await db<SecretRow>('sealed_secrets')
        .insert(secret)
        .onConflict(['tenant_id', 'owner_table', 'row_id', 'purpose'])
        .merge(['jwe', 'kid', 'created_at']);
    }
    return {
      async find(id: string): Promise<Credential | undefined> {
        const row = await mine().where({ id }).first();
        return row && credentialFrom(row);
      },

      /** The credential in use. */
      async active(): Promise<Credential | undefined> {
        const row = await mine().where({ status: 'active' }).first();
        return row && credentialFrom(row);
      },

      /** The id of the credential in use: for every token that a job gets. */
      activeId: (): Promise<string | undefined> => activeId(db, tenantId),

      async newestMethod(): Promise<Method | undefined> {
        const row = await mine().orderBy('submitted_at', 'desc').first('kind');
        return row?.kind as Method | undefined;
      },

      /** The credentials that have a ciphertext. */
      async living(): Promise<Credential[]> {
        return (await mine().whereNot({ status: 'destroyed' }).orderBy(['submitted_at', 'id'])).map(credentialFrom);
      },

      async add(credential: NewCredential, sealed: Partial<Record<Purpose, Sealed>>): Promise<void> {
        await db<Row>('credentials').insert({
          id: credential.id,
          tenant_id: tenantId,
          kind: credential.method,
          status: credential.status,
          fingerprint: credential.fingerprint,
          client_id: credential.clientId,
          submitted_by: credential.submittedBy,
          submitted_at: iso(credential.submittedAt),
          expires_at: isoOrNull(credential.expiresAt),
          environment: credential.environment,
          kept_until: isoOrNull(credential.keptUntil),
        });
        for (const [purpose, one] of Object.entries(sealed))
          await putSealed(credential.id, purpose as Purpose, one, credential.submittedAt);
      },

      async sealed(id: string, purpose?: Purpose): Promise<string | undefined> {
        const row = await secretOf(id, purpose).first('jwe');
        return row?.jwe;
      },

      putSealed,

      /** Deletes the code and its verifier: RingCentral accepts a code once. @returns false if they were gone already */
      async deleteCode(id: string): Promise<boolean> {
        await secretOf(id, 'code_verifier').delete();
        return (await secretOf(id, 'authorization_code').delete()) === 1;
      },

      async setExpiry(id: string, at: Date | null): Promise<void> {
        await mine()
          .where({ id })
          .update({ expires_at: isoOrNull(at) });
      },

      async setStatus(id: string, status: CredentialStatus, keptUntil: Date | null): Promise<void> {
        await mine()
          .where({ id })
          .update({ status, kept_until: isoOrNull(keptUntil), remind_at: null });
      },

      async setReminder(id: string, at: Date | null): Promise<void> {
        await mine()
          .where({ id })
          .update({ remind_at: isoOrNull(at) });
      },

      /** Those that were retired since then, whatever became of them, newest first. */
      async retiredSince(since: Date): Promise<Credential[]> {
        const retired = mine().where('retired_at', '>=', iso(since));
        return (await retired.orderBy(['retired_at', 'id'].map((column) => ({ column, order: 'desc' })))).map(
          credentialFrom,
        );
      },

      async retire(id: string, because: Retirement['because'], at: Date, keptUntil: Date): Promise<void> {
        const times = { retired_at: iso(at), kept_until: iso(keptUntil), remind_at: null };
        await mine()
          .where({ id })
          .update({ status: 'retired', retired_because: because, ...times });
      },

      async noteSaidDeleted(id: string, at: Date, by: string): Promise<void> {
        await mine()
          .where({ id, status: 'retired' })
          .update({ said_deleted_at: iso(at), said_deleted_by: by });
      },

      async noteTried(id: string, { tried, refusedSince, provedDeadAt, appWorkedAt }: Tried): Promise<void> {
        await mine()
          .where({ id, status: 'retired' })
          .update({
            tried_at: iso(tried.at),
            tried_answer: tried.answer,
            tried_cause: tried.cause,
            refused_since: isoOrNull(refusedSince),
            proved_dead_at: isoOrNull(provedDeadAt),
            app_worked_at: isoOrNull(appWorkedAt),
          });
      },

      /** Whether RingCentral accepted a retired one after a person had said that it was deleted. */
      async isRetiredOneAlive(): Promise<boolean> {
        const alive = mine().where({ status: 'retired', tried_answer: 'works' }).whereNotNull('said_deleted_at');
        return (await alive.first('id')) !== undefined;
      },

      async deleteRefreshToken(id: string): Promise<void> {
        await secretOf(id, 'refresh_token').delete();
      },

      /**
       * Removes the ciphertexts; the row stays as history. A refresh token stays until its session was ended with it at
       * RingCentral, which makes every copy of it worthless.
       */
      async destroy(id: string, because: Destruction, at: Date): Promise<void> {
        await secretsOf(id).whereNot({ purpose: 'refresh_token' }).delete();
        await mine()
          .where({ id })
          .update({
            status: 'destroyed',
            kept_until: null,
            remind_at: null,
            destroyed_at: iso(at),
            destroyed_because: because,
          });
      },
    };
  },

  /** For all tenants: unproved or replaced credentials that are due for destruction; `after` is the last one seen. */
  async overdue(now: Date, limit: number, after?: Credential): Promise<Credential[]> {
    const query = acrossTenants(db<Row>('credentials'), 'retention')
      .whereIn('status', ['pending', 'retired'])
      .andWhere('kept_until', '<=', iso(now))
      .orderBy(['kept_until', 'id'])
      .limit(limit);
    if (after?.keptUntil) void query.andWhereRaw('(kept_until, id) > (?, ?)', [iso(after.keptUntil), after.id]);
    return (await query).map(credentialFrom);
  },

  /** For all tenants: credentials in use with a due expiry reminder. */
  async remindersDue(now: Date, limit: number): Promise<Credential[]> {
    const all = acrossTenants(db<Row>('credentials'), 'the worker looks after those of any tenant');
    return (await all.where('remind_at', '<=', iso(now)).orderBy('remind_at').limit(limit)).map(credentialFrom);
  },

  /** The credentials in use of these tenants. */
  async activeOf(tenantIds: readonly string[]): Promise<Credential[]> {
    const all = acrossTenants(db<Row>('credentials'), 'what is known for a run');
    return (await all.where({ status: 'active' }).whereIn('tenant_id', tenantIds)).map(credentialFrom);
  },

  /** The tenants with a living credential of this method. */
  tenantsBy: (method: Method): Promise<string[]> =>
    acrossTenants(db<Row>('credentials'), 'the worker looks for a tenant of any kind')
      .where({ kind: method })
      .whereIn('status', ['pending', 'active'])
      .pluck('tenant_id'),

  /** JWTs in use by when they end: how many after each bound up to the next one, and the first of all. */
  async expiringJwts(bounds: readonly Date[], limit: number) {
    const why = "numbers and the first ones, for the staff's overview";
    const between = (from: Date, to: Date) =>
      acrossTenants(db<Row>('credentials'), why)
        .where({ status: 'active', kind: 'jwt' })
        .andWhere('expires_at', '>', iso(from))
        .andWhere('expires_at', '<=', iso(to));
    const counts: number[] = [];
    for (const [index, to] of bounds.slice(1).entries()) {
      const [row] = await between(bounds[index] ?? to, to).count({ count: '*' });
      counts.push(Number(row?.count ?? 0));
    }
    const [from, to] = [bounds[0] ?? new Date(0), bounds.at(-1) ?? new Date(0)];
    const rows = await between(from, to).orderBy('expires_at').limit(limit).select('tenant_id', 'expires_at');
    return {
      counts,
      first: rows.map((row) => ({ tenantId: row.tenant_id, expiresAt: fromIso(row.expires_at ?? '') })),
    };
  },

  /** The tenants whose credential in use expires at `at` or before, the first to expire first. */
  async expiringBy(at: Date, limit: number): Promise<string[]> {
    return acrossTenants(db<Row>('credentials'), 'what is known for a run')
      .where({ status: 'active' })
      .andWhere('expires_at', '<=', iso(at))
      .orderBy('expires_at')
      .limit(limit)
      .pluck('tenant_id');
  },

  /** For all tenants: whether a credential in use was sealed with this key. RingCentral accepted it, so it opened. */
  async hasServed(kid: string): Promise<boolean> {
    const why = 'names of keys: whether the public key is of our pair';
    const serving = acrossTenants(db<Row>('credentials'), why).where({ status: 'active' }).select('id');
    return (
      (await acrossTenants(db<SecretRow>('sealed_secrets'), why).where({ kid }).whereIn('row_id', serving).first()) !==
      undefined
    );
  },

  /** The keys that sealed the secrets of all tenants. One index lookup per key, however many secrets there are. */
  async kidsInUse(): Promise<string[]> {
    const kids: string[] = [];
    const after = () =>
      acrossTenants(db<SecretRow>('sealed_secrets'), 'names of keys: whether one is missing')
        .orderBy('kid')
        .where('kid', '>', kids.at(-1) ?? '');
    for (let next = await after().first('kid'); next; next = await after().first('kid')) kids.push(next.kid);
    return kids;
  },
});
