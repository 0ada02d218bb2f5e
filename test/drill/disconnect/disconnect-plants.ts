import type { Patch } from '../source-copy.js';
import { everyJwtRefused, staffUndo } from './disconnect-scenarios.js';

const result = 'src/disconnection/result.ts';
const ending = 'src/tokens/ending/ending-sessions.ts';
const signIns = 'src/tokens/refresh/ended-sign-ins.ts';
const service = 'src/disconnection/disconnection-service.ts';
const offboarding = 'src/offboarding/offboarding-service.ts';
const endsMails = 'await endMessages(tenantId, at); // what waits says that it has left';

/** A defect, and the scenario of the drill in which it shows. */
export type DisconnectPlant = { patches: Patch[]; only: string };

const inSessions = 'sessions of a JWT are revoked';
const inSignIn = 'the session of a sign-in is revoked';

export const disconnectPlants: Record<string, DisconnectPlant> = {
  'a receipt is made before the revocation is answered': {
    patches: [{ file: result, find: '!isRevoking && credentials', replace: 'credentials' }],
    only: inSignIn,
  },
  'a receipt says of each destroyed JWT that it is dead': {
    patches: [
      {
        file: result,
        find: "isRefusedAgain(credential.retirement) ? 'refused' : 'not_proved_dead'",
        replace: "isRefusedAgain(credential.retirement) ? 'refused' : 'proved_dead'",
      },
    ],
    only: 'the week of a JWT is over',
  },
  'refusals alone prove that a JWT is dead': {
    patches: [
      {
        file: 'src/connections/death-checks/app-witness.ts',
        find: ": { kind: 'not_shown' };",
        replace: ": { kind: 'works', at: world.now() };",
      },
    ],
    only: everyJwtRefused,
  },
  'a revocation is forgotten after a crash': {
    patches: [
      {
        file: ending,
        find: '    const answer = await deps.ringcentral.revoke(',
        replace:
          '    await endingSessionStore(db).forTenant(tenantId).remove(id);\n    const answer = await deps.ringcentral.revoke(',
      },
      {
        file: ending,
        find: 'if (!(await endingSessionStore(trx).forTenant(tenantId).remove(id))) return;',
        replace: '',
      },
    ],
    only: inSessions,
  },
  'a session counts as revoked before RingCentral has answered': {
    patches: [
      {
        file: ending,
        find: '      const became = await end(session)',
        replace:
          "      await inTenantLock(tenantId, ({ over }) => over(session, 'revoked'));\n      const became = await end(session)",
      },
    ],
    only: inSessions,
  },
  'a refresh token is destroyed before its session is revoked': {
    patches: [
      {
        file: signIns,
        find: "    const place = { lane: 'background', tenantId, maxWaitMs: 0 } as const;",
        replace:
          "    const place = { lane: 'background', tenantId, maxWaitMs: 0 } as const;\n    await vault.remove(db, tenantId, credentialId);",
      },
    ],
    only: inSignIn,
  },
  'a JWT is destroyed before the transaction of its audit row': {
    patches: [
      {
        file: service,
        find: '    destroyNow: (tenantId: string, id: string, asked: Asked): Promise<number> =>\n      inTenantLock(tenantId, async (',
        replace:
          "    destroyNow: async (tenantId: string, id: string, asked: Asked): Promise<number> => {\n      const [one] = (await disconnectionStore(db).forTenant(tenantId).find(id))?.credentials ?? [];\n      await db('sealed_secrets').where({ tenant_id: tenantId, row_id: one?.id }).delete();\n      return inTenantLock(tenantId, async (",
      },
      { file: service, find: '        return count;\n      }),', replace: '        return count;\n      });\n    },' },
    ],
    only: 'a person wants the JWT destroyed now',
  },
  'the emails of an offboarding are sent after it is undone': {
    patches: [{ file: offboarding, find: endsMails, replace: '' }],
    only: staffUndo,
  },
  'the emails of an offboarding end after its undoing, in another transaction': {
    patches: [
      {
        file: offboarding,
        find: endsMails,
        replace: 'setTimeout(() => void ends.endMessages(db, tenantId, at).catch(() => undefined));',
      },
    ],
    only: staffUndo,
  },
  'each statement is committed separately': {
    patches: [
      {
        file: 'src/platform/database/database.ts',
        find: 'return await db.transaction((trx) => work(trx));',
        replace: 'return await work(db);',
      },
    ],
    only: 'an owner disconnects a JWT',
  },
};
