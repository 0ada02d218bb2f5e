import type { ReadPeople } from '../accounts/people/people-directory.js';
import type { Capability } from '../app/capability.js';
import type { Foundation } from '../app/foundation.js';
import { activityRoutes } from './activity-routes.js';

type Given = {
  people: ReadPeople;
  /** The names of API keys by id. */
  keyNames: (ids: readonly string[]) => Promise<ReadonlyMap<string, string>>;
};

/** What a clinic sees of the audit: each use of its credential by the ISV's jobs, and each change. */
export function activityCapability({ runtime, brand }: Foundation, { people, keyNames }: Given) {
  const { db, world } = runtime;
  const { byIds, membersOf } = people(db);

  /** A person who is neither a member nor staff was a member once: no one else acts on a clinic. */
  async function peopleOf(tenantId: string, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const [found, members] = await Promise.all([byIds(ids), membersOf(tenantId)]);
    const memberIds = new Set(members.map(({ id }) => id));
    return new Map(
      [...found.values()]
        .filter(({ id, staffRole }) => memberIds.has(id) || staffRole === null)
        .map(({ id, name }) => [id, name]),
    );
  }

  const router = activityRoutes({ db, world, isvName: brand.name, peopleOf, keyNames });
  return {
    pages: () => ({
      mounts: [{ path: '/tenants/:tenantId/activity', access: 'member', needs: { 'get /': 'viewer' }, router }],
    }),
  } satisfies Capability;
}
