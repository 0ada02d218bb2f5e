import { forgetUnconfirmed } from '../../../src/connections/proof/confirmed-account-store.js';
import { checkQueue, type CheckRequest } from '../../../src/connections/checks/check-queue.js';
import { checkRunner } from '../../../src/connections/checks/check-runner.js';
import { deathCheckRunner } from '../../../src/connections/death-checks/death-check-runner.js';
import { deletionClaims } from '../../../src/connections/death-checks/deletion-claims.js';
import { connectionWriter } from '../../../src/connections/health/connection-writer.js';
import { ended, unsuccessful } from '../../../src/connections/proof/judged.js';
import type { Proof, ProofSubject } from '../../../src/connections/proof/proof.js';
import type { CheckParts } from '../../../src/connections/checks/check-parts.js';
import { tokenEvidence } from '../../../src/connections/checks/token-evidence.js';
import { credentialKeeper, credentialReader } from '../../../src/credentials/credential-service.js';
import { overdueCredentials } from '../../../src/credentials/overdue-credentials.js';
import { transactionOn, type Knex } from '../../../src/platform/database/database.js';
import { Secret } from '../../../src/platform/secret.js';
import { realWorld, type World } from '../../../src/platform/world.js';
import type { AccessToken, Outcome } from '../../../src/ringcentral/catalogue/outcome.js';
import { endTokensOf } from '../../../src/tokens/ringcentral-sessions.js';
import { tokenService } from '../../../src/tokens/token-service.js';
import { aConnectionService, connectionParts } from '../../support/connection-parts.js';
import { aSessionKeeper, instantSealing } from '../watch/session-parts.js';

export type AtCall = (what: string) => Promise<unknown>;

const HOUR_MS = 3_600_000;
/** RingCentral allows five sessions of a user; the sixth ends the first. */
const SESSIONS = 5;

type Session = { token: string; jwt: string; owner: string; endsAt: number };

/** RingCentral for JWTs whose text is `<owner>/<name>`. */
export class JwtRingCentral {
  readonly deleted = new Set<string>();
  /** What the next mints with a JWT are answered, in this order; then as usual. */
  readonly next = new Map<string, ('transient' | 'locked_out' | 'rejected')[]>();
  readonly mints: string[] = [];
  private sessions: Session[] = [];
  private made = 0;

  constructor(private readonly now: () => Date) {}

  accepts(token: string): boolean {
    return this.sessions.some((one) => one.token === token && one.endsAt > this.now().getTime());
  }
  /** The sessions that live with this JWT. */
  living = (jwt: string): number =>
    this.sessions.filter((one) => one.jwt === jwt && one.endsAt > this.now().getTime()).length;

  /** The client of one process. */
  client(atCall: AtCall = () => Promise.resolve()) {
    return {
      mint: async ({ assertion }: { assertion: Secret }): Promise<Outcome<AccessToken>> => {
        const jwt = assertion.reveal();
        await atCall(`sent: mint`);
        const answer = this.mint(jwt);
        await atCall(`answered: mint`);
        return answer;
      },
      revoke: async ({ token }: { token: Secret }): Promise<Outcome<null>> => {
        await atCall('sent: revoke');
        this.sessions = this.sessions.filter((one) => one.token !== token.reveal());
        await atCall('answered: revoke');
        return { kind: 'accepted', value: null, requestId: null };
      },
    };
  }

  private mint(jwt: string): Outcome<AccessToken> {
    this.mints.push(jwt);
    const none = { requestId: null, retryAfterMs: null };
    const planned = this.next.get(jwt)?.shift();
    if (planned === 'transient')
      return { kind: 'inconclusive', cause: 'ringcentral_unavailable', codes: [], status: 503, ...none };
    if (planned === 'locked_out')
      return { kind: 'refused', cause: 'owner_inactive', codes: ['OAU-141'], status: 400, requestId: null };
    if (planned === 'rejected' || this.deleted.has(jwt))
      return { kind: 'refused', cause: 'credential_rejected', codes: ['OAU-213'], status: 400, requestId: null };
    const [owner = ''] = jwt.split('/');
    const token = `token-${(this.made += 1)} of ${jwt}`;
    const living = this.sessions.filter((one) => one.owner === owner && one.endsAt > this.now().getTime());
    const over = living.slice(0, Math.max(0, living.length - SESSIONS + 1));
    this.sessions = this.sessions.filter((one) => !over.includes(one) && one.endsAt > this.now().getTime());
    this.sessions.push({ token, jwt, owner, endsAt: this.now().getTime() + HOUR_MS });
    const value = { accessToken: new Secret(token), expiresInSeconds: 3600, scopes: ['ReadMessages'], ownerId: owner };
    return { kind: 'accepted', value, requestId: null };
  }
}

