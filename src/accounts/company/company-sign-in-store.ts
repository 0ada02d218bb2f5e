import { fromIso, iso, type Knex } from '../../platform/database/database.js';
import { deleteInBatches } from '../../platform/database/delete-in-batches.js';
import { hashOf } from '../people/secret-tokens.js';

/** `confirm`: a fresh proof in a browser session. `link`: a member of staff gets the company's account. */
export type Purpose = 'sign_in' | 'confirm' | 'link';

type Row = {
  state_hash: string;
  session_hash: string;
  purpose: Purpose;
  person_id: string | null;
  link_id: string | null;
  sealed: string;
  next: string | null;
  created_at: string;
};

/** A sign-in that has left for the company. */
export type CompanySignIn = {
  purpose: Purpose;
  /** Who must return; null for a sign-in. */
  personId: string | null;
  /** The invitation that is used up by linking. */
  linkId: string | null;
  /** Nonce and code verifier. */
  sealed: string;
  next: string | undefined;
  createdAt: Date;
};

/** All SQL on `company_sign_ins`. The state and the browser session are stored as hashes. */
export const companySignInStore = (db: Knex) => ({
  async add(state: string, sessionKey: string, signIn: CompanySignIn): Promise<void> {
    await db<Row>('company_sign_ins').insert({
      state_hash: hashOf(state),
      session_hash: hashOf(sessionKey),
      purpose: signIn.purpose,
      person_id: signIn.personId,
      link_id: signIn.linkId,
      sealed: signIn.sealed,
      next: signIn.next ?? null,
      created_at: iso(signIn.createdAt),
    });
  },

  /** @returns the sign-in of this state, once, and only in the browser session in which it began */
  async use(state: string, sessionKey: string): Promise<CompanySignIn | undefined> {
    const ours = () =>
      db<Row>('company_sign_ins').where({ state_hash: hashOf(state), session_hash: hashOf(sessionKey) });
    const row = await ours().first();
    if (!row || (await ours().delete()) !== 1) return undefined;
    return {
      purpose: row.purpose,
      personId: row.person_id,
      linkId: row.link_id,
      sealed: row.sealed,
      next: row.next ?? undefined,
      createdAt: fromIso(row.created_at),
    };
  },

  deleteStartedBefore: (before: Date): Promise<void> =>
    deleteInBatches(() => db<Row>('company_sign_ins').where('created_at', '<', iso(before)), 'state_hash'),
});
