import { createHash, timingSafeEqual } from 'node:crypto';
import type { Secret } from '../platform/secret.js';
import type { World } from '../platform/world.js';
import type { ApiClient } from '../ringcentral/clients/ringcentral-types.js';
import type { RingCentralSessions } from './ringcentral-sessions.js';
import type { RingCentralSession, TokenEvidence } from './token-types.js';

type Deps = Pick<TokenEvidence, 'subjectOf'> & {
  world: Pick<World, 'now'>;
  sessions: Pick<RingCentralSessions, 'keptOf' | 'openKept' | 'drop' | 'report' | 'signInsOf'>;
  identity: ApiClient['identity'];
};

export type Reported = 'dropped' | 'still_good' | 'unknown';

/** How often RingCentral is asked about the same token. */
const REPORT_EVERY_MS = 60_000;

/**
 * A job reports that RingCentral no longer accepts its token. The portal asks RingCentral, which uses no auth budget. A
 * token that RingCentral still accepts is not dropped, so a job's mistake cannot end the sessions of other jobs.
 */
export const tokenReports = ({ subjectOf, world, sessions, identity }: Deps) => {
  const asking = new Map<string, Promise<Reported>>();

  async function find(tenantId: string, sha256: string): Promise<RingCentralSession | null> {
    const subject = await subjectOf(tenantId);
    if (subject.credentialId === null || !/^[\da-f]{64}$/i.test(sha256)) return null;
    const wanted = Buffer.from(sha256, 'hex');
    const { credentialId, ownerId } = subject;
    const kept = await sessions.keptOf(tenantId);
    for (const one of kept.filter((own) => own.credentialId === credentialId && own.ownerId === ownerId)) {
      const session = await sessions.openKept(tenantId, one);
      if (session && timingSafeEqual(sha256Of(session.accessToken), wanted)) return session;
    }
    return null;
  }

  async function judge(session: RingCentralSession): Promise<Reported> {
    const before = new Date(world.now().getTime() - REPORT_EVERY_MS);
    if (!(await sessions.report(session.tenantId, session.id, before))) return 'unknown';
    const isSignIn = (await sessions.signInsOf(session.tenantId)).includes(session.credentialId);
    const answer = await identity({ ...session, app: isSignIn ? 'sign_in' : 'jwt' });
    if (answer.kind !== 'token_rejected') return 'still_good';
    await sessions.drop(session);
    return 'dropped';
  }

  /**
   * @param sha256 the SHA-256 of the token, in hex
   * @returns `unknown` if the token is not kept, or was asked about less than a minute ago
   */
  return async (tenantId: string, sha256: string): Promise<Reported> => {
    const session = await find(tenantId, sha256);
    if (!session) return 'unknown';
    const { id } = session;
    const answer = asking.get(id) ?? judge(session).finally(() => asking.delete(id));
    asking.set(id, answer);
    return answer;
  };
};

const sha256Of = (token: Secret): Buffer => createHash('sha256').update(token.reveal()).digest();
