import type { World } from '../../platform/world.js';
import { classifyApiAnswer, unreadable, type Success } from './classify-answer.js';
import type { Environment } from '../environments.js';
import type { GuardedCall } from './guarded-call.js';
import { idMember, member, textMember } from './json-body.js';
import type {
  ApiAccess,
  ApiOutcome,
  Extension,
  ExtensionList,
  Identity,
  Inconclusive,
  Role,
  TransientCause,
} from '../catalogue/outcome.js';
import type { ApiClient } from './ringcentral-types.js';

type ApiClientOptions = {
  /** base of the REST API of an environment, without a slash at its end */
  serverUrlOf: (environment: Environment) => string;
  call: GuardedCall['call'];
  world: Pick<World, 'now'>;
};

/** Records requested per page, and the most that are read from one page. */
const PER_PAGE = 1000;
/** Requested if RingCentral refuses pages of that size, as an installation of it has done. */
const SMALLER_PAGE = 100;
const PAGE_REFUSED = 'CMN-101'; // "Parameter [perPage] value is invalid"
const MOST_RECORDS = 20_000;
const LIST_BODY_BYTES = 8 * 1_048_576; // a record has about 1.5 KB
/** A HIPAA account keeps its faxes for 30 days; listing one day is enough to prove the right to list. */
const PROBE_DAYS = 1;
const MOST_ROLES = 50;
const DAY_MS = 86_400_000;

/** Calls with an access token. They use no auth budget; none is sent during a penalty of RingCentral. */
export function createApiClient({ serverUrlOf, call, world }: ApiClientOptions): ApiClient {
  const penalties = penaltiesIn(world);

  async function get({ accessToken, environment, ownerId }: ApiAccess, path: string, maxBodyBytes?: number) {
    const key = `${environment}|${ownerId}`;
    const held = penalties.hold(key);
    if (held) return held;
    const verdict = classifyApiAnswer(
      await call({
        method: 'GET',
        url: serverUrlOf(environment) + path,
        headers: { authorization: `Bearer ${accessToken.reveal()}` },
        ...(maxBodyBytes !== undefined && { maxBodyBytes }),
      }),
    );
    if (verdict.kind === 'inconclusive') penalties.note(key, verdict);
    return verdict;
  }

  async function extensionsBy(access: ApiAccess, perPage: number): Promise<ApiOutcome<ExtensionList>> {
    const extensions: Extension[] = [];
    for (let page = 1; ; page += 1) {
      const path = `/restapi/v1.0/account/~/extension?perPage=${perPage}&page=${page}`;
      const verdict = await get(access, path, LIST_BODY_BYTES);
      if (verdict.kind !== 'success') return verdict;
      const { json, requestId } = verdict.answer;
      const records = member(json, 'records');
      if (!Array.isArray(records)) return unreadable(verdict.answer);
      const asked = records.slice(0, perPage);
      extensions.push(...asked.map(extensionOf).filter((extension) => extension !== undefined));
      const totalPages = Number(member(member(json, 'paging'), 'totalPages') ?? 1);
      const complete = records.length === 0 || !(page < totalPages);
      if (complete || page * perPage >= MOST_RECORDS)
        return { kind: 'accepted', value: { extensions, complete }, requestId };
    }
  }

  return {
    async identity(access) {
      const verdict = await get(access, '/restapi/v1.0/account/~/extension/~');
      return verdict.kind === 'success' ? read(verdict, identityOf) : verdict;
    },

    async accountName(access) {
      const verdict = await get(access, '/restapi/v2/accounts/~');
      return verdict.kind === 'success' ? textMember(verdict.answer.json, 'companyName') : null;
    },

    async listExtensions(access) {
      const listed = await extensionsBy(access, PER_PAGE);
      const isPageRefused = listed.kind === 'refused' && listed.codes.includes(PAGE_REFUSED);
      return isPageRefused ? extensionsBy(access, SMALLER_PAGE) : listed;
    },

    async probeFaxLine(access, extensionId) {
      if (!/^\d{1,20}$/.test(extensionId)) throw new Error('an extension id is digits');
      const dateFrom = new Date(world.now().getTime() - PROBE_DAYS * DAY_MS).toISOString();
      const verdict = await get(
        access,
        `/restapi/v1.0/account/~/extension/${extensionId}/message-store` +
          `?messageType=Fax&direction=Inbound&perPage=1&dateFrom=${encodeURIComponent(dateFrom)}`,
      );
      return verdict.kind === 'success' ? read(verdict, isMessageList) : verdict;
    },
  };
}

/**
 * The users for whom RingCentral told this process to wait, and until when. Every request sent during a penalty
 * restarts it. RingCentral may rename its groups of calls, so the wait applies to all calls of a user.
 */
function penaltiesIn(world: Pick<World, 'now'>) {
  const waits = new Map<string, { until: number; cause: TransientCause }>();
  const now = () => world.now().getTime();
  return {
    /** @param told ignored unless it is a 429 or 503 that names a time */
    note(key: string, { status, retryAfterMs, cause }: Inconclusive): void {
      if ((status !== 429 && status !== 503) || retryAfterMs === null) return;
      for (const [other, { until }] of waits) if (until <= now()) waits.delete(other);
      waits.set(key, { until: Math.max(waits.get(key)?.until ?? 0, now() + retryAfterMs), cause });
    },
    /** The answer for a call that must not be sent now; undefined if it may be sent. */
    hold(key: string): Inconclusive | undefined {
      const wait = waits.get(key);
      if (!wait || wait.until <= now()) return undefined;
      const retryAfterMs = wait.until - now();
      return { kind: 'inconclusive', cause: wait.cause, codes: [], status: null, requestId: null, retryAfterMs };
    },
  };
}

/** @param reader returns undefined if the JSON does not have the documented shape */
function read<T>({ answer }: Success, reader: (json: unknown) => T | undefined): ApiOutcome<T> {
  const value = reader(answer.json);
  if (value === undefined) return unreadable(answer);
  return { kind: 'accepted', value, requestId: answer.requestId };
}

const isMessageList = (json: unknown): null | undefined => (Array.isArray(member(json, 'records')) ? null : undefined);

function identityOf(json: unknown): Identity | undefined {
  const extensionId = idMember(json, 'id');
  const accountId = idMember(member(json, 'account'), 'id');
  if (extensionId === null || accountId === null) return undefined;
  const admin = member(member(member(json, 'permissions'), 'admin'), 'enabled');
  return {
    extensionId,
    accountId,
    ...describedExtension(json),
    admin: typeof admin === 'boolean' ? admin : null,
    roles: rolesOf(member(json, 'roles')),
  };
}

/** All or nothing, because a role we could not read would look like one that was removed. */
function rolesOf(listed: unknown): Role[] | null {
  if (!Array.isArray(listed) || listed.length > MOST_ROLES) return null;
  const roles = listed.map((role: unknown) => ({
    id: idMember(role, 'id'),
    name: textMember(role, 'displayName', 100),
  }));
  return roles.every((role): role is Role => role.id !== null) ? roles : null;
}

function extensionOf(record: unknown): Extension | undefined {
  const id = idMember(record, 'id');
  return id === null ? undefined : { id, ...describedExtension(record) };
}

const describedExtension = (json: unknown) => ({
  name: textMember(json, 'name'),
  extensionNumber: textMember(json, 'extensionNumber', 20),
  type: textMember(json, 'type', 40),
  status: textMember(json, 'status', 40),
});
