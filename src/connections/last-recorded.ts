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

/** @returns a function that tells since when each of these tenants has been connected, of those that ever were */
export const connectedAtOf =
  (db: Knex) =>
  async (ids: readonly string[]): Promise<Map<string, Date>> => {
    const found = await connectionStore(db).ofTenants([...ids]);
    return new Map([...found].flatMap(([id, { connectedAt }]) => (connectedAt ? [[id, connectedAt] as const] : [])));
  };
