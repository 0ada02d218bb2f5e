import type { Knex } from '../platform/database/database.js';
import { connectionStore, type KnownState, type StateCursor } from './health/connection-store.js';

export type Recorded = StateCursor & Pick<KnownState, 'state' | 'cause'>;

/** @returns a function that tells what was last recorded of those of these tenants that are here */
export const lastRecorded =
  (db: Knex) =>
  async (ids: readonly string[]): Promise<Recorded[]> => {
    const found = await connectionStore(db).ofTenants([...ids]);
    return [...found.values()].flatMap(({ tenantId, known }) =>
      known ? [{ tenantId, state: known.state, cause: known.cause, since: known.since }] : [],
    );
  };
