import { acrossTenants } from '../platform/database/across-tenants.js';
import type { Knex } from '../platform/database/database.js';
import { machineTimes, type StoredTimes } from '../platform/database/database-times.js';
import { deleteInBatches } from '../platform/database/delete-in-batches.js';
import { preparedRead } from '../platform/database/prepared-read.js';
import type { Sealed } from '../platform/sealing/sealing.js';
import type { Environment } from '../ringcentral/environments.js';
import type { KnownRingCentralSession } from './ringcentral-session-limit.js';
import type { RingCentralSession, SessionToken } from './token-types.js';

type Row = {
  id: string;
  tenant_id: string;
  credential_id: string;
  environment: string;
  owner_id: string | null;
  asked_at: string;
  answered_at: string | null;
  ends_at: string;
  serves_until: string | null;
  issued_at: string | null;
  scopes: string | null;
  asked_scopes: string | null;
  reported_at: string | null;
  written_off_at: string | null;
};
type SecretRow = { id: string; tenant_id: string; jwe: string; kid: string };

const AT_ONCE = 500;

/** A kept token. Its ciphertext is read only when it is opened. */
export type KeptToken = {
  id: string;
  credentialId: string;
  environment: Environment;
  ownerId: string;
  scopes: string[];
  /** When it was requested: its life may have begun then. */
  askedAt: Date;
  mintedAt: Date;
  servesUntil: Date;
  isIssued: boolean;
  /** The scopes that were requested, if they are fewer than all. */
  narrowedTo: string | null;
};

export type GivenToken = Pick<KeptToken, 'credentialId' | 'askedAt'> & { tenantId: string };

type KeptRow = Omit<KeptToken, 'askedAt' | 'mintedAt' | 'servesUntil'> & {
  stored: { askedAt: string; mintedAt: string; servesUntil: string };
};

/** Some of them may have expired: without a time, requests that come together ask for the same rows. */
const keptOrExpired = preparedRead(
  (db, tenantId) =>
    db<Row>('access_tokens')
      .where({ tenant_id: tenantId })
      .whereNotNull('serves_until')
      .orderBy('serves_until', 'desc'),
  (rows: Row[]): readonly KeptRow[] => rows.map(keptFrom),
);

const keptFrom = (row: Row): KeptRow => ({
  id: row.id,
  credentialId: row.credential_id,
  environment: row.environment as Environment,
  ownerId: row.owner_id ?? '',
  scopes: (row.scopes ?? '').split(' ').filter((scope) => scope !== ''),
  stored: {
    askedAt: row.asked_at,
    mintedAt: row.answered_at ?? row.asked_at,
    servesUntil: row.serves_until ?? '',
  },
  isIssued: row.issued_at !== null,
  narrowedTo: row.asked_scopes,
});

