import { acrossTenants } from '../../platform/database/across-tenants.js';
import type { Knex } from '../../platform/database/database.js';
import { machineTimes, type StoredTimes } from '../../platform/database/database-times.js';
import { preparedRead } from '../../platform/database/prepared-read.js';
import type { Environment } from '../../ringcentral/environments.js';
import type { RefreshToken } from './refresh-token-types.js';

type Row = {
  credential_id: string;
  tenant_id: string;
  client_id: string;
  environment: string;
  owner_id: string;
  version: number;
  began_at: string;
  obtained_at: string;
  ends_at: string;
  idle_seconds: number | null;
  session_ends_at: string | null;
  attempted_at: string | null;
  attempt_id: string | null;
  leased_until: string | null;
  is_ended: boolean | number; // a number in SQLite
};

/** What an answer of RingCentral says about a refresh token. */
export type Obtained = Pick<RefreshToken, 'obtainedAt' | 'endsAt' | 'idleSeconds' | 'sessionEndsAt'>;
export type NewRefreshToken = Omit<RefreshToken, 'tenantId' | 'version' | 'beganAt' | 'attempt'>;
/** An app of ours: RingCentral ends a session only for the app that began it. */
export type EndingApp = { environment: Environment; clientId: string };
/** The claim of one rotation. A statement with it changes nothing once another process has the claim. */
export type Claim = { credentialId: string; version: number; attemptId: string };

const signedIn = preparedRead(
  (db, tenantId) => db<Row>('refresh_tokens').where({ tenant_id: tenantId, is_ended: false }).select('credential_id'),
  (rows: Pick<Row, 'credential_id'>[]): readonly string[] => rows.map(({ credential_id: id }) => id),
);

const free = { attempt_id: null, leased_until: null };

