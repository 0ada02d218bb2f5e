import type { Patch } from '../source-copy.js';

const ending = 'src/tokens/ending/ending-sessions.ts';
const delivery = 'src/webhooks/deliveries/delivery-worker.ts';
const service = 'src/disconnection/disconnection-service.ts';
/** Long enough for a kill. */
const A_WHILE = 'await new Promise((resolve) => setTimeout(resolve, 300));';

/** Defects that show only if a process is killed at the wrong time. */
export const lifePlants: Record<string, Patch[]> = {
  'the old JWT is given up before the new one is proved': [
    {
      file: 'src/connections/checks/check-runner.ts',
      find: 'const opened = await open(credential, environment, isCode);',
      replace:
        "if (credential.status === 'pending') await db('credentials').where({ tenant_id: tenantId, status: 'active' }).update({ status: 'retired' });\n    const opened = await open(credential, environment, isCode);",
    },
  ],
  'a revocation is forgotten after a kill': [
    {
      file: ending,
      find: '    const answer = await deps.ringcentral.revoke(',
      replace: `    await endingSessionStore(db).forTenant(tenantId).remove(id);\n    ${A_WHILE}\n    const answer = await deps.ringcentral.revoke(`,
    },
    { file: ending, find: 'if (!(await endingSessionStore(trx).forTenant(tenantId).remove(id))) return;', replace: '' },
  ],
  'a receipt is made before the revocation is answered': [
    { file: 'src/disconnection/result.ts', find: '!isRevoking && credentials', replace: 'credentials' },
    {
      file: ending,
      find: '    const answer = await deps.ringcentral.revoke(',
      replace:
        '    await new Promise((resolve) => setTimeout(resolve, 3000));\n    const answer = await deps.ringcentral.revoke(',
    },
  ],
  'a JWT is destroyed before the transaction of its audit row': [
    {
      file: service,
      find: '    destroyNow: (tenantId: string, id: string, asked: Asked): Promise<number> =>\n      inTenantLock(tenantId, async (',
      replace: `    destroyNow: async (tenantId: string, id: string, asked: Asked): Promise<number> => {\n      const [one] = (await disconnectionStore(db).forTenant(tenantId).find(id))?.credentials ?? [];\n      await db('sealed_secrets').where({ tenant_id: tenantId, row_id: one?.id }).delete();\n      ${A_WHILE}\n      return inTenantLock(tenantId, async (`,
    },
    { file: service, find: '        return count;\n      }),', replace: '        return count;\n      });\n    },' },
  ],
  'a clinic leaves before the transaction that ends its connection': [
    {
      file: 'src/offboarding/offboarding-service.ts',
      find: "await unit.disconnect(tenantId, { by: leavers[actor.kind] ?? 'operator', actor, ...(origin && { origin }) });",
      replace:
        "setTimeout(() => void transaction((later) => ends.disconnect(later, tenantId, { by: 'program', actor })).catch(() => undefined), 300);",
    },
  ],
  'a webhook counts as delivered before it is sent': [
    {
      file: delivery,
      find: '      const sentNow = await send(endpoint, delivery);\n      if (!sentNow || !(await settle(delivery, sentNow))) return;',
      replace: `      const done = { kind: 'answer', status: 204, ms: 0, excerpt: '', retryAfter: null } as const;\n      const goesOn = await settle(delivery, { at: world.now(), result: done });\n      ${A_WHILE}\n      await send(endpoint, delivery);\n      if (!goesOn) return;`,
    },
  ],
};
