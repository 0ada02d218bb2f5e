import type { Knex } from '../../platform/database/database.js';
import type { Secret } from '../../platform/secret.js';
import type { World } from '../../platform/world.js';
import type { Environment } from '../../ringcentral/environments.js';
import type { TokenClient } from '../../ringcentral/clients/ringcentral-types.js';
import { doubtfulCauses } from '../health/causes.js';
import { connectionStore } from '../health/connection-store.js';
import { incidentStore } from '../health/incident-store.js';

const MANY = 3;
const TOGETHER_MS = 10 * 60_000;
/** All checks that wait for the control credential share one answer for this long. */
const REMEMBERED_MS = 60_000;

/** `not_needed`: there are few refusals, or the ISV has configured no control credential. */
export type Control = 'not_needed' | 'works' | 'refused' | 'unknown';

/** Whether RingCentral refuses many working credentials at once: then its refusals prove nothing about one of them. */
export async function areManyRefused(db: Knex, environment: Environment, now: Date): Promise<boolean> {
  if (await incidentStore(db).findOpen('rejections', environment)) return true;
  const since = new Date(now.getTime() - TOGETHER_MS);
  return (await connectionStore(db).newlyRejected(since, doubtfulCauses, MANY)) >= MANY;
}

type Deps = {
  world: Pick<World, 'now'>;
  mint: TokenClient['mint'];
  /** A JWT of the ISV's own account, for production; null if none is configured. */
  controlJwt: Secret | null;
};

/**
 * Many refusals at once are more likely one fault at RingCentral than many clinics that each changed something. So a
 * credential of the ISV's own, which no clinic can change, is tried before any of the refusals is believed.
 */
export const rejectionControl = ({ world, mint, controlJwt }: Deps) => {
  let last: { at: number; answer: Promise<Control> } | undefined;

  async function tryControl(): Promise<Control> {
    if (!controlJwt) return 'not_needed';
    const outcome = await mint({
      assertion: controlJwt,
      environment: 'production',
      endpointId: 'latchkey-control',
      lane: 'background',
      tenantId: null,
      maxWaitMs: 5000,
    });
    if (outcome.kind === 'accepted') return 'works';
    return outcome.kind === 'refused' ? 'refused' : 'unknown';
  }

  /**
   * Called before a refusal of a working credential is believed.
   *
   * @param always tries the control credential, if there is one, although few are refused
   */
  return async (db: Knex, environment: Environment, always = false): Promise<Control> => {
    if (!controlJwt || environment !== 'production') return 'not_needed';
    if (!always && !(await areManyRefused(db, environment, world.now()))) return 'not_needed';
    const now = world.now().getTime();
    if (!last || now - last.at >= REMEMBERED_MS) last = { at: now, answer: tryControl() };
    return last.answer;
  };
};

export type RejectionControl = ReturnType<typeof rejectionControl>;
