import { looksLikeToken, newToken } from '../accounts/people/secret-tokens.js';
import type { Actor, Origin } from '../audit/audit-events.js';
import { auditStore } from '../audit/audit-store.js';
import type { Knex, Transaction } from '../platform/database/database.js';
import { boundTo, inTransaction } from '../platform/database/lock.js';
import { Secret } from '../platform/secret.js';
import type { World } from '../platform/world.js';
import { requireAllHere } from '../tenants/require-here.js';
import type { ReadTenants } from '../tenants/tenant-reader.js';
import type { ApiKeyMails } from './api-key-mails.js';
import { apiKeyStore } from './api-key-store.js';
import { stateOf, type ApiKey, type ApiKeyCursor } from './api-key-types.js';
import { newKey, newKeyId } from './key-format.js';
import { readApiKey, type ApiKeyProblem, type AskedApiKey, type ReadApiKey } from './new-api-key.js';

const MINUTE_MS = 60_000;
/** A link lives at most a week. */
export const LONGEST_LINK_MINUTES = 7 * 24 * 60;
/** Each repeated use of a link counts, but only so many leave an audit row: the holder of the link could fill it. */
const MOST_REPEATS_AUDITED = 10;

export type By = { actor: Actor; origin?: Origin | undefined };

export type Made =
  | { ok: true; key: Secret; made: ApiKey }
  | { ok: false; problems: ApiKeyProblem[] }
  /** The form was sent before; its key has been shown. */
  | { ok: false; repeated: true };
export type MadeLink =
  { ok: true; url: Secret; id: string; expiresAt: Date } | { ok: false; problems: ApiKeyProblem[] };

/** What a link leads to. `absent`: there is no such link. */
export type Claim =
  | { kind: 'open'; key: ApiKey; until: Date }
  | { kind: 'used' | 'expired' | 'revoked'; key: ApiKey }
  | { kind: 'absent' };

type Deps = {
  db: Knex;
  transaction: Transaction;
  world: World;
  publicUrl: string;
  tenants: ReadTenants;
  mails: ApiKeyMails;
};

