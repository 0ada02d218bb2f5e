import type { World } from '../../platform/world.js';
import type { Refused } from '../catalogue/outcome.js';

const NO_PLAN = 'CMN-303'; // "API plan cannot be resolved"
const CALLS = 3;
const LASTS_MS = 15 * 60_000;

type Verdict = { kind: string; codes?: string[]; status?: number | null; requestId?: string | null };

/**
 * RingCentral answers CMN-303 as if calls came too fast. If three calls over at least 15 minutes are answered so, and
 * none otherwise, our app is misconfigured: it has no API plan. Remembered in this process only.
 *
 * @returns a function that passes on what the calls of one app mean
 */
export function apiPlanWatch(world: Pick<World, 'now'>) {
  let since = 0;
  let calls = 0;
  return <V extends Verdict>(verdict: V): V | Refused => {
    const { codes = [], status = null, requestId = null } = verdict;
    if (status === null && verdict.kind !== 'accepted') return verdict; // RingCentral did not answer
    if (!codes.includes(NO_PLAN)) {
      if (verdict.kind !== 'inconclusive') calls = 0;
      return verdict;
    }
    const now = world.now().getTime();
    if (calls === 0) since = now;
    calls += 1;
    if (calls < CALLS || now - since < LASTS_MS) return verdict;
    return { kind: 'refused', cause: 'app_misconfigured', codes, status: status ?? 429, requestId };
  };
}
