import { z } from 'zod';
import type { Origin } from '../../audit/audit-events.js';
import { auditStore } from '../../audit/audit-store.js';
import { networkOf } from '../../platform/addresses.js';
import type { Knex } from '../../platform/database/database.js';
import type { Logger } from '../../platform/log.js';
import type { KeyRing } from '../../platform/sealing/sealing.js';
import { attemptStore, type Bucket } from '../passwords/attempt-store.js';
import { nameOf } from '../passwords/sign-in-throttle.js';
import type { CompanyAccount, Person, ServiceBase, StaffRole } from '../people/account-types.js';
import { personStore } from '../people/person-store.js';
import { hashOf, newToken } from '../people/secret-tokens.js';
import type { LinkVerdict } from './company-accounts.js';
import { authTimeOf, roleAllowedBy, vouchesForSecondFactor, type CompanyClaims } from './company-claims.js';
import type { CompanyIssuer, Expected, IssuerFailure } from './company-issuer.js';
import { companySignInStore, type CompanySignIn, type Purpose } from './company-sign-in-store.js';

/** How long a person may take at the company. */
const MOST_AGE_MS = 10 * 60_000;
/** How far the company's clock may be behind ours. */
const SKEW_MS = 30_000;

export type CompanyRules = {
  /** The claim that narrows the role; undefined: the stored role counts. */
  roleClaim: string | undefined;
  /** Values of `amr` and `acr` that count as a second factor. */
  secondFactorValues: readonly string[];
};

type Dependencies = ServiceBase & {
  log: Pick<Logger, 'warn'>;
  issuer: CompanyIssuer;
  rules: CompanyRules;
  /** Seals what must not be read in the database while a person is at the company. */
  sealing: Pick<KeyRing, 'seal' | 'open'>;
  link: (
    trx: Knex,
    of: { personId: string; linkId: string | null },
    account: CompanyAccount,
    origin: Origin,
  ) => Promise<LinkVerdict>;
};

/** Why a return signs no one in. */
export type CompanyRefusal =
  | IssuerFailure
  /** No such request, too old, used before, or begun in another browser. */
  | 'too_old'
  /** No member of staff has this account, or the member is disabled. */
  | 'unknown_account'
  /** The claim that narrows roles names none of ours. */
  | 'no_role'
  /** Another person returned than the one who left. */
  | 'someone_else'
  /** The company did not ask again who the person is. */
  | 'not_again'
  | Exclude<LinkVerdict, 'linked' | 'too_old'>;

/** What a proved sign-in says about the browser session that begins. */
export type Proved = {
  person: Person & { staffRole: StaffRole };
  purpose: Purpose;
  next: string | undefined;
  /** The role may be less than the stored one while this session lasts. */
  roleLimit: StaffRole | undefined;
  /** When the company says that the person proved who they are, if it vouches for a second factor. */
  secondFactorAt: Date | undefined;
  /** Whether a fresh proof can be asked of the company. */
  canConfirm: boolean;
  /** Runs in the transaction that begins the session: is it still so? Also links the account, if it is to be linked. */
  finish: (trx: Knex) => Promise<boolean>;
  /** Why `finish` returned false; writes the audit row. */
  whyNot: () => Promise<CompanyRefusal>;
};

export type CompanyOutcome =
  | { kind: 'proved'; proved: Proved }
  | { kind: 'refused'; because: CompanyRefusal; purpose: Purpose | null; next?: string | undefined };

/** A company's staff begin at the same hour behind one address. */
const ofNetwork = (ip: string | undefined): Bucket => ({
  name: nameOf('company sign-in network', networkOf(ip)),
  wait: (begun) => (begun < 200 ? 0 : 60_000),
});

const expectedInside = z.object({ nonce: z.string(), verifier: z.string() });
/** The time of a second factor that the company vouches for without saying when: it counts, but is never fresh. */
const UNKNOWN_TIME = new Date(0);

const staffOnly = (person: Person | undefined): (Person & { staffRole: StaffRole }) | undefined =>
  person && person.staffRole !== null && !person.disabled ? { ...person, staffRole: person.staffRole } : undefined;

/**
 * Sign-in of staff with an account of their company. The account is issuer and subject of the ID token; addresses are
 * never compared, because the company may give one to another person.
 */
