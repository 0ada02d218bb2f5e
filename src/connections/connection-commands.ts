import type { CliCommand, CommandRun } from '../app/cli-command.js';
import type { tenantReader } from '../tenants/tenant-reader.js';
import type { Tenant } from '../tenants/tenant-types.js';
import type { ConnectionService } from './connection-service.js';

export const checkCommand: CliCommand = {
  name: 'check',
  summary: 'reports the state of connections; exits 1 if one is not healthy',
  options: [{ flags: '--tenant <ref>', summary: 'only this tenant' }],
};

const working = ['healthy', 'warning'];

/** Prints one line per tenant: reference, state, cause. */
export const runCheckCommand =
  (
    connections: Pick<ConnectionService, 'shownOf'>,
    tenants: Pick<ReturnType<typeof tenantReader>, 'findByRef' | 'pages'>,
  ): CommandRun =>
  async ({ tenant: ref }, { say, fail }) => {
    let bad = 0;
    const print = async (page: Tenant[]) => {
      const shown = await connections.shownOf(page);
      for (const { id, externalRef } of page) {
        const { state, cause } = shown.get(id) ?? { state: 'not_connected', cause: null };
        if (!working.includes(state)) bad += 1;
        say([externalRef, state, cause ?? '-'].join('\t'));
      }
    };
    if (ref === undefined) for await (const page of tenants.pages()) await print(page);
    else {
      const tenant = await tenants.findByRef(String(ref));
      if (!tenant) return fail('--tenant: there is no tenant with this reference');
      await print([tenant]);
    }
    return bad === 0 ? 0 : 1;
  };