/** All SQL on `refresh_tokens`. The ciphertexts are elsewhere. */
export const refreshTokenStore = (db: Knex, times: StoredTimes = machineTimes) => {
  const { iso } = times;
  const isoOrNull = (at: Date | null) => at && iso(at);
  const fromRow = (row: Row) => tokenFrom(row, times);
  return {
    forTenant: (tenantId: string) => {
      const all = (isEnded: boolean) => db<Row>('refresh_tokens').where({ tenant_id: tenantId, is_ended: isEnded });
      const mine = () => all(false);
      const claimed = ({ credentialId, version, attemptId }: Claim) =>
        mine().where({ credential_id: credentialId, version, attempt_id: attemptId });
      return {
        async find(credentialId: string): Promise<RefreshToken | undefined> {
          const row = await mine().where({ credential_id: credentialId }).first();
          return row && fromRow(row);
        },

        /** The credentials that have a refresh token: for every token that a job gets. */
        credentialIds: (): Promise<readonly string[]> => signedIn(db, tenantId),

        async add(token: NewRefreshToken): Promise<void> {
          await db<Row>('refresh_tokens').insert({
            credential_id: token.credentialId,
            tenant_id: tenantId,
            client_id: token.clientId,
            environment: token.environment,
            owner_id: token.ownerId,
            version: 1,
            began_at: iso(token.obtainedAt),
            ...columnsOf(times, token),
          });
        },

        /** Begins a rotation of this version, unless another process rotates it now. @returns whether it was begun */
        async claim({ credentialId, version, attemptId }: Claim, now: Date, until: Date): Promise<boolean> {
          const changed = await mine()
            .where({ credential_id: credentialId, version })
            .andWhere((free) => free.whereNull('attempt_id').orWhere('leased_until', '<=', iso(now)))
            .update({
              attempt_id: attemptId,
              leased_until: iso(until),
              attempted_at: db.raw('coalesce(attempted_at, ?)', [iso(now)]) as unknown as string,
            });
          return changed === 1;
        },

        /**
         * Ends a claim without a new version.
         *
         * @param attemptedAt since when RingCentral may have rotated this version; null if it has not
         * @param abandonedAt the claim ends then, and `unanswered` finds it; null if that is not wanted
         * @returns false if the claim was lost
         */
        async release(claim: Claim, attemptedAt: Date | null, abandonedAt: Date | null = null): Promise<boolean> {
          const over = abandonedAt === null ? free : { leased_until: iso(abandonedAt) };
          return (await claimed(claim).update({ ...over, attempted_at: isoOrNull(attemptedAt) })) === 1;
        },

        /** Ends a claim with the next version. @returns false if the claim was lost */
        async rotate(claim: Claim, obtained: Obtained, ownerId: string): Promise<boolean> {
          const next = { ...free, attempted_at: null, version: claim.version + 1, owner_id: ownerId };
          return (await claimed(claim).update({ ...next, ...columnsOf(times, obtained) })) === 1;
        },

        /**
         * The credential was destroyed: the token is only kept to end its session. That waits for a rotation under way, as
         * long as its claim lasts, because the answer may bring the token that ends the session.
         */
        async end(credentialId: string): Promise<void> {
          await mine().where({ credential_id: credentialId }).update({ attempted_at: null, is_ended: true });
        },

        /**
         * The credential was destroyed during this rotation, which is over. The session can be ended now.
         *
         * @param obtained what the answer says; null without a new refresh token
         * @returns false if the session has been ended already
         */
        async settleEnded({ credentialId, version, attemptId }: Claim, obtained: Obtained | null): Promise<boolean> {
          const changed = await all(true)
            .where({ credential_id: credentialId, version, attempt_id: attemptId })
            .update({ ...free, ...(obtained && columnsOf(times, obtained)) });
          return changed === 1;
        },

        /** Its session could not be ended now, for the first time at `since`. */
        async endLater(credentialId: string, since: Date, notBefore: Date): Promise<void> {
          await all(true)
            .where({ credential_id: credentialId })
            .update({ attempted_at: iso(since), leased_until: iso(notBefore) });
        },

        /** The destroyed credentials whose session still waits for its end. */
        endingIds: (): Promise<string[]> => all(true).pluck('credential_id'),

        /** Whether the session of one of these destroyed credentials still waits for its end. */
        isEnding: async (credentialIds: readonly string[]): Promise<boolean> =>
          (await all(true)
            .whereIn('credential_id', [...credentialIds])
            .first('credential_id')) !== undefined,

        /** Its session is over. @returns false if a later token has arrived meanwhile */
        async removeEnded({ credentialId, obtainedAt }: RefreshToken): Promise<boolean> {
          const mine = all(true).where({ credential_id: credentialId, obtained_at: iso(obtainedAt) });
          return (await mine.delete()) === 1;
        },
      };
    },

    /** For all tenants: a query for the credentials that have one, also those that were destroyed. */
    allCredentialIds: (): Knex.QueryBuilder => db<Row>('refresh_tokens').select('credential_id'),

    /** Whether any tenant's refresh token that has not ended was obtained by another app than this one. */
    async hasOfOtherApp(environment: Environment, clientId: string | null, now: Date): Promise<boolean> {
      const all = acrossTenants(db<Row>('refresh_tokens'), 'whether one exists, of no tenant in particular');
      const living = all.where({ environment, is_ended: false }).andWhere('ends_at', '>', iso(now));
      if (clientId !== null) void living.whereNot({ client_id: clientId });
      return (await living.first('credential_id')) !== undefined;
    },

    /** The refresh tokens of one user in all tenants, because RingCentral counts sessions by user. */
    async ofOwner(environment: Environment, ownerId: string): Promise<(RefreshToken & { isEnded: boolean })[]> {
      const all = acrossTenants(db<Row>('refresh_tokens'), 'RingCentral counts the sessions of a user for all tenants');
      const rows = await all.where({ environment, owner_id: ownerId });
      return rows.map((row) => ({ ...fromRow(row), isEnded: Boolean(row.is_ended) }));
    },

    /**
     * For all tenants: those of destroyed credentials whose session can be ended now by one of these apps, or has ended
     * by itself, the oldest first.
     */
    async ended(now: Date, apps: readonly EndingApp[], limit: number): Promise<RefreshToken[]> {
      const all = acrossTenants(db<Row>('refresh_tokens'), 'the worker ends the sessions of any tenant');
      const rows = await all
        .where({ is_ended: true })
        .andWhere((one) => {
          void one.where('ends_at', '<=', iso(now));
          for (const { environment, clientId } of apps)
            void one.orWhere((due) =>
              due
                .where({ environment, client_id: clientId })
                .andWhere((free) => free.whereNull('leased_until').orWhere('leased_until', '<=', iso(now))),
            );
        })
        .orderBy(['obtained_at', 'credential_id'])
        .limit(limit);
      return rows.map(fromRow);
    },

    /** For all tenants: those of living credentials that were obtained by then, the oldest first; a keyset page. */
    async obtainedBy(at: Date, limit: number, after?: RefreshToken): Promise<RefreshToken[]> {
      const page = acrossTenants(db<Row>('refresh_tokens'), 'the worker looks after those of any tenant')
        .where({ is_ended: false })
        .andWhere('obtained_at', '<=', iso(at))
        .orderBy(['obtained_at', 'credential_id'])
        .limit(limit);
      if (after)
        void page.whereRaw('(obtained_at, credential_id) > (?, ?)', [iso(after.obtainedAt), after.credentialId]);
      return (await page).map(fromRow);
    },

    /** When RingCentral last gave this app a refresh token, for any tenant; null if it never did. */
    async newestOf(environment: Environment, clientId: string): Promise<Date | null> {
      const all = acrossTenants(db<Row>('refresh_tokens'), 'a time');
      const row = await all
        .where({ environment, client_id: clientId })
        .orderBy('obtained_at', 'desc')
        .first('obtained_at');
      return row ? times.fromIso(row.obtained_at) : null;
    },

    /**
     * For all tenants: the rotations whose process ended before it knew the answer, then those without an answer since
     * `doubt.after` but not since `doubt.until`.
     */
    async unanswered(now: Date, doubt: { after: Date; until: Date }, limit: number): Promise<RefreshToken[]> {
      const all = acrossTenants(db<Row>('refresh_tokens'), 'the worker looks after those of any tenant');
      const rows = await all
        .where({ is_ended: false })
        .whereNotNull('attempted_at')
        .andWhere((one) =>
          one
            .where((left) => left.whereNotNull('attempt_id').andWhere('leased_until', '<=', iso(now)))
            .orWhere((long) =>
              long.whereNull('attempt_id').andWhereBetween('attempted_at', [iso(doubt.after), iso(doubt.until)]),
            ),
        )
        .orderByRaw('case when attempt_id is null then 1 else 0 end, attempted_at')
        .limit(limit);
      return rows.map(fromRow);
    },
  };
};

const columnsOf = ({ iso }: StoredTimes, { obtainedAt, endsAt, idleSeconds, sessionEndsAt }: Obtained) => ({
  obtained_at: iso(obtainedAt),
  ends_at: iso(endsAt),
  idle_seconds: idleSeconds,
  session_ends_at: sessionEndsAt && iso(sessionEndsAt),
});

const tokenFrom = (row: Row, { fromIso }: StoredTimes): RefreshToken => ({
  credentialId: row.credential_id,
  tenantId: row.tenant_id,
  clientId: row.client_id,
  environment: row.environment as Environment,
  ownerId: row.owner_id,
  version: row.version,
  beganAt: fromIso(row.began_at),
  obtainedAt: fromIso(row.obtained_at),
  endsAt: fromIso(row.ends_at),
  idleSeconds: row.idle_seconds,
  sessionEndsAt: row.session_ends_at === null ? null : fromIso(row.session_ends_at),
  attempt:
    row.attempted_at === null
      ? null
      : {
          since: fromIso(row.attempted_at),
          by: row.attempt_id,
          until: row.leased_until === null ? null : fromIso(row.leased_until),
        },
});
