import { appOf, type Credential } from '../../credentials/credential-types.js';
import { boundTo, inLock, lockFor } from '../../platform/database/lock.js';
import { appNameOf, type AppName, type Environment } from '../../ringcentral/environments.js';
import { signInOf } from '../../tokens/refresh/sign-in-reader.js';
import type { AppAnswer } from './app-check.js';
import type { CheckParts } from './check-parts.js';
import { decide, pinsDecide, type Before, type Facts } from './check-decision.js';
import {
  isAboutToFail,
  isAppInDoubt,
  isChecked,
  isFirstPaste,
  codeNotAsked,
  isKnownToWork,
  notAsked,
  pinsFor,
  withAppAnswer,
  withSessionLimits,
} from './check-judgement.js';
import { checkQueue, type CheckRequest } from './check-queue.js';
import { confirmedAccounts } from '../proof/confirmed-account-store.js';
import { personWaits } from './schedule.js';
import type { Exchanged } from '../proof/code-exchange.js';
import { waitNameOf } from '../health/incident-store.js';
import { checkWriter, type CheckWriterDeps } from './check-writer.js';
import { connectionStore, emptyConnection, type Connection } from '../health/connection-store.js';
import { faxLineStore } from '../proof/fax-line-store.js';
import type { Judged } from '../proof/judged.js';
import type { Proof, ProofSubject } from '../proof/proof.js';
import type { RejectionControl } from './rejections.js';

export type CheckRunnerDeps = CheckWriterDeps &
  Pick<CheckParts, 'db' | 'transaction' | 'environmentOf'> & {
    prove: (subject: ProofSubject) => Promise<Proof>;
    control: RejectionControl;
    askAboutApp: (app: AppName) => Promise<AppAnswer>;
    exchange: (credential: Credential, environment: Environment) => Promise<Exchanged>;
    /** A retired credential is only tried, to find out whether it is dead. */
    tryRetired: (request: CheckRequest, credential: Credential) => Promise<Ran>;
  };

/** The minimum delay of a check without a waiting person while our own app is rejected, in milliseconds. */
const WITHHELD_MS = 5 * 60_000;

/**
 * Whether RingCentral was asked. `noRoomBefore`: our auth budget had no room; nothing was written, and the request is
 * still claimed.
 */
export type Ran = 'asked' | 'not_asked' | { noRoomBefore: Date };

/**
 * Runs one claimed check: opens the credential, proves it, and writes the verdict, health, fate of the credential,
 * audit row and next check in one transaction. After a crash before that transaction, the claim expires and the check
 * is repeated.
 */