/** The keys of programs. Of a key, the database has the public part and a hash of the rest. */
export function apiKeyService({ db, transaction, world, publicUrl, tenants, mails }: Deps) {
  const inUnit = inTransaction(transaction, (trx) => ({
    keys: apiKeyStore(trx),
    audit: auditStore(trx, world),
    tenants: tenants(trx),
    requireAllHere: (ids: readonly string[] | null) => requireAllHere(trx, ids ?? []),
    ...boundTo(trx, mails),
  }));

  /** The ids of these tenants, or the first reference that no tenant has. */
  async function tenantIdsOf({ tenantRefs }: ReadApiKey): Promise<string[] | null | { unknown: string }> {
    if (tenantRefs === null) return null;
    const ids: string[] = [];
    for (const ref of tenantRefs) {
      const tenant = await tenants(db).findByRef(ref);
      if (!tenant) return { unknown: ref };
      ids.push(tenant.id);
    }
    return ids;
  }

  /** @returns what is stored of the requested key, or what is wrong with it */
  async function prepare(asked: AskedApiKey, id: string, { actor }: By): Promise<ApiKey | ApiKeyProblem[]> {
    const read = readApiKey(asked, world.now());
    if (Array.isArray(read)) return read;
    const tenantIds = await tenantIdsOf(read);
    if (tenantIds && 'unknown' in tenantIds) return [{ field: 'tenants', code: 'unknown', ref: tenantIds.unknown }];
    const { name, purpose, scopes, expiresAt } = read;
    const madeBy = actor.kind === 'person' ? actor.id : null;
    const key = { id, name, purpose, scopes, tenantIds, madeBy, madeAt: world.now(), expiresAt };
    return { ...key, linkExpiresAt: null, linkRepeats: 0, revokedAt: null, lastUsedAt: null };
  }

  const detailOf = ({ scopes, tenantIds, expiresAt }: ApiKey) => ({
    scopes: scopes.join(' '),
    tenants: tenantIds?.length ?? 'all',
    expires: expiresAt?.toISOString() ?? null,
  });

  async function look(token: string): Promise<Claim> {
    const key = looksLikeToken(token) ? await apiKeyStore(db).findByLink(token) : undefined;
    if (!key) return { kind: 'absent' };
    const state = stateOf(key, world.now());
    if (state === 'waiting' && key.linkExpiresAt) return { kind: 'open', key, until: key.linkExpiresAt };
    if (state === 'revoked') return { kind: 'revoked', key };
    return { kind: key.linkExpiresAt ? 'expired' : 'used', key };
  }

  /**
   * A link that made its key is used again: another person may have the key. Administrators are told the first time,
   * unless they have revoked it.
   */
  async function noteRepeat(claim: Claim, origin: Origin): Promise<void> {
    if (claim.kind !== 'used' && claim.kind !== 'revoked') return;
    const { key } = claim;
    if (key.linkExpiresAt) return; // revoked before its link was used
    await inUnit(async ({ keys, audit, linkRepeated }) => {
      const repeats = await keys.countRepeat(key.id);
      if (repeats > MOST_REPEATS_AUDITED) return;
      const by: By = { actor: { kind: 'nobody' }, origin };
      const detail = { repeats };
      await audit.append({ action: 'api_key.link_repeated', target: key.id, outcome: 'refused', detail, ...by });
      if (repeats === 1 && !key.revokedAt) await linkRepeated(key);
    });
  }

  return {
    /**
     * Makes a key, which only the caller sees.
     *
     * @param id the public part that the form had, so that a form sent twice makes one key
     */
    async make(asked: AskedApiKey, by: By, id = newKeyId(world)): Promise<Made> {
      const made = await prepare(asked, id, by);
      if (Array.isArray(made)) return { ok: false, problems: made };
      const { key, secretHash } = newKey(id, world);
      const isNew = await inUnit(async ({ keys, audit, keyMade, requireAllHere }) => {
        await requireAllHere(made.tenantIds);
        if (!(await keys.add(made, { secretHash }))) return false;
        await audit.append({ action: 'api_key.made', target: id, outcome: 'ok', detail: detailOf(made), ...by });
        await keyMade(made);
        return true;
      });
      return isNew ? { ok: true, key, made } : { ok: false, repeated: true };
    },

    /** Makes a link that makes the key when it is used, and shows it once. Only the caller sees the link. */
    async makeLink(asked: AskedApiKey, minutes: number, by: By): Promise<MadeLink> {
      const id = newKeyId(world);
      const made = await prepare(asked, id, by);
      if (Array.isArray(made)) return { ok: false, problems: made };
      const linkToken = newToken(world);
      const linkExpiresAt = new Date(world.now().getTime() + minutes * MINUTE_MS);
      await inUnit(async ({ keys, audit, requireAllHere }) => {
        await requireAllHere(made.tenantIds);
        if (!(await keys.add(made, { linkToken, linkExpiresAt }))) throw new Error('two keys had one public part');
        const detail = { ...detailOf(made), minutes };
        await audit.append({ action: 'api_key.link_made', target: id, outcome: 'ok', detail, ...by });
      });
      const url = new Secret(new URL(`/api-keys/claims/${linkToken}`, publicUrl).href);
      return { ok: true, url, id, expiresAt: linkExpiresAt };
    },

    /** What a link leads to; changes nothing. */
    look,

    /** Makes the key of a link, once. */
    async claim(token: string, origin: Origin): Promise<{ kind: 'made'; key: Secret; made: ApiKey } | Claim> {
      const seen = await look(token);
      await noteRepeat(seen, origin);
      if (seen.kind !== 'open') return seen;
      const { id } = seen.key;
      const { key, secretHash } = newKey(id, world);
      const isFirst = await inUnit(async ({ keys, audit, keyMade }) => {
        if (!(await keys.claim(id, secretHash, world.now()))) return false;
        const detail = { ...detailOf(seen.key), by: 'link' };
        const actor = { kind: 'nobody' } as const;
        await audit.append({ action: 'api_key.made', actor, target: id, outcome: 'ok', detail, origin });
        await keyMade(seen.key);
        return true;
      });
      if (isFirst) return { kind: 'made', key, made: seen.key };
      // Another request was faster: now the link is used, or the key was revoked.
      const ended = await look(token);
      await noteRepeat(ended, origin);
      return ended;
    },

    /** @returns whether it was revoked now; undefined if there is no such key */
    revoke: (id: string, by: By): Promise<boolean | undefined> =>
      inUnit(async ({ keys, audit, keyRevoked }) => {
        const key = await keys.find(id);
        if (!key) return undefined;
        if (!(await keys.revoke(id, world.now()))) return false;
        await audit.append({ action: 'api_key.revoked', target: id, outcome: 'ok', ...by });
        await keyRevoked(key);
        return true;
      }),

    find: (id: string): Promise<ApiKey | undefined> => apiKeyStore(db).find(id),

    /** Newest first. `which` chooses keys that can be used now or later, or the ended ones. */
    page: (which: 'current' | 'ended', limit: number, after?: ApiKeyCursor): Promise<ApiKey[]> =>
      apiKeyStore(db).page(which, world.now(), limit, after),

    /** Keys whose link was used more than once, until they are revoked. */
    ofRepeatedLinks: (limit: number): Promise<ApiKey[]> => apiKeyStore(db).ofRepeatedLinks(limit),
  };
}

export type ApiKeyService = ReturnType<typeof apiKeyService>;
