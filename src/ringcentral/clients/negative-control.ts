import type { Logger } from '../../platform/log.js';
import type { Secret } from '../../platform/secret.js';
import type { AuthBudget } from '../auth-budget/auth-budget-types.js';
import type { GuardedCall } from './guarded-call.js';
import type { BudgetPlace } from './ringcentral-types.js';
import { createAppTokenClient, type RingCentralApp } from './token-client.js';

/**
 * What RingCentral said when another app of ours tried a customer's JWT.
 *
 * - `refused`: that app is not on the JWT's list, as it should be. - `token`: it got in; `revoked` tells whether the token
 *   was ended at once, else it ends within an hour and nobody holds it.
 * - `inconclusive`: no answer, or one about that app and not about the JWT. - `no_slot`: nothing was sent.
 */
export type CanaryResult =
  | { kind: 'refused' }
  | { kind: 'token'; revoked: boolean }
  | { kind: 'inconclusive'; cause: string; codes: string[] }
  | { kind: 'no_slot' };

export type NegativeControl = (
  request: Pick<BudgetPlace, 'tenantId' | 'maxWaitMs'> & { assertion: Secret },
) => Promise<CanaryResult>;

type Options = {
  app: RingCentralApp;
  budget: Pick<AuthBudget, 'acquire'>;
  call: GuardedCall['call'];
  log: Pick<Logger, 'warn'>;
};

/**
 * Tries a JWT with an app that it should not permit. The call that would end the token has its slot before the first one
 * is made. Scopes are not asked for by name: one that this app lacks would be refused for another reason than the JWT.
 */
export function createNegativeControl({ app, budget, call, log }: Options): NegativeControl {
  return async ({ assertion, ...asked }) => {
    const place = { ...asked, lane: 'interactive' } as const;
    const turn = await budget.acquire({ ...place, clientId: app.clientId, slots: 2 });
    if (turn.kind === 'wait') return { kind: 'no_slot' };
    const { slots } = turn;
    const inTurn: AuthBudget['run'] = async (_ask, send) => {
      const slot = slots.shift();
      return slot ? slot.run(send) : { kind: 'wait', until: new Date(0) };
    };
    const client = createAppTokenClient({ app, requiredScopes: [], budget: { run: inTurn }, call });
    try {
      const minted = await client.mint({ ...place, assertion });
      if (minted.kind === 'wait') return { kind: 'no_slot' };
      if (minted.kind === 'accepted') {
        const ended = await client.revoke({ ...place, token: minted.value.accessToken });
        const revoked = ended.kind === 'accepted';
        log.warn({ tenantId: asked.tenantId, revoked }, 'another app of ours got a token for a JWT of this tenant');
        return { kind: 'token', revoked };
      }
      if (minted.kind === 'refused' && minted.cause === 'app_not_permitted') return { kind: 'refused' };
      return { kind: 'inconclusive', cause: minted.cause, codes: minted.codes };
    } finally {
      for (const unused of slots) await unused.release();
    }
  };
}
