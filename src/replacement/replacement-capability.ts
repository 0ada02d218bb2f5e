import type { ReadPeople } from '../accounts/people/people-directory.js';
import type { Capability } from '../app/capability.js';
import type { Foundation } from '../app/foundation.js';
import { replacementRoutes, type ReplacementRoutesDeps } from './replacement-routes.js';

type Given = Pick<ReplacementRoutesDeps, 'connections' | 'submit' | 'poke'> & { people: ReadPeople };

/** The page on which a clinic replaces what it is connected by. */
export function replacementCapability({ runtime, isv }: Foundation, { people, ...given }: Given) {
  const { db, world } = runtime;
  const router = replacementRoutes({
    ...given,
    isvFor: isv.factsFor,
    signInAppFor: isv.signInAppFor,
    memberNames: async (tenantId) => new Map((await people(db).membersOf(tenantId)).map(({ id, name }) => [id, name])),
    now: world.now,
  });
  return {
    pages: () => ({
      mounts: [
        {
          path: '/tenants/:tenantId/replacement',
          access: 'member',
          needs: { 'get /': 'member', 'post /': 'member' },
          router,
        },
      ],
    }),
  } satisfies Capability;
}
