import { credentialReader } from '../../credentials/credential-service.js';
import type { Credential } from '../../credentials/credential-types.js';
import type { Environment } from '../../ringcentral/environments.js';
import type { RingCentralSessions } from '../../tokens/ringcentral-sessions.js';
import type { CheckParts } from '../checks/check-parts.js';
import { areManyRefused, type RejectionControl } from '../checks/rejections.js';
import { connectionStore } from '../health/connection-store.js';
import type { AppSeen } from './death-decision.js';

type Deps = Pick<CheckParts, 'db' | 'world'> & {
  tokens: Pick<RingCentralSessions, 'givenSince'>;
  control: RejectionControl;
};

/** Where so many were sign-ins, the control credential is asked. */
const MOST_READ = 100;

/**
 * What shows that our app works while RingCentral refuses a retired JWT. An app that was deleted, blocked or has lost the
 * JWT flow may be refused with every JWT, so only a token that RingCentral gave for another JWT shows it. Free evidence
 * comes first: the checks and jobs of all clinics; then the control credential, if one is configured.
 */
export const appWitness =
  ({ db, world, tokens, control }: Deps) =>
  async ({ tenantId, id, retirement }: Credential, environment: Environment): Promise<AppSeen> => {
    const connection = await connectionStore(db).forTenant(tenantId).find();
    if (connection?.health.serving.state === 'suspect') return { kind: 'doubtful' };
    const works = async () => (await control(db, environment, true)) === 'works';
    if (await areManyRefused(db, environment, world.now()))
      return (await works()) ? { kind: 'works', at: world.now() } : { kind: 'doubtful' };
    const since = retirement?.refusedSince;
    for (const given of since ? await tokens.givenSince(environment, since, MOST_READ) : []) {
      if (given.credentialId === id) continue;
      // A sign-in has another app.
      const other = await credentialReader(db).find(given.tenantId, given.credentialId);
      if (other?.method === 'jwt') return { kind: 'works', at: given.askedAt };
    }
    return (await works()) ? { kind: 'works', at: world.now() } : { kind: 'not_shown' };
  };
