import type { Patch } from '../source-copy.js';

const rotation = 'src/tokens/refresh/rotation.ts';
const store = 'src/tokens/refresh/refresh-token-store.ts';
const step = 'src/tokens/refresh/next-rotation-step.ts';

export const rotationPlants: Record<string, Patch[]> = {
  'two processes refresh a token at once': [
    { file: step, find: 'attempt?.by != null && attempt.until', replace: 'attempt?.by === null && attempt.until' },
    {
      file: store,
      find: ".andWhere((free) => free.whereNull('attempt_id').orWhere('leased_until', '<=', iso(now)))",
      replace: '',
    },
  ],
  'the new refresh token is stored after the access token was used': [
    {
      file: rotation,
      find: 'const became = await',
      replace: 'await (ringcentral as any).identity(session);\n    const became = await',
    },
  ],
  'the old refresh token is dropped before the new one is stored': [
    {
      file: rotation,
      find: 'const withdrawn = await unit.accessTokens.withdrawOf(credentialId);',
      replace:
        "const withdrawn = await unit.accessTokens.withdrawOf(credentialId);\n      await unit.putRefreshToken(credentialId, { jwe: '{}', kid: '' }, at);",
    },
  ],
  'a late answer is written back': [
    {
      file: store,
      find: 'mine().where({ credential_id: credentialId, version, attempt_id: attemptId });',
      replace: 'mine().where({ credential_id: credentialId });',
    },
  ],
  'a job is given the access token of before while a refresh has no answer': [
    {
      file: rotation,
      find: 'const withdrawn = await unit.accessTokens.withdrawOf(credentialId);',
      replace: 'const withdrawn: { id: string; servesUntil: Date }[] = [];',
    },
  ],
  'the attempt is not written before the request': [
    {
      file: store,
      find: "attempted_at: db.raw('coalesce(attempted_at, ?)', [iso(now)]) as unknown as string,",
      replace: '',
    },
  ],
};

/** Those that lose a sign-in, or the reason why one was lost, if a process is killed. */
export const rotationKillPlants: Record<string, Patch[]> = Object.fromEntries(
  [
    'the old refresh token is dropped before the new one is stored',
    'the attempt is not written before the request',
  ].map((name) => [name, rotationPlants[name] ?? []]),
);
