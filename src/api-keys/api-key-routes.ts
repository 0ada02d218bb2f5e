import { Router, type Request, type RequestHandler } from 'express';
import { z } from 'zod';
import type { AccountsInWeb } from '../accounts/accounts-pages.js';
import type { StaffMember } from '../accounts/people/account-types.js';
import type { Knex } from '../platform/database/database.js';
import { PortalError } from '../platform/errors.js';
import { seeOther, showPage } from '../platform/http/answers.js';
import { parseForm, readQuery, textField } from '../platform/http/forms.js';
import { portalRequests } from '../staff/portal-requests.js';
import type { World } from '../platform/world.js';
import type { ReadTenants } from '../tenants/tenant-reader.js';
import type { Tenant } from '../tenants/tenant-types.js';
import { apiKeyPage, apiKeysPage, apiKeysUrl, PAGE, shownKeyPage, type ApiKeyNotice } from './api-key-pages.js';
import type { ApiKeyService } from './api-key-service.js';
import { apiScopes, type ApiKey } from './api-key-types.js';
import { looksLikeKeyId, newKeyId } from './key-format.js';
import { newApiKeyPage, typedLike } from './new-api-key-page.js';

type Dependencies = {
  db: Knex;
  world: World;
  service: ApiKeyService;
  accounts: Pick<AccountsInWeb, 'requireStaffRole' | 'freshProofFor' | 'requireFreshProof'>;
  staff: () => Promise<StaffMember[]>;
  tenants: ReadTenants;
};
type ToKey = Request<{ keyId: string }>;

const MOST_WARNINGS = 10;
const newUrl = `${apiKeysUrl}/new`;
const checkbox = textField(30).optional();
const newForm = z.object({
  id: z.string().refine(looksLikeKeyId),
  name: textField(1000).default(''),
  purpose: textField(1000).default(''),
  ...Object.fromEntries(apiScopes.map((scope) => [scope, checkbox])),
  reach: z.enum(['all', 'some']).default('all'),
  refs: textField(60_000).default(''),
  expires: textField(100).default(''),
});
const noFields = z.object({});
const listQuery = z.object({
  ended: z.literal('1').optional(),
  before: z
    .string()
    .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z [0-9A-Za-z]{10}$/)
    .optional(),
});
const notices: readonly ApiKeyNotice[] = ['revoked', 'repeated'];
const readNotice = (value: unknown) => notices.find((notice) => notice === value);

/**
 * `/staff/api-keys`: the keys of programs. Every member of staff may read; administrators change, with a fresh second
 * factor.
 */
export function apiKeyRoutes({ db, world, service, accounts, staff, tenants }: Dependencies): Router {
  const administrators = accounts.requireStaffRole('administrator');
  /** The form is on a page without this check, to which the person returns. */
  const freshForKey: RequestHandler<{ keyId: string }> = (req, res, next) => {
    accounts.freshProofFor(`${apiKeysUrl}/${encodeURIComponent(req.params.keyId)}`)(req, res, next);
  };

  const { byOf, mayChange, factsOf, viewed } = portalRequests({ db, world }, 'api_keys.viewed_by_staff');
  const makersOf = async () => new Map((await staff()).map((member) => [member.id, member]));

  async function keyOf({ params: { keyId } }: ToKey): Promise<ApiKey> {
    const key = looksLikeKeyId(keyId) ? await service.find(keyId) : undefined;
    if (!key) throw new PortalError('not_found');
    return key;
  }

  async function clinicsOf({ tenantIds }: ApiKey): Promise<Tenant[]> {
    const found = await Promise.all((tenantIds ?? []).map((id) => tenants(db).find(id)));
    return found.filter((tenant) => tenant !== undefined);
  }

  return Router()
    .get('/', async (req, res) => {
      const { ended, before } = readQuery(listQuery, req.query);
      const [at = '', id = ''] = before?.split(' ') ?? [];
      const which = ended ? 'ended' : 'current';
      const found = await service.page(
        which,
        PAGE + 1,
        before === undefined ? undefined : { madeAt: new Date(at), id },
      );
      await viewed(req, res);
      const list = {
        keys: found.slice(0, PAGE),
        more: found.length > PAGE,
        which,
        repeated: await service.ofRepeatedLinks(MOST_WARNINGS),
        makers: await makersOf(),
        mayChange: mayChange(req),
      } as const;
      showPage(res, 'api-keys/list', apiKeysPage(list, factsOf(res), readNotice(req.query.notice)));
    })
    .get('/new', administrators, accounts.requireFreshProof, async (req, res) => {
      const like = typeof req.query.like === 'string' && looksLikeKeyId(req.query.like) ? req.query.like : undefined;
      const first = like === undefined ? undefined : await service.find(like);
      const refs = first ? (await clinicsOf(first)).map(({ externalRef }) => externalRef) : [];
      const typed = first && typedLike(first, refs);
      showPage(res, 'api-keys/new', newApiKeyPage(res.locals.t, newKeyId(world), typed));
    })
    .post('/', administrators, accounts.freshProofFor(newUrl), async (req, res) => {
      const { id, name, purpose, reach, refs, expires, ...sent } = parseForm(newForm, req.body);
      const scopes = apiScopes.filter((scope) => (sent as Record<string, unknown>)[scope] !== undefined);
      const tenantRefs = reach === 'all' ? null : refs.split(/\r?\n/);
      const made = await service.make({ name, purpose, scopes, tenantRefs, expires }, byOf(req, res), id);
      if (made.ok) return showPage(res, 'api-keys/made', shownKeyPage(made.key, res.locals.t, true));
      if ('repeated' in made) return seeOther(res, `${apiKeysUrl}?notice=repeated`);
      const typed = { name, purpose, scopes, reach, refs, expires };
      return showPage(res.status(422), 'api-keys/new', newApiKeyPage(res.locals.t, id, typed, made.problems));
    })
    .get('/:keyId', async (req: ToKey, res) => {
      const key = await keyOf(req);
      await viewed(req, res, key.id);
      const shown = {
        makers: await makersOf(),
        clinics: await clinicsOf(key),
        mayChange: mayChange(req),
        notice: readNotice(req.query.notice),
      };
      showPage(res, 'api-keys/one', apiKeyPage(key, shown, factsOf(res)));
    })
    .post('/:keyId/revocation', administrators, freshForKey, async (req: ToKey, res) => {
      parseForm(noFields, req.body);
      const { id } = await keyOf(req);
      const isRevoked = await service.revoke(id, byOf(req, res));
      seeOther(res, `${apiKeysUrl}/${id}${isRevoked ? '?notice=revoked' : ''}`);
    });
}