export const checkRunner = (deps: CheckRunnerDeps) => {
  const { db, world } = deps;
  const inTenantLock = inLock(deps.transaction, 'tenant', (trx, tenantId) => ({
    queue: checkQueue(trx, world),
    connections: connectionStore(trx),
    findCredential: (id: string) => deps.credentials.findWithin(trx, tenantId, id),
    isConfirmed: (accountId: string) => confirmedAccounts(trx).forTenant(tenantId).has(accountId),
    lockAccount: (accountId: string) => lockFor(trx, 'account', accountId),
    ...boundTo(trx, { write: checkWriter(deps) }),
  }));

  async function run(request: CheckRequest): Promise<Ran> {
    const { tenantId, credentialId } = request;
    const credential = await deps.credentials.find(tenantId, credentialId);
    if (credential?.status === 'retired') return deps.tryRetired(request, credential);
    if (!credential || !isChecked(credential)) {
      await checkQueue(db, world).forTenant(tenantId).finish(request.id);
      return 'not_asked';
    }
    const startedAt = world.now();
    const environment = await deps.environmentOf(tenantId);
    const spread = world.randomBytes(1).readUInt8() / 255;
    const connection = await connectionStore(db).forTenant(tenantId).find();
    const app = appNameOf(environment, appOf(credential));
    const mayAsk = await deps.incidents.mayAsk(db, app, {
      isKnownToWork: isKnownToWork(credential, connection),
      recovers: request.priority === 'recovery',
    });
    const isCode = await holdsCode(credential);
    if (typeof mayAsk === 'object') {
      const { waitsFor } = mayAsk;
      const facts = { startedAt, spread, environment, control: 'not_needed', sealed: null } as const;
      const later = new Date(startedAt.getTime() + (1 + 2 * spread) * WITHHELD_MS);
      const waitName = waitNameOf(waitsFor, app, isFirstPaste(credential, connection));
      // A person waits for an answer, and the answer is known.
      if (isCode) await settle(request, codeNotAsked(waitsFor), facts);
      else if (personWaits(request.priority)) await settle(request, notAsked(waitsFor), facts);
      else await checkQueue(db, world).release(request, later, waitName);
      return 'not_asked';
    }
    const opened = await open(credential, environment, isCode);
    const proved: Proof | null =
      opened.kind === 'spent'
        ? opened.judged
        : opened.kind === 'gone'
          ? null
          : await deps.prove({
              assertion: opened.kind === 'jwt' ? opened.assertion : null,
              ...(opened.kind === 'session' && { begun: opened }),
              tenantId,
              credentialId,
              environment,
              issuedBy: credential.environment,
              expiresAt: opened.kind === 'session' ? opened.expiresAt : credential.expiresAt,
              lane: personWaits(request.priority) ? 'interactive' : 'background',
              since: request.requestedAt,
              pins: pinsFor(credential, connection),
              knownLines: await faxLineStore(db).forTenant(tenantId).all(),
              reuseSince: mayAsk === 'yes' ? await reuseSince(credential, connection, request) : null,
            });
    if (proved === null) {
      await checkQueue(db, world).forTenant(tenantId).finish(request.id);
      return 'asked';
    }
    if (proved.kind !== 'done') {
      await deps.incidents.wasNotAsked(db, app);
      if (proved.kind === 'wait') return { noRoomBefore: proved.until };
      await checkQueue(db, world).release(request, proved.until); // the limit is per owner, so other checks need not wait
      return 'not_asked';
    }
    const answered = isAppInDoubt(proved) ? withAppAnswer(proved, await deps.askAboutApp(app)) : proved;
    const limited =
      credential.method === 'jwt' ? answered : withSessionLimits(answered, await signInOf(db, tenantId, credentialId));
    const proof: Judged = { ...limited, ...(opened.kind === 'session' && { refreshToken: 'given' }) };
    const control = isAboutToFail(credential, connection, proof, deps.confirmMs, world.now())
      ? await deps.control(db, environment)
      : 'not_needed';
    // The token of a sign-in is kept already.
    const isUnkept = credential.status === 'pending' && opened.kind === 'jwt';
    const sealed = isUnkept && proof.by ? await deps.tokens.seal(proof.by.session) : null;
    const facts = { startedAt, spread, environment, control, sealed };
    const { step } = proof.detail;
    const isUnasked = step === 'local' || step === 'incident' || proof.by?.isNew === false;
    if (isUnasked) await deps.incidents.wasNotAsked(db, app);
    await settle(request, proof, facts);
    return isUnasked ? 'not_asked' : 'asked';
  }

  /** Whether there is nothing but a code to ask with, which may have been sent already. */
  const holdsCode = async ({ method, status, tenantId, id }: Credential): Promise<boolean> =>
    method === 'authorization_code' && status === 'pending' && (await signInOf(db, tenantId, id)) === undefined;

  /** What RingCentral is asked with: the JWT, or the session of a sign-in, which the code begins. */
  async function open(credential: Credential, environment: Environment, isCode: boolean) {
    const { tenantId, id, method } = credential;
    if (method === 'authorization_code')
      return isCode ? deps.exchange(credential, environment) : ({ kind: 'refresh_token' } as const);
    const assertion = await deps.credentials.open(tenantId, id);
    if (assertion === null) throw new Error('the credential has been destroyed');
    return { kind: 'jwt', assertion } as const;
  }

  /**
   * No person waits for this check and nothing is in doubt, so a job's token may be used if it was minted in the
   * younger half of the interval. This saves a call of the auth budget.
   */
  async function reuseSince({ status }: Credential, connection: Connection | undefined, { trigger }: CheckRequest) {
    if (status !== 'active' || trigger !== 'schedule' || connection?.health.serving.state !== 'working') return null;
    return new Date(world.now().getTime() - (await deps.checkEveryMs(db)) / 2);
  }

  const settle = (request: CheckRequest, proof: Judged, found: Omit<Facts, 'now' | 'confirmMs'>): Promise<void> =>
    inTenantLock(request.tenantId, async ({ queue, connections, findCredential, isConfirmed, lockAccount, write }) => {
      const { tenantId, credentialId } = request;
      const now = world.now();
      // Another worker has taken over, or a newer paste has replaced the credential: discard this result.
      if (!(await queue.stillLeased(request))) return;
      const credential = await findCredential(credentialId);
      if (!credential || !isChecked(credential)) return queue.forTenant(tenantId).finish(request.id);
      /** Two tenants may prove the same account at once, so the answer is final only with the account's lock. */
      const isOfAnother = async (accountId: string): Promise<boolean> => {
        await lockAccount(accountId);
        return connections.isAccountOfAnother(accountId, tenantId);
      };
      const before: Before = {
        request,
        credential,
        connection: (await connections.forTenant(tenantId).find()) ?? emptyConnection(tenantId, now),
        isOfAnother: pinsDecide(proof) && (await isOfAnother(proof.identity.accountId)),
        isConfirmed: pinsDecide(proof) && (await isConfirmed(proof.identity.accountId)),
      };
      const changes = decide(before, proof, { ...found, now, confirmMs: deps.confirmMs });
      return changes === 'ask_again' ? queue.release(request, now) : write(changes);
    });

  return { run };
};

export type CheckRunner = ReturnType<typeof checkRunner>;
