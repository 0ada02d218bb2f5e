import { credentialActs } from './credential-acts.js';
import { credentialHoldings } from './credential-holdings.js';
import { perRole, type Capability, type Declaration, type SecretsRole } from '../app/capability.js';
import type { CliCommand } from '../app/cli-command.js';
import type { Foundation } from '../app/foundation.js';
import { environmentNames } from '../ringcentral/environments.js';
import { inspectCommand } from './command/inspect-command.js';
import { credentialRoutes, type CredentialRoutesDeps } from './credential-routes.js';
import { credentialKeeper, credentialService, type CredentialHooks } from './credential-service.js';
import { keyChecks } from './key-checks.js';
import { signInCodes } from './sign-in-codes.js';
import { overdueCredentials, type OnOverdueDestroyed } from './overdue-credentials.js';

const inspect: CliCommand = {
  name: 'inspect',
  summary: 'inspects a paste from standard input; needs no configuration',
  options: [
    { flags: '--environment <name>', choices: environmentNames, default: 'production' },
    { flags: '--now <ISO>', summary: 'inspect as of this time' },
    { flags: '--client-id <ID>', summary: 'recognize this client ID if it is pasted by mistake' },
    { flags: '--fingerprint', summary: 'add the SHA-256 of the repaired JWT' },
    { flags: '--jsonl', summary: 'read one JSON string per line, print one result per line' },
  ],
  run: (options) => {
    const streams = { input: process.stdin, output: process.stdout, errors: process.stderr };
    // eslint-disable-next-line no-restricted-syntax -- the default of --now
    return inspectCommand({ ...streams, options, clock: () => new Date() });
  },
};

export const credentials: Declaration = { commands: [inspect], audit: credentialActs, holds: credentialHoldings };

/** The credentials of a process that can open them. Created before the capability, because checks need it too. */
export const credentialVault = ({ runtime }: Foundation, { onEnded }: Pick<CredentialHooks, 'onEnded'>) =>
  perRole(({ opener }: SecretsRole) => credentialKeeper({ db: runtime.db, world: runtime.world, opener, onEnded }));

export type CredentialVault = ReturnType<typeof credentialVault>;

const OVERDUE_AT_ONCE = 100;

type Given = CredentialHooks &
  Pick<CredentialRoutesDeps, 'connections' | 'poke'> & {
    vault: CredentialVault;
    onOverdueDestroyed: OnOverdueDestroyed;
  };

/** Pastes: inspects, seals and keeps them. */
export function credentialsCapability({ config, runtime, transaction, sealer, isv }: Foundation, given: Given) {
  const { db, world, log } = runtime;
  const service = credentialService({ transaction, world, sealer, clientIdFor: isv.clientIdFor, ...given });
  const { ISV_NAME: isvName } = config;
  const router = credentialRoutes({ credentials: service, isvName, now: world.now, ...given });
  return {
    /** Takes in the code of a person who signed in to RingCentral. */
    onCode: signInCodes({ world, ...given }),
    /** Takes in a paste. */
    submit: (submission: Parameters<typeof service.submit>[0]) => service.submit(submission),
    pages: () => ({
      mounts: [
        {
          path: '/tenants/:tenantId/credentials',
          access: 'member',
          needs: { 'get /': 'member', 'get /new': 'member', 'post /': 'member' },
          router,
        },
        { path: '/hand-offs/:handOffId/credentials', access: 'hand_off', router },
      ],
    }),
    housekeeping: (worker) => {
      const destroyOverdue = overdueCredentials({
        transaction,
        world,
        credentials: given.vault(worker),
        onDestroyed: given.onOverdueDestroyed,
      });
      const onError = (err: unknown, { tenantId, id }: { tenantId: string; id: string }) =>
        log.error({ err, tenantId, credentialId: id }, 'a credential could not be destroyed');
      return [() => destroyOverdue(OVERDUE_AT_ONCE, onError)];
    },
    checks: (secrets) => keyChecks({ db, secrets, publicKeys: config.SEALING_PUBLIC_KEYS_FILE }),
  } satisfies Capability & Record<string, unknown>;
}
