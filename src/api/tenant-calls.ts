import { z } from 'zod';
import { apiRoute, type ApiCaller, type ApiRoute } from '../app/capability.js';
import { Problem } from '../app/problem.js';
import type { Actor } from '../audit/audit-events.js';
import { auditStore } from '../audit/audit-store.js';
import { causes, type Cause } from '../connections/health/causes.js';
import { shownStates } from '../connections/health/health.js';
import type { ConnectionService } from '../connections/connection-service.js';
import type { Knex } from '../platform/database/database.js';
import type { World } from '../platform/world.js';
import { LONGEST_NAME, LONGEST_REF, type TenantService } from '../tenants/tenant-service.js';
import { environments, type Tenant, type TenantProblem } from '../tenants/tenant-types.js';
import { languages } from '../texts/languages.js';
import { tenantAnswer, tenantAnswerOf, tenantListAnswer } from './answers.js';
import type { Idempotency } from './idempotency.js';
import { tenantList } from './tenant-list.js';

export type CallDeps = {
  db: Knex;
  world: Pick<World, 'now' | 'newId'>;
  tenants: TenantService;
  connections: ConnectionService;
};

export const actorOfKey = ({ keyId }: ApiCaller): Actor => ({ kind: 'api_key', id: keyId });

const MOST_FAX_EXTENSIONS = 1000;
const name = z.string().min(1).max(LONGEST_NAME);
const externalRef = z.string().min(1).max(LONGEST_REF).describe("The ISV's own id for the clinic; unique");
const language = z.enum(languages);
const timeZone = z.string().max(100).describe('A name of the IANA time zone database; default: UTC');

const listQuery = z.strictObject({
  state: z.enum(shownStates).optional(),
  cause: z.enum(Object.keys(causes) as [Cause, ...Cause[]]).optional(),
  cursor: z.string().max(2000).optional().describe('`next_cursor` of the page before'),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});
const newTenant = z.strictObject({
  name,
  external_ref: externalRef,
  environment: z.enum(environments as ['production', 'biz']).optional(),
  language: language.optional(),
  time_zone: timeZone.optional(),
});
const changes = z.strictObject({
  name: name.optional(),
  external_ref: externalRef.optional(),
  language: language.optional(),
  time_zone: timeZone.optional(),
  fax_extensions: z
    .array(z.string().max(100))
    .max(MOST_FAX_EXTENSIONS)
    .optional()
    .describe('The ids of the extensions whose faxes are read, out of those that the portal has found'),
});

/** `/tenants` and `/tenants/{tenant}`. */
export function tenantCalls(deps: CallDeps, idempotency: Idempotency): ApiRoute[] {
  const { db, world, tenants, connections } = deps;
  const pageOf = tenantList(deps);

  async function answerOf(id: string) {
    const tenant = await tenants.find(id);
    if (!tenant) throw new Problem(404); // offboarded meanwhile
    return { body: tenantAnswerOf(tenant, (await connections.shownOf([tenant])).get(id)) };
  }

  return [
    apiRoute({
      method: 'get',
      path: '/tenants',
      scope: 'tenants:read',
      summary: 'List the clinics',
      query: listQuery,
      response: tenantListAnswer,
      handler: async ({ caller, query, origin }) => {
        const { tenants: found, shown, next } = await pageOf(query, caller.tenantIds);
        const event = { action: 'tenant.list_read_by_key', actor: actorOfKey(caller), outcome: 'ok', origin } as const;
        await auditStore(db, world).append({ ...event, detail: { count: found.length } });
        return { body: { tenants: found.map((one) => tenantAnswerOf(one, shown.get(one.id))), next_cursor: next } };
      },
    }),
    apiRoute({
      method: 'post',
      path: '/tenants',
      scope: 'tenants:write',
      summary: 'Add a clinic',
      request: newTenant,
      response: tenantAnswer,
      responseStatus: 201,
      idempotent: true,
      problems: {
        403: ['all_tenants_required'],
        409: ['external_ref_in_use', 'idempotency_key_in_use'],
        422: ['idempotency_key_reused'],
      },
      handler: (request) => {
        const { caller, body, origin } = request;
        requireAllTenants(caller);
        return idempotency(request, 'POST /tenants', async (save) => {
          const asked = { ...body, externalRef: body.external_ref, timeZone: body.time_zone };
          const answered = (tenant: Tenant) => ({
            headers: { Location: `/api/v1/tenants/${tenant.id}` },
            body: tenantAnswerOf(tenant),
          });
          const created = await tenants.create(asked, actorOfKey(caller), origin, (trx, tenant) =>
            save(trx, answered(tenant)),
          );
          if (!created.ok) throw problemOf(created.problems);
          return answered(created.tenant);
        });
      },
    }),
    apiRoute({
      method: 'get',
      path: '/tenants/{tenant}',
      scope: 'tenants:read',
      summary: 'Get a clinic',
      response: tenantAnswer,
      handler: ({ params }) => answerOf(params.tenant ?? ''),
    }),
    apiRoute({
      method: 'patch',
      path: '/tenants/{tenant}',
      scope: 'tenants:write',
      summary: 'Change a clinic',
      request: changes,
      response: tenantAnswer,
      problems: { 403: ['all_tenants_required'], 409: ['external_ref_in_use'] },
      handler: async ({ caller, params, body, origin }) => {
        const id = params.tenant ?? '';
        const { fax_extensions: extensions, external_ref: ref, time_zone: zone, ...others } = body;
        if (ref !== undefined) requireAllTenants(caller); // a conflict would tell that another clinic has it
        const change = { ...others, externalRef: ref, timeZone: zone };
        const by = { keyId: caller.keyId, personId: null };
        const changed = await tenants.change(id, change, actorOfKey(caller), origin, async (trx) => {
          if (!extensions) return;
          await requireKnown(trx, extensions, id);
          await connections.chooseFaxLinesWithin(trx, id, extensions, by, origin);
        });
        if (!changed.ok) throw problemOf(changed.problems);
        if (extensions) connections.wakeWorker();
        return answerOf(id);
      },
    }),
  ];

  async function requireKnown(trx: Knex, extensions: readonly string[], tenantId: string): Promise<void> {
    const known = await connections.faxLinesOf(trx, tenantId);
    const errors = extensions.flatMap((id, n) =>
      known.has(id) ? [] : [{ pointer: `/fax_extensions/${n}`, code: 'unknown_extension' }],
    );
    if (errors.length > 0) throw new Problem(422, { errors });
  }
}

/** Only a key for every tenant may learn whether a reference is in use, and see the tenant that it adds. */
function requireAllTenants({ tenantIds }: ApiCaller): void {
  if (tenantIds !== null) throw new Problem(403, { cause: 'all_tenants_required' });
}

const members = {
  name: 'name',
  externalRef: 'external_ref',
  environment: 'environment',
  language: 'language',
  timeZone: 'time_zone',
} as const satisfies Record<TenantProblem['field'], string>;

function problemOf(problems: readonly TenantProblem[]): Problem {
  const errors = problems.map(({ field, code }) => ({ pointer: `/${members[field]}`, code }));
  const [first] = problems;
  return problems.length === 1 && first?.code === 'duplicate'
    ? new Problem(409, { cause: 'external_ref_in_use', errors })
    : new Problem(422, { errors });
}
