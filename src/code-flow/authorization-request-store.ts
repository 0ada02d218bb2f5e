import { hashOf } from '../accounts/people/secret-tokens.js';
import { acrossTenants } from '../platform/database/across-tenants.js';
import { fromIso, fromIsoOrNull, iso, type Knex } from '../platform/database/database.js';
import { deleteInBatches } from '../platform/database/delete-in-batches.js';
import type { Sealed } from '../platform/sealing/sealing.js';
import type { Environment } from '../ringcentral/environments.js';

type Row = {
  id: string;
  tenant_id: string;
  person_id: string;
  session_hash: string;
  state_hash: string;
  client_id: string;
  environment: string;
  redirect_uri: string;
  verifier_jwe: string | null;
  verifier_kid: string | null;
  created_at: string;
  used_at: string | null;
};

/** One start of a RingCentral sign-in. */
export type AuthorizationRequest = {
  /** Becomes the id of the credential. */
  id: string;
  tenantId: string;
  personId: string;
  clientId: string;
  environment: Environment;
  /** As sent: the exchange must repeat it. */
  redirectUri: string;
  createdAt: Date;
  usedAt: Date | null;
};

/** What is stored only as a hash: the browser session, and the state that RingCentral returns. */
export type Binding = { session: string; state: string };

/** All SQL on `authorization_requests`. */
export const authorizationRequestStore = (db: Knex) => ({
  forTenant: (tenantId: string) => {
    const mine = () => db<Row>('authorization_requests').where({ tenant_id: tenantId });
    return {
      async add(request: AuthorizationRequest, { session, state }: Binding, { jwe, kid }: Sealed): Promise<void> {
        await db<Row>('authorization_requests').insert({
          id: request.id,
          tenant_id: tenantId,
          person_id: request.personId,
          session_hash: hashOf(session),
          state_hash: hashOf(state),
          client_id: request.clientId,
          environment: request.environment,
          redirect_uri: request.redirectUri,
          verifier_jwe: jwe,
          verifier_kid: kid,
          created_at: iso(request.createdAt),
          used_at: null,
        });
      },
      /**
       * Uses the request up, and forgets its verifier.
       *
       * @returns the sealed verifier, or null if it was forgotten before; undefined if the request was used before
       */
      async use(id: string, now: Date): Promise<Sealed | null | undefined> {
        const unused = () => mine().where({ id }).whereNull('used_at');
        const row = await unused().first('verifier_jwe', 'verifier_kid');
        const used = await unused().update({ used_at: iso(now), verifier_jwe: null, verifier_kid: null });
        if (used !== 1) return undefined;
        return row?.verifier_jwe && row.verifier_kid ? { jwe: row.verifier_jwe, kid: row.verifier_kid } : null;
      },
    };
  },

  /** The request that this state belongs to, and whether it was started in this browser session. */
  async findByState({ session, state }: Binding): Promise<{ request: AuthorizationRequest; isOurs: boolean } | null> {
    const row = await acrossTenants(db<Row>('authorization_requests'), 'the state proves it; the row names the tenant')
      .where({ state_hash: hashOf(state) })
      .first();
    return row ? { request: fromRow(row), isOurs: row.session_hash === hashOf(session) } : null;
  },

  /** For all tenants: a request that is too old to be used needs its verifier no more. */
  async forgetVerifiers(before: Date): Promise<void> {
    await acrossTenants(db<Row>('authorization_requests'), 'retention')
      .where('created_at', '<', iso(before))
      .whereNotNull('verifier_jwe')
      .update({ verifier_jwe: null, verifier_kid: null });
  },

  deleteStartedBefore: (before: Date): Promise<void> =>
    deleteInBatches(
      () => acrossTenants(db<Row>('authorization_requests'), 'retention').where('created_at', '<', iso(before)),
      'id',
    ),
});

const fromRow = (row: Row): AuthorizationRequest => ({
  id: row.id,
  tenantId: row.tenant_id,
  personId: row.person_id,
  clientId: row.client_id,
  environment: row.environment as Environment,
  redirectUri: row.redirect_uri,
  createdAt: fromIso(row.created_at),
  usedAt: fromIsoOrNull(row.used_at),
});
