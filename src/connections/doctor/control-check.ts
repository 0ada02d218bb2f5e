import type { Advice, DoctorCheck } from '../../app/capability.js';
import { inspectAssertion } from '../../credentials/inspect/inspect-assertion.js';
import { Secret } from '../../platform/secret.js';
import type { World } from '../../platform/world.js';
import { missingScope } from '../../ringcentral/catalogue/scopes.js';
import type { TokenClient } from '../../ringcentral/clients/ringcentral-types.js';

type Options = {
  mint: TokenClient['mint'];
  world: Pick<World, 'now'>;
  clientId: string;
  /** null if none is configured */
  controlJwt: string | null;
  requiredScopes: readonly string[];
  /** Whether RingCentral's token endpoint and our app are proved. */
  isAppProved: () => Promise<boolean>;
};

const appFirst = { unproved: 'the app has to be right first: see RingCentral app' };

/**
 * Proves the control credential, and with its token the scopes of our app: an invalid assertion cannot show them. Both
 * checks share one call. The credential is not sent to a server that is not proved to be RingCentral's.
 */
export function controlChecks(options: Options): DoctorCheck[] {
  const { mint, world, clientId, controlJwt, requiredScopes, isAppProved } = options;
  const environment = 'production' as const;
  let minted: ReturnType<TokenClient['mint']> | undefined;
  const tokenFor = (jwt: string) =>
    (minted ??= mint({
      assertion: new Secret(jwt),
      environment,
      endpointId: 'latchkey-control',
      lane: 'interactive',
      tenantId: null,
    }));
  const codeOf = (jwt: string) => inspectAssertion(jwt, { now: world.now(), environment, clientId }).inspection.code;

  async function control(): Promise<Advice> {
    if (controlJwt === null) return { unproved: 'no JWT is configured' };
    const code = codeOf(controlJwt);
    if (code !== 'ok') return `it is not a usable JWT (${code}): make a new one, and try it with "latchkey inspect"`;
    if (!(await isAppProved())) return appFirst;
    const answer = await tokenFor(controlJwt);
    if (answer.kind === 'accepted') return null;
    if (answer.kind === 'wait') return { unproved: `the auth budget is used up until ${answer.until.toISOString()}` };
    const told = [answer.cause, ...answer.codes].join(' ');
    if (answer.kind === 'inconclusive') return { unproved: `RingCentral gave no clear answer (${told})` };
    return `RingCentral refuses it (${told}): make a new JWT in RingCentral's console for this app`;
  }

  async function scopes(): Promise<Advice> {
    const needed = requiredScopes.join(' ');
    if (controlJwt === null || codeOf(controlJwt) !== 'ok')
      return { unproved: `only a token shows whether the app has ${needed}: configure RINGCENTRAL_CONTROL_JWT` };
    if (!(await isAppProved())) return appFirst;
    const answer = await tokenFor(controlJwt);
    if (answer.kind === 'refused' && answer.cause === 'scope_missing')
      return `RingCentral gives no token with ${needed} (${answer.codes.join(' ')}): add the scopes to the app`;
    if (answer.kind !== 'accepted')
      return { unproved: `there is no token that could show whether the app has ${needed}` };
    const missing = missingScope(answer.value.scopes, requiredScopes);
    return missing === undefined ? null : `the app lacks the scope ${missing}: add it in RingCentral's console`;
  }

  return [
    { subject: 'RINGCENTRAL_CONTROL_JWT', advice: control },
    { subject: 'scopes of the RingCentral app', advice: scopes },
  ];
}
