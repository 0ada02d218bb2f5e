import type { Patch } from './source-copy.js';

const route = 'src/credentials/credential-routes.ts';
const runner = 'src/connections/check-runner.ts';

/** Defects that lose or halve a submission only when a process dies at the wrong moment. */
export const killPlants: Record<string, Patch[]> = {
  'the worker takes the request off the queue before its verdict is written': [
    {
      file: runner,
      find: '    const startedAt = world.now();',
      replace:
        '    await checkQueue(db, world).forTenant(tenantId).finish(request.id);\n    const startedAt = world.now();',
    },
    { file: runner, find: '    if (!(await queue.stillHeld(request))) return;', replace: '' },
  ],
  'the web process acknowledges a paste and writes it a moment later': [
    {
      file: route,
      find: '      const result = await credentials.submit({',
      replace:
        '      res.redirect(303, `/tenants/${tenant.id}/connection`);\n' +
        '      await new Promise((resolve) => setTimeout(resolve, 150));\n' +
        '      const result = await credentials.submit({',
    },
    {
      file: route,
      find: '      res.redirect(303, `/tenants/${tenant.id}/connection`);\n    });',
      replace: '    });',
    },
  ],
  'each statement is committed by itself': [
    {
      file: 'src/platform/database.ts',
      find: 'return await db.transaction((trx) => work(trx));',
      replace: 'return await work(db);',
    },
  ],
};

/** Defects that only show with several processes of one kind on one database. */
export const processPlants: Record<string, Patch[]> = {
  'a message is not claimed while it is sent': [
    {
      file: 'src/platform/outbox.ts',
      find: 'lease_until: iso(new Date(now.getTime() + LEASE_MS)),',
      replace: 'lease_until: iso(now),',
    },
  ],
  'each process counts only its own calls': [
    {
      file: 'src/ringcentral/auth-budget.ts',
      find: "scope === 'app' || tenantId === null ? clientId :",
      replace: "scope === 'app' || tenantId === null ? `${clientId}|${process.pid}` :",
    },
  ],
};
