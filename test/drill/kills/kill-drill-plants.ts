import type { Patch } from '../source-copy.js';

const route = 'src/credentials/credential-routes.ts';
const runner = 'src/connections/checks/check-runner.ts';

/** Defects that lose or split a submission only if a process dies at the wrong time. */
export const killPlants: Record<string, Patch[]> = {
  'the worker takes the request off the queue before its verdict is written': [
    {
      file: runner,
      find: '    const startedAt = world.now();',
      replace:
        '    await checkQueue(db, world).forTenant(tenantId).finish(request.id);\n    const startedAt = world.now();',
    },
    { file: runner, find: '    if (!(await queue.stillLeased(request))) return;', replace: '' },
  ],
  'the web process acknowledges a paste and writes it a moment later': [
    {
      file: route,
      find: '      const result = await credentials.submit({',
      replace:
        '      seeOther(res, journey.paths.result);\n' +
        '      await new Promise((resolve) => setTimeout(resolve, 150));\n' +
        '      const result = await credentials.submit({',
    },
    {
      file: route,
      find: '      seeOther(res, journey.paths.result);\n    });',
      replace: '    });',
    },
  ],
  'each statement is committed separately': [
    {
      file: 'src/platform/database/database.ts',
      find: 'return await db.transaction((trx) => work(trx));',
      replace: 'return await work(db);',
    },
  ],
};

/** Defects that need several processes of one kind on one database. */
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
      file: 'src/ringcentral/auth-budget/auth-budget.ts',
      find: "scope === 'app' || tenantId === null ? clientId :",
      replace: "scope === 'app' || tenantId === null ? `${clientId}|${process.pid}` :",
    },
  ],
};

const queue = 'src/connections/checks/check-queue.ts';
const worker = 'src/connections/checks/check-worker.ts';
const outbox = 'src/platform/outbox.ts';

/** Defects that lose or duplicate a check, an event or a mail when a worker dies. */
export const workerPlants: Record<string, Patch[]> = {
  'an event is recorded after the transaction of its change': [
    {
      file: 'src/notifications/notifications-capability.ts',
      find: '(trx, event) => eventStore(trx, world).append(event);',
      replace:
        "(_trx, event) => { setTimeout(() => void eventStore(runtime.db, world).append(event).catch(() => undefined), 50); return Promise.resolve(''); };",
    },
  ],
  'a claim is not renewed while the check is made': [
    { file: worker, find: '!(await queue.renewLease(request, deps.leaseMs))', replace: 'deps.leaseMs > 0' },
  ],
  'a leased check is claimed again': [
    {
      file: queue,
      find: ".andWhere('due_at', '<=', iso(now))\n      .andWhere(unleased(now))",
      replace:
        ".andWhere('due_at', '<=', iso(now)).andWhere((free) => void free.whereNull('lease_until').orWhereNotNull('lease_until'))",
    },
  ],
  'a worker that lost its claim still writes its answer': [
    { file: worker, find: '!(await queue.renewLease(request, deps.leaseMs))', replace: 'deps.leaseMs > 0' },
    { file: runner, find: '    if (!(await queue.stillLeased(request))) return;', replace: '' },
  ],
  'a check leaves the queue before it is written': [
    {
      file: runner,
      find: '    const startedAt = world.now();',
      replace:
        '    await checkQueue(db, world).forTenant(tenantId).finish(request.id);\n    const startedAt = world.now();',
    },
    { file: runner, find: '    if (!(await queue.stillLeased(request))) return;', replace: '' },
  ],
  'a message leaves the outbox before it is delivered': [
    {
      file: outbox,
      find: 'await settle(row, await attempt(row, deliver));',
      replace: "await settle(row, { kind: 'delivered' });\n        await attempt(row, deliver);",
    },
  ],
  'each attempt at a mail has its own ID': [
    { file: 'src/notifications/mail-delivery.ts', find: '`<${item.id}@', replace: '`<${item.id}-${item.attempts}@' },
  ],
};
