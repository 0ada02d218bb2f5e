import type { Patch } from '../source-copy.js';

const decision = 'src/connections/death-checks/death-decision.ts';
const runner = 'src/connections/death-checks/death-check-runner.ts';

/** What the crashes must detect. */
export const replacePlants: Record<string, Patch[]> = {
  'one refusal proves that a JWT is dead': [
    { file: decision, find: 'return asked.isLocal === true ||', replace: 'return true ||' },
  ],
  'a refusal for another reason proves that a JWT is dead': [
    {
      file: decision,
      find: 'if (!provingCauses.includes(cause)) return { ...unclear,',
      replace: 'if (cause === undefined) return { ...unclear,',
    },
    { file: decision, find: '|| !provingCauses.includes(asked.cause)', replace: '' },
  ],
  'the session of a death check goes on': [
    {
      file: runner,
      find: "if (minted.kind === 'minted') await deps.tokens.endOrKeep(place, minted.session);",
      replace: '',
    },
  ],
  'the next death check is lost': [{ file: runner, find: 'if (next) await mine.add(', replace: 'if (next) void (' }],
  'the old JWT is destroyed by the replacement': [
    { file: 'src/credentials/ending/end-credential.ts', find: "credential?.method !== 'jwt'", replace: 'credential' },
  ],
  'two JWTs are in use after a replacement': [
    {
      file: 'src/credentials/ending/activate-credential.ts',
      find: "if (serving) await retireCredential(deps)(trx, tenantId, serving.id, 'replaced');",
      replace: "if (serving) await trx.raw('drop index if exists credentials_one_active');",
    },
  ],
  'the swap is several transactions': [
    {
      file: 'src/platform/database/database.ts',
      find: 'return await db.transaction((trx) => work(trx));',
      replace: 'return await work(db);',
    },
  ],
  'a job gets a token of a retired JWT': [
    {
      file: 'src/credentials/credential-store.ts',
      find: `andWhereRaw("status = 'active'")`,
      replace: `andWhereRaw("status in ('active', 'retired')")`,
    },
  ],
};

/** What the replacements under load must detect. */
export const replaceLoadPlants: Record<string, Patch[]> = {
  'the old JWT is given up before the new one is proved': [
    {
      file: 'src/connections/checks/check-runner.ts',
      find: 'const opened = await open(credential, environment, isCode);',
      replace:
        "if (credential.status === 'pending') await db('credentials').where({ tenant_id: tenantId, status: 'active' }).update({ status: 'retired' });\n    const opened = await open(credential, environment, isCode);",
    },
  ],
};
