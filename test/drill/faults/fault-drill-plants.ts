import type { Method } from '../../faults/faulted-clinic.js';
import type { Place } from './fault-table.js';
import type { Patch } from '../source-copy.js';

/** A defect, and the trials of the fault table that detect it. */
export type FaultPlant = { patches: Patch[]; trials: [row: string, place: Place][]; method?: Method };

const classify = 'src/ringcentral/clients/classify-answer.ts';
const transport = 'src/ringcentral/clients/guarded-call.ts';
const decision = 'src/connections/checks/check-decision.ts';

/**
 * Defects that the drill must detect: a wrong class, a missed deadline, an early call, a stored secret, a lost paste.
 */
export const faultPlants: Record<string, FaultPlant> = {
  'an outage counts as a refusal': {
    patches: [{ file: classify, find: 'status >= 500 || status < 200', replace: 'status < 200' }],
    trials: [['500 with a code of no list', 'token']],
  },
  'any certificate is accepted': {
    patches: [{ file: transport, find: 'rejectUnauthorized: true', replace: 'rejectUnauthorized: false' }],
    trials: [['TLS: signed by itself', 'token']],
  },
  'TLS 1.1 is accepted': {
    patches: [
      { file: transport, find: "minVersion: 'TLSv1.2'", replace: "minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0'" },
    ],
    trials: [['TLS: 1.1 at the most', 'messages']],
  },
  'a slow body may exceed the deadline': {
    patches: [{ file: transport, find: 'world.wait(deadlineMs, done', replace: 'world.wait(deadlineMs * 4, done' }],
    trials: [['slow drip', 'token']],
  },
  'a token without a lifetime is accepted': {
    patches: [{ file: 'src/ringcentral/clients/token-answers.ts', find: 'expiresInSeconds >= 1 &&', replace: '' }],
    trials: [['expires_in 0', 'token']],
  },
  'the answer to a code or a refresh token is dropped if it names no lifetime': {
    patches: [
      {
        file: 'src/ringcentral/clients/token-answers.ts',
        find: 'readMintFor([], SHORTEST_SECONDS)',
        replace: 'readMintFor([])',
      },
    ],
    trials: [['expires_in missing', 'token']],
    method: 'authorization_code',
  },
  'Retry-After is not read': {
    patches: [{ file: 'src/platform/outbound/retry-after.ts', find: "header?.trim() ?? ''", replace: "''" }],
    trials: [['429, Retry-After two hours', 'token']],
  },
  'a penalty of one call does not delay another': {
    patches: [{ file: 'src/ringcentral/clients/api-client.ts', find: 'if (held) return held;', replace: '' }],
    trials: [['429, Retry-After seconds', 'messages']],
  },
  'a check is retried at once after an outage': {
    patches: [
      {
        file: 'src/connections/checks/schedule.ts',
        find: 'Math.max(checked.retryAfterMs ?? 0, at(waitsAfter(checked.verdict.cause), checked.inconclusiveStreak))',
        replace: '(checked.retryAfterMs ?? 0)',
      },
    ],
    trials: [['502', 'messages']],
  },
  'a rejected token is minted again three times': {
    patches: [
      {
        file: 'src/connections/proof/proof.ts',
        find: 'const second = await proveByMint(deps, subject);',
        replace: 'await proveByMint(deps, subject); const second = await proveByMint(deps, subject);',
      },
    ],
    trials: [['401', 'extension']],
  },
  'an outage destroys the paste': {
    patches: [
      {
        file: 'src/connections/checks/check-judgement.ts',
        find: "if (verdict.kind === 'accepted') return 'activated';",
        replace:
          "if (verdict.kind === 'accepted') return 'activated';\n  if (verdict.kind === 'inconclusive') return 'destroyed';",
      },
    ],
    trials: [['reset', 'token']],
  },
  'an outage makes a working connection fail': {
    patches: [
      {
        file: decision,
        find: "kind: 'serving_checked',\n          verdict,",
        replace:
          "kind: 'serving_checked', verdict: verdict.kind === 'inconclusive' ? { kind: 'refused', cause: 'permission_missing' } : verdict,",
      },
    ],
    trials: [['empty body', 'messages']],
  },
  'the request is stored with the answer': {
    patches: [
      {
        file: 'src/ringcentral/clients/api-client.ts',
        find: 'penalties.note(key, verdict);',
        replace: 'return { ...verdict, requestId: accessToken.reveal() };',
      },
    ],
    trials: [['cut JSON', 'extension']],
  },
};