/** All SQL on RingCentral sessions, which may or may not exist there, and on the ciphertexts of their tokens. */
export const accessTokenStore = (db: Knex, { iso, fromIso }: StoredTimes = machineTimes) => ({
  forTenant: (tenantId: string) => {
    const mine = () => db<Row>('access_tokens').where({ tenant_id: tenantId });
    const secrets = () => db<SecretRow>('access_token_secrets').where({ tenant_id: tenantId });
    return {
      /** Keeps a token that was not reserved, because it is of a session that exists. */
      async keepNew(session: RingCentralSession, endsAt: Date, { jwe, kid }: Sealed): Promise<void> {
        await db<Row>('access_tokens').insert({
          id: session.id,
          tenant_id: tenantId,
          credential_id: session.credentialId,
          environment: session.environment,
          owner_id: session.ownerId,
          asked_at: iso(session.askedAt),
          answered_at: iso(session.mintedAt),
          ends_at: iso(endsAt),
          serves_until: iso(session.servesUntil),
          scopes: session.scopes.join(' '),
        });
        await db<SecretRow>('access_token_secrets').insert({ id: session.id, tenant_id: tenantId, jwe, kid });
      },

      async reserve(
        id: string,
        of: { credentialId: string; environment: Environment; ownerId: string | null; narrowedTo: string | null },
        askedAt: Date,
        endsAt: Date,
      ): Promise<void> {
        await db<Row>('access_tokens').insert({
          id,
          tenant_id: tenantId,
          credential_id: of.credentialId,
          environment: of.environment,
          owner_id: of.ownerId,
          asked_scopes: of.narrowedTo,
          asked_at: iso(askedAt),
          ends_at: iso(endsAt),
        });
      },

      /** Records the answer to the request; `ownerId` if RingCentral named one. */
      async answered(id: string, answer: { ownerId?: string; answeredAt: Date; endsAt: Date }): Promise<void> {
        await mine()
          .where({ id })
          .update({
            ...(answer.ownerId && { owner_id: answer.ownerId }),
            answered_at: iso(answer.answeredAt),
            ends_at: iso(answer.endsAt),
          });
      },

      async keep(
        { id, askedAt, servesUntil, scopes }: Pick<KeptToken, 'id' | 'askedAt' | 'servesUntil' | 'scopes'>,
        { jwe, kid }: Sealed,
      ): Promise<void> {
        await mine()
          .where({ id })
          .update({ asked_at: iso(askedAt), serves_until: iso(servesUntil), scopes: scopes.join(' ') });
        await db<SecretRow>('access_token_secrets').insert({ id, tenant_id: tenantId, jwe, kid });
      },

      /** The kept tokens of every credential that are valid at `now`, the one that expires last first. */
      async kept(now: Date): Promise<KeptToken[]> {
        const until = iso(now);
        const valid = (await keptOrExpired(db, tenantId)).filter(({ stored }) => stored.servesUntil > until);
        return valid.map(({ stored, ...token }) => ({
          ...token,
          askedAt: fromIso(stored.askedAt),
          mintedAt: fromIso(stored.mintedAt),
          servesUntil: fromIso(stored.servesUntil),
        }));
      },

      /** The credentials with access tokens that RingCentral may still accept, whatever became of the credentials. */
      withSessions: (now: Date): Promise<string[]> =>
        mine().where('ends_at', '>', iso(now)).distinct('credential_id').pluck('credential_id'),

      /** The access tokens of a credential that RingCentral may still accept. */
      async ofCredential(credentialId: string, now: Date): Promise<SessionToken[]> {
        const rows = await mine()
          .where({ credential_id: credentialId })
          .andWhere('ends_at', '>', iso(now))
          .orderBy('ends_at', 'desc');
        return rows.map((row) => ({
          id: row.id,
          environment: row.environment as Environment,
          askedAt: fromIso(row.asked_at),
          isIssued: row.issued_at !== null,
          endsAt: fromIso(row.ends_at),
          servesUntil: row.serves_until === null ? null : fromIso(row.serves_until),
          isWrittenOff: row.written_off_at !== null,
        }));
      },

      /** The ciphertext of a kept token; undefined if it is no longer kept. */
      ciphertext: (id: string): Promise<string | undefined> =>
        secrets()
          .where({ id })
          .first('jwe')
          .then((row) => row?.jwe),

      /** @returns whether no job has reported the token since `before` */
      async report(id: string, now: Date, before: Date): Promise<boolean> {
        const changed = await mine()
          .where({ id })
          .andWhere((free) => free.whereNull('reported_at').orWhere('reported_at', '<=', iso(before)))
          .update({ reported_at: iso(now) });
        return changed === 1;
      },

      /** Marks a kept token as issued. @returns false if it is no longer kept */
      async issue(id: string, at: Date): Promise<boolean> {
        const changed = await mine()
          .where({ id })
          .whereNotNull('serves_until')
          .update({ issued_at: db.raw('coalesce(issued_at, ?)', [iso(at)]) as unknown as string });
        return changed === 1;
      },

      /** Withdraws a token that was not issued, to end its session. @returns undefined if another process was faster */
      async takeBack(id: string): Promise<{ jwe: string; servesUntil: Date } | undefined> {
        const secret = await secrets().where({ id }).first('jwe');
        const row = await mine().where({ id }).first('serves_until');
        if (!secret || !row?.serves_until) return undefined;
        const taken = mine().where({ id, serves_until: row.serves_until }).whereNull('issued_at');
        if ((await taken.update({ serves_until: null })) === 0) return undefined;
        return { jwe: secret.jwe, servesUntil: fromIso(row.serves_until) };
      },

      /** Withdraws the kept tokens of a credential: `giveBack` keeps them again, `forgetOf` deletes them. */
      async withdrawOf(credentialId: string): Promise<{ id: string; servesUntil: Date }[]> {
        const kept = () => mine().where({ credential_id: credentialId }).whereNotNull('serves_until');
        const rows = await kept();
        await kept().update({ serves_until: null });
        return rows.map(({ id, serves_until: until }) => ({ id, servesUntil: fromIso(until ?? '') }));
      },

      /** Keeps a withdrawn token again, because its session goes on. */
      async giveBack(id: string, servesUntil: Date): Promise<void> {
        await mine()
          .where({ id })
          .whereExists(secrets().where({ id }).select('id'))
          .update({ serves_until: iso(servesUntil) });
      },

      /** Deletes the token. Its session continues at RingCentral and is still counted. */
      async forget(id: string): Promise<void> {
        await secrets().where({ id }).delete();
        await mine().where({ id }).update({ serves_until: null });
      },

      /** Deletes all tokens of a credential, those that were withdrawn too. */
      async forgetOf(credentialId: string): Promise<void> {
        const ids = await mine().where({ credential_id: credentialId }).pluck('id');
        await secrets().whereIn('id', ids).delete();
        await mine().whereIn('id', ids).update({ serves_until: null });
      },

      /** Notes that the session was not ended; it is still counted. null takes the note back. @returns whether it changed */
      async writeOff(id: string, at: Date | null): Promise<boolean> {
        const other = at === null ? mine().whereNotNull('written_off_at') : mine();
        return (await other.where({ id }).update({ written_off_at: at && iso(at) })) === 1;
      },

      /** Deletes a session that does not exist at RingCentral: it never began, or it has ended. */
      async remove(id: string): Promise<void> {
        await secrets().where({ id }).delete();
        await mine().where({ id }).delete();
      },
    };
  },

  /** The sessions of one user in all tenants, because RingCentral counts by user. */
  async ofOwner(environment: Environment, ownerId: string) {
    const all = acrossTenants(db<Row>('access_tokens'), 'RingCentral counts the sessions of a user for all tenants');
    const rows = await all.where({ environment, owner_id: ownerId });
    return rows.map((row): KnownRingCentralSession & { tenantId: string; credentialId: string } => ({
      id: row.id,
      tenantId: row.tenant_id,
      credentialId: row.credential_id,
      answeredAt: row.answered_at === null ? null : fromIso(row.answered_at),
      endsAt: fromIso(row.ends_at),
      isIssued: row.issued_at !== null,
      canBeEnded: row.serves_until !== null && row.issued_at === null,
    }));
  },

  /** For all tenants: for which credentials RingCentral gave a token that was asked after `since`, the newest first. */
  async givenSince(environment: Environment, since: Date, limit: number): Promise<GivenToken[]> {
    const all = acrossTenants(db<Row>('access_tokens'), 'what RingCentral says to one JWT tells about our app');
    const rows = await all
      .where({ environment })
      .whereNotNull('scopes') // only a token that was given has them
      .andWhere('asked_at', '>', iso(since))
      .orderBy('asked_at', 'desc')
      .limit(limit);
    return rows.map((row) => ({
      tenantId: row.tenant_id,
      credentialId: row.credential_id,
      askedAt: fromIso(row.asked_at),
    }));
  },

  /** For all tenants: deletes tokens that have expired at `now`, and sessions that ended before `endedBefore`. */
  async prune(now: Date, endedBefore: Date): Promise<void> {
    const all = () => acrossTenants(db<Row>('access_tokens'), 'retention');
    const secrets = () => acrossTenants(db<SecretRow>('access_token_secrets'), 'retention');
    const over = () => all().where('serves_until', '<=', iso(now)).limit(AT_ONCE).pluck('id');
    for (let ids = await over(); ids.length > 0; ids = await over()) {
      await secrets().whereIn('id', ids).delete();
      await all().whereIn('id', ids).update({ serves_until: null });
    }
    // Left behind by a process that was killed while it ended a session.
    const left = () => secrets().whereIn('id', all().where('ends_at', '<=', iso(now)).select('id'));
    await deleteInBatches(left, 'id');
    const ended = () => all().whereNull('serves_until').andWhere('ends_at', '<', iso(endedBefore));
    await deleteInBatches(ended, 'id');
  },
});