export function companySignInService(deps: Dependencies) {
  const { db, transaction, world, log, issuer, rules, sealing, link } = deps;

  const contextOf = (state: string) => ({
    table: 'company_sign_ins',
    tenantId: '',
    rowId: hashOf(state),
    purpose: 'nonce_and_verifier',
  });

  async function expectedBy(state: string, sealed: string): Promise<Expected> {
    const inside = expectedInside.parse(JSON.parse(await sealing.open(sealed, contextOf(state))));
    return { state, ...inside };
  }

  const refusedAct = (because: string, personId: string | undefined, origin: Origin): Promise<void> =>
    auditStore(db, world).append({
      action: 'person.sign_in_refused',
      actor: { kind: 'nobody' },
      target: personId,
      outcome: 'refused',
      detail: { how: 'company', because },
      origin,
    });

  /** What the claims say, apart from whose they are. */
  function termsOf(claims: CompanyClaims, { purpose, createdAt }: CompanySignIn) {
    const now = world.now();
    const allowed = rules.roleClaim === undefined ? undefined : roleAllowedBy(claims[rules.roleClaim]);
    if (allowed === null) return { refused: 'no_role' } as const;
    const authTime = authTimeOf(claims, now);
    const asked = createdAt.getTime() - SKEW_MS;
    if (purpose === 'confirm' && (authTime === undefined || authTime.getTime() < asked))
      return { refused: 'not_again' } as const;
    const vouched = vouchesForSecondFactor(claims, rules.secondFactorValues);
    return {
      roleLimit: allowed,
      secondFactorAt: vouched ? (authTime ?? UNKNOWN_TIME) : undefined,
      canConfirm: vouched && authTime !== undefined,
    };
  }

  /** The member of staff who returned, or why it is none. `finish` looks again in the transaction that counts. */
  async function memberOf({ purpose, personId, linkId }: CompanySignIn, account: CompanyAccount, origin: Origin) {
    if (purpose === 'link') {
      const person = staffOnly(await personStore(db).find(personId ?? ''));
      if (!person) return { refused: 'too_old' } as const;
      let verdict: LinkVerdict = 'too_old';
      const finish = async (trx: Knex) => {
        verdict = await link(trx, { personId: person.id, linkId }, account, origin);
        return verdict === 'linked';
      };
      return { person, finish, whyNot: (): CompanyRefusal => (verdict === 'linked' ? 'too_old' : verdict) };
    }
    const person = staffOnly(await personStore(db).findByCompanyAccount(account));
    if (!person) return { refused: 'unknown_account' } as const;
    if (purpose === 'confirm' && person.id !== personId) return { refused: 'someone_else' } as const;
    const finish = async (trx: Knex) =>
      staffOnly(await personStore(trx).findByCompanyAccount(account))?.id === person.id;
    return { person, finish, whyNot: (): CompanyRefusal => 'unknown_account' };
  }

  return {
    host: issuer.host,

    /** @returns where to send the person, or why not */
    async start(
      sessionKey: string,
      asked: Pick<CompanySignIn, 'purpose' | 'personId' | 'linkId' | 'next'>,
      origin: Origin,
    ): Promise<{ kind: 'leave'; url: string } | { kind: 'down' } | { kind: 'wait'; until: Date }> {
      const now = world.now();
      const until = await attemptStore(db).reserve(ofNetwork(origin.ip), now);
      if (until) return { kind: 'wait', until };
      const [state, nonce, verifier] = [newToken(world), newToken(world), newToken(world)];
      const left = await issuer.leave({ state, nonce, verifier }, asked.purpose === 'confirm');
      if (left.kind === 'down') {
        log.warn({ code: left.code }, "the company's sign-in does not answer");
        return { kind: 'down' };
      }
      const { jwe } = await sealing.seal(JSON.stringify({ nonce, verifier }), contextOf(state));
      await companySignInStore(db).add(state, sessionKey, { ...asked, sealed: jwe, createdAt: now });
      return left;
    },

    /** Uses the state up, then asks the company who returned. Begins no browser session. */
    async receive(
      returned: { state: string; query: string },
      { sessionKey, personId }: { sessionKey: string; personId: string | undefined },
      origin: Origin,
    ): Promise<CompanyOutcome> {
      const refuse = async (
        because: CompanyRefusal,
        left?: CompanySignIn,
        target?: string,
      ): Promise<CompanyOutcome> => {
        await refusedAct(because, target, origin);
        return { kind: 'refused', because, purpose: left?.purpose ?? null, next: left?.next };
      };
      const left = await transaction((trx) => companySignInStore(trx).use(returned.state, sessionKey));
      if (!left || world.now().getTime() - left.createdAt.getTime() > MOST_AGE_MS) return refuse('too_old', left);
      // A confirmation is only worth something to the person who is signed in.
      if (left.purpose === 'confirm' && left.personId !== personId) return refuse('someone_else', left);
      const read = await issuer.read(returned.query, await expectedBy(returned.state, left.sealed));
      if (read.kind !== 'proved') {
        if (read.kind !== 'denied')
          log.warn({ code: read.code, kind: read.kind }, "the company's answer proves nothing");
        return refuse(read.kind, left, left.personId ?? undefined);
      }
      const account = { issuer: read.claims.iss, subject: read.claims.sub };
      const member = await memberOf(left, account, origin);
      if (member.refused) return refuse(member.refused, left, left.personId ?? undefined);
      const terms = termsOf(read.claims, left);
      if (terms.refused) return refuse(terms.refused, left, member.person.id);
      const { purpose, next } = left;
      const { person, finish } = member;
      const whyNot = async (): Promise<CompanyRefusal> => {
        await refusedAct(member.whyNot(), person.id, origin);
        return member.whyNot();
      };
      return { kind: 'proved', proved: { ...terms, person, purpose, next, finish, whyNot } };
    },
  };
}

export type CompanySignInService = ReturnType<typeof companySignInService>;
