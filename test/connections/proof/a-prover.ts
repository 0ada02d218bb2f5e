import { prover, type ProofSubject } from '../../../src/connections/proof/proof.js';
import type { Knex } from '../../../src/platform/database/database.js';
import { Secret } from '../../../src/platform/secret.js';
import { createApiClient } from '../../../src/ringcentral/clients/api-client.js';
import { createLogger } from '../../../src/platform/log.js';
import { createAuthBudget } from '../../../src/ringcentral/auth-budget/auth-budget.js';
import { fixedSecret } from '../../../src/ringcentral/clients/client-secret.js';
import type { Answer, Failure, GuardedRequest } from '../../../src/ringcentral/clients/guarded-call.js';
import { createAppTokenClient } from '../../../src/ringcentral/clients/token-client.js';
import { aSessionKeeper } from '../../drill/watch/session-parts.js';
import { createVirtualWorld } from '../../support/virtual-world.js';

export const answer = (status: number, json: unknown): Answer => ({
  kind: 'answer',
  status,
  json,
  requestId: null,
  retryAfterMs: null,
  limit: null,
  remaining: null,
  windowSeconds: null,
});
export const minted = (more: object = {}) =>
  answer(200, {
    access_token: 'U0pDEXAMPLE',
    token_type: 'bearer',
    expires_in: 3600,
    scope: 'ReadAccounts ReadMessages',
    owner_id: '901',
    ...more,
  });
export const tokenInvalid = answer(401, { errorCode: 'TokenInvalid', errors: [{ errorCode: 'OAU-213' }] });
export const wrongSecret = answer(401, { error: 'invalid_client', errors: [{ errorCode: 'OAU-146' }] });

export const subject: ProofSubject = {
  assertion: new Secret('synthetic.credential'),
  tenantId: 'north',
  credentialId: 'one',
  environment: 'production',
  issuedBy: 'production',
  expiresAt: null,
  lane: 'background',
  since: new Date(0),
  pins: { ownerId: '901', accountId: '501', approvedAccountId: null },
  knownLines: [],
  reuseSince: null,
};

/** The prover with the real budget and clients, and a RingCentral that answers as told. */
export function aProver(
  db: Knex,
  say: (request: GuardedRequest) => Answer | Failure,
  secrets: { current: string; previous?: string } = { current: 'the secret' },
) {
  const virtual = createVirtualWorld(db);
  const { world } = virtual;
  const log = createLogger('silent');
  const budget = createAuthBudget({ db, world, databaseTime: virtual.databaseTime, log, scope: 'app', perMinute: 5 });
  const sent: GuardedRequest[] = [];
  const call = (request: GuardedRequest) => {
    sent.push(request);
    return Promise.resolve(say(request));
  };
  const app = {
    clientId: 'EXAMPLEclientId_000001',
    serverUrl: 'https://platform.ringcentral.com',
    secret: {
      current: fixedSecret(secrets.current),
      ...(secrets.previous === undefined ? {} : { previous: fixedSecret(secrets.previous) }),
    },
  };
  const requiredScopes = ['ReadAccounts', 'ReadMessages'];
  const client = createAppTokenClient({ app, requiredScopes, budget, call });
  const api = createApiClient({ serverUrlOf: () => app.serverUrl, call, world });
  const prove = prover({
    ringcentral: api,
    tokens: aSessionKeeper(db, world, client),
    world,
    requiredScopes,
    jobProbe: 'faxes',
    isAccountOfAnother: () => Promise.resolve(false),
  });
  const urls = () => sent.map(({ url }) => url);
  const tokenCalls = () => urls().filter((url) => url.endsWith('/restapi/oauth/token')).length;
  return { virtual, prove, urls, tokenCalls };
}