let ids = 0;
export const newId = (): string => `id-${String((ids += 1)).padStart(7, '0')}`;

export const CONFIRM_MS = 180_000;
export const LEASE_MS = 20_000;

/** One process of the portal: its worker, its broker, and what its pages do. */
export function aProcess(db: Knex, now: () => Date, ringcentral: JwtRingCentral, atCall?: AtCall) {
  const world: World = { ...realWorld, now, newId, randomBytes: (size) => Buffer.alloc(size, 128) };
  const transaction = transactionOn(db);
  const sessions = aSessionKeeper(db, world, ringcentral.client(atCall), {
    claimedOwner: () => null,
    sealing: instantSealing,
  });
  const credentials = credentialKeeper({ db, world, opener: instantSealing, onEnded: endTokensOf });
  const shared = connectionParts(world);
  const isOldOneAlive = (trx: Knex, tenantId: string) => credentialReader(trx).isOldOneAlive(tenantId);
  const writing = { ...shared, isOldOneAlive, forgetUnconfirmed, world };
  const parts = {
    ...shared,
    db,
    world,
    transaction,
    writer: connectionWriter(writing),
    environmentOf: () => Promise.resolve('production'),
    confirmMs: CONFIRM_MS,
    poke: () => undefined,
  } as unknown as CheckParts & typeof shared;

  /** A proof without the API: what is proved here is the order of the writes. */
  async function prove({ assertion, tenantId, credentialId, environment, lane }: ProofSubject): Promise<Proof> {
    const place = { lane, tenantId, credentialId, environment, maxWaitMs: 0 } as const;
    const minted = await sessions.mint({ ...place, assertion, pinnedOwnerId: null });
    if (minted.kind === 'wait') return minted;
    if (minted.kind === 'full' || minted.kind === 'held') return { ...minted, kind: 'full' };
    if (minted.kind === 'refused' || minted.kind === 'inconclusive') return unsuccessful(minted, 'mint');
    if (minted.kind !== 'minted') throw new Error('no owner is pinned');
    const { ownerId } = minted.session;
    const names = { ownerName: null, ownerExtensionNumber: null, accountName: null };
    return {
      ...ended({ kind: 'accepted', warnings: [] }, {}),
      identity: { ownerId, accountId: ownerId, ...names },
      by: { session: minted.session, isNew: true },
      scopes: 'held',
    };
  }

  const deathChecks = deathCheckRunner({
    ...parts,
    credentials,
    tokens: sessions,
    control: () => Promise.resolve('works'),
  });
  const runner = checkRunner({ ...parts, credentials, tokens: sessions, prove, tryRetired: deathChecks.run });
  const queue = checkQueue(db, world);
  const broker = tokenService({
    ...tokenEvidence(parts),
    db,
    world,
    sessions,
    identity: () => Promise.reject(new Error('not asked')),
    openAssertion: credentials.open,
    log: { error: () => undefined },
  });
  const { onOverdueDestroyed } = aConnectionService(db, world, { writer: parts.writer });
  const destroyOverdue = overdueCredentials({ transaction, world, credentials, onDestroyed: onOverdueDestroyed });
  return {
    world,
    broker,
    queue,
    /** Claims and runs a due check. @returns whether there was one */
    async work(only?: string): Promise<boolean> {
      const mine = only === undefined ? {} : { only: (of: Knex.QueryBuilder) => void of.where({ tenant_id: only }) };
      const request = await queue.lease('worker', LEASE_MS, mine);
      if (!request) return false;
      await conclude(request);
      return true;
    },
    sayDeleted: deletionClaims(parts),
    housekeeping: () =>
      destroyOverdue(100, (error) => {
        throw error;
      }),
  };

  async function conclude(request: CheckRequest): Promise<void> {
    const ran = await runner.run(request);
    if (typeof ran === 'object') await queue.release(request, ran.noRoomBefore);
  }
}

export type Process = ReturnType<typeof aProcess>;
