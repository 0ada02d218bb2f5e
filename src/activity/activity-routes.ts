import { Router } from 'express';
import { z } from 'zod';
import { auditStore } from '../audit/audit-store.js';
import type { Knex } from '../platform/database/database.js';
import { PortalError } from '../platform/errors.js';
import { readQuery } from '../platform/http/forms.js';
import type { World } from '../platform/world.js';
import { memberPaths } from '../tenants/journey.js';
import { entriesOf, shownActions } from './activity-entries.js';
import { activityPage } from './activity-page.js';

type Deps = {
  db: Knex;
  world: Pick<World, 'now' | 'newId'>;
  isvName: string;
  /** The names of the people of a clinic among these, also of former ones; none of staff. */
  peopleOf: (tenantId: string, ids: readonly string[]) => Promise<ReadonlyMap<string, string>>;
  keyNames: (ids: readonly string[]) => Promise<ReadonlyMap<string, string>>;
};

const MOST_ENTRIES = 50;
/** How many audit rows one page reads, so that a busy hour does not make it slow. */
const MOST_ROWS = 5000;

/** The id of the last row of the previous page. */
const query = z.object({ before: z.string().max(64).optional() });

/** `/tenants/:tenantId/activity`: each use of the clinic's credential, and each change. */
export function activityRoutes({ db, world, isvName, peopleOf, keyNames }: Deps): Router {
  return Router({ mergeParams: true }).get('/', async (req, res) => {
    const { tenant, t } = res.locals;
    if (!tenant) throw new PortalError('not_found');
    const { before } = readQuery(query, req.query);
    const audit = auditStore(db, world).forTenant(tenant.id);
    const seq = before === undefined ? undefined : await audit.seqOf(before);
    if (before !== undefined && seq === undefined) throw new PortalError('bad_request');
    const rows = await audit.newestOf(shownActions, MOST_ROWS, seq);
    const { entries, next } = entriesOf(rows, MOST_ENTRIES);
    const changes = entries.filter((one) => one.kind === 'change');
    const actors = (isKey: boolean) =>
      changes.flatMap(({ actorKind, actorId }) => ((actorKind === 'api_key') === isKey ? (actorId ?? []) : []));
    const users = entries.flatMap((one) => (one.kind === 'use' ? (one.keyId ?? []) : []));
    const [people, keys] = await Promise.all([
      peopleOf(tenant.id, [...new Set(actors(false))]),
      keyNames([...new Set([...users, ...actors(true)])]),
    ]);
    const isFull = rows.length === MOST_ROWS;
    const found = {
      entries,
      next: next ?? (isFull ? (rows.at(-1)?.id ?? null) : null),
      isPaged: before !== undefined,
      people,
      keys,
    };
    const clock = { now: world.now(), timeZone: tenant.timeZone, language: t.common.lang };
    const url = memberPaths(tenant.id).activity;
    const page = activityPage(found, { t, clock, tenantName: tenant.name, isvName, url });
    res.render('activity/show', { page });
  });
}
