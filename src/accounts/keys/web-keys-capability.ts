import type { Capability, Declaration, DoctorCheck, WebRole } from '../../app/capability.js';
import type { CliCommand } from '../../app/cli-command.js';
import type { Foundation } from '../../app/foundation.js';
import type { ActsOf, AuditAct } from '../../audit/audit-events.js';
import { keyNames, webKeys } from './web-keys.js';

const keysForget: CliCommand = {
  name: 'keys forget',
  summary: 'accepts the configured keys instead of lost ones, and removes what needs the lost ones',
  options: [{ flags: '--name <setting>', choices: keyNames, required: true }],
};

const keyActs = [{ action: 'key.forgotten', tenant: 'never' }] as const satisfies readonly AuditAct[];

declare module '../../audit/audit-events.js' {
  interface AuditActs extends ActsOf<typeof keyActs> {}
}

export const keys: Declaration = { commands: [keysForget], audit: keyActs };

/** The keys that only the role `web` has: `ACCOUNTS_KEY` and `SESSION_SECRET`. `web` is null without that role. */
export function webKeysCapability({ runtime, transaction }: Foundation, web: WebRole | null) {
  const own = web && webKeys({ db: runtime.db, transaction, world: runtime.world }, web);
  return {
    begin: async () => {
      for (const name of own ? keyNames : []) {
        const problem = await own?.problemWith(name);
        if (problem) return `${name} ${problem}`;
      }
      await own?.remember();
      return null;
    },
    checks: () =>
      own
        ? keyNames.map((name): DoctorCheck => ({
            subject: name,
            decidesReadiness: true,
            advice: () => own.problemWith(name),
            ...(name === 'ACCOUNTS_KEY' ? { detail: () => own.peopleByKey() } : {}),
          }))
        : [],
    runs: {
      [keysForget.name]: async ({ name }, { say, fail }) => {
        const found = keyNames.find((one) => one === name);
        if (!own || !found) return fail('ROLES does not name web, and only web has these keys');
        const people = await own.forget(found);
        if (found === 'SESSION_SECRET') say('All people were signed out.');
        else say(`People who lost their second factor: ${people}. They set up a new one when they sign in.`);
        return 0;
      },
    },
  } satisfies Capability;
}
