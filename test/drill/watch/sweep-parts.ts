import { checkRunner } from '../../../src/connections/checks/check-runner.js';
import { checkWorker } from '../../../src/connections/checks/check-worker.js';
import { connectionStore } from '../../../src/connections/health/connection-store.js';
import { countProved, effectiveIntervalMs, paceMs } from '../../../src/connections/checks/effective-interval.js';
import { prover } from '../../../src/connections/proof/proof.js';
import { transactionOn, type Knex } from '../../../src/platform/database/database.js';
import type { Logger } from '../../../src/platform/log.js';
import { Secret } from '../../../src/platform/secret.js';
import type { World } from '../../../src/platform/world.js';
import type { AuthBudget } from '../../../src/ringcentral/auth-budget/auth-budget-types.js';
import type { RingCentralClient } from '../../../src/ringcentral/clients/ringcentral-types.js';
import { aCredentialKeeper, aDayMs, connectionParts } from '../../support/connection-parts.js';
import { aSessionKeeper } from './session-parts.js';

/** Repeated here on purpose: a drill that read it from the code would accept any value there. */
export const WINDOW_MS = 62_000;

type Sweeper = {
  db: Knex;
  world: World;
  log: Logger;
  ringcentral: RingCentralClient;
  /** Calls per window that are left for checks. */
  perWindow: number;
};

/** The portal's own parts for due checks, combined as in the worker. */
export function aSweeper({ db, world, log, ringcentral, perWindow }: Sweeper) {
  const checksBudget = { perWindow, windowMs: WINDOW_MS };
  const checkEveryMs = async (handle: Knex) =>
    effectiveIntervalMs(aDayMs, countProved(await connectionStore(handle).counts()), checksBudget);
  const parts = connectionParts(world, { checkEveryMs });
  const tokens = aSessionKeeper(db, world, ringcentral);
  const runner = checkRunner({
    db,
    transaction: transactionOn(db),
    world,
    credentials: aCredentialKeeper(db, world),
    environmentOf: () => Promise.resolve('production'),
    prove: prover({
      ringcentral,
      tokens,
      world,
      requiredScopes: [],
      jobProbe: 'none',
      isAccountOfAnother: (accountId, tenantId) => connectionStore(db).isAccountOfAnother(accountId, tenantId),
    }),
    ...parts,
    tokens,
  });
  const worker = checkWorker({
    db,
    world,
    log,
    runner,
    workerId: 'worker',
    leaseMs: 20_000,
    concurrency: 8,
    waitingLists: { lists: [undefined], paceMs: paceMs(checksBudget) },
  });
  return { worker, parts };
}

type RingCentral = {
  budget: Pick<AuthBudget, 'run'>;
  between: (low: number, high: number) => number;
  wait: (milliseconds: number) => Promise<void>;
  arrive: () => number;
  onAsked: () => void;
  onSent: (tenantId: string) => void;
};

/** Every credential is good. A call arrives up to 1.9 s after it was sent and is answered up to a second later. */
export function aRingCentral({ budget, between, wait, arrive, onAsked, onSent }: RingCentral): RingCentralClient {
  const unused = () => Promise.reject(new Error('nobody asks that here'));
  const ids = (tenantId: string | null) => {
    const digits = (tenantId ?? '').replace(/\D/g, '');
    return { ownerId: `6330${digits}`, accountId: `3743${digits}` };
  };
  return {
    async mint({ lane, tenantId, maxWaitMs, since }) {
      onAsked();
      const sent = await budget.run({ clientId: 'app', lane, tenantId, maxWaitMs, since }, async () => {
        onSent(tenantId ?? '');
        await wait(between(20, 1900));
        const penaltyMs = arrive();
        await wait(between(20, 1000));
        return {
          value: penaltyMs,
          facts: { penaltyMs: penaltyMs || null, limit: null, remaining: null, windowSeconds: null },
        };
      });
      if (sent.kind === 'wait') return sent;
      if (sent.value > 0)
        return {
          kind: 'inconclusive',
          cause: 'rate_limited',
          codes: [],
          status: 429,
          requestId: null,
          retryAfterMs: sent.value,
        };
      const { ownerId } = ids(tenantId);
      const accessToken = new Secret(`synthetic-${tenantId ?? ''}`);
      return {
        kind: 'accepted',
        requestId: null,
        value: { accessToken, expiresInSeconds: 3600, scopes: [], ownerId },
      };
    },
    identity: ({ ownerId }) =>
      Promise.resolve({
        kind: 'accepted',
        requestId: null,
        value: {
          extensionId: ownerId,
          accountId: ownerId.replace(/^6330/, '3743'),
          name: 'Fax Integration',
          extensionNumber: '901',
          type: 'User',
          status: 'Enabled',
          admin: null,
          roles: null,
        },
      }),
    accountName: () => Promise.resolve(null),
    revoke: unused,
    exchangeCode: unused,
    refresh: unused,
    probeApp: unused,
    listExtensions: unused,
    probeFaxLine: unused,
    close: () => Promise.resolve(),
  };
}
