import { fromIsoOrNull, iso, type Knex } from '../../platform/database/database.js';
import type { Sealed } from '../../platform/sealing/sealing.js';
import type { Language } from '../../texts/languages.js';
import type { CompanyAccount, Person, StaffMember, StaffRole } from './account-types.js';

type Row = {
  id: string;
  email: string;
  name: string;
  password_hash: string | null;
  password_version: number;
  totp_sealed: string | null;
  totp_kid: string | null;
  totp_confirmed_at: string | null;
  totp_last_step: number | string | null;
  created_at: string;
  disabled_at: string | null;
  language: Language | null;
  last_used_at: string | null;
  unproved_since: string | null;
};
type StaffRow = {
  person_id: string;
  role: StaffRole;
  created_at: string;
  company_issuer: string | null;
  company_subject: string | null;
  company_linked_at: string | null;
};
type JoinedRow = Row & { role: StaffRole | null; company_subject: string | null };

/** All SQL on `people` and `staff`. */
export const personStore = (db: Knex) => {
  const joined = () =>
    db<Row>('people')
      .leftJoin<StaffRow>('staff', 'staff.person_id', 'people.id')
      .select('people.*', 'staff.role', 'staff.company_subject');
  const byId = async (id: string) => (await joined().where('people.id', id).first()) as JoinedRow | undefined;
  const byEmail = async (email: string) =>
    (await joined().where('people.email', email).first()) as JoinedRow | undefined;

  return {
    async find(id: string): Promise<Person | undefined> {
      const row = await byId(id);
      return row && personOf(row);
    },
    /** @param email in lower case */
    async findByEmail(email: string): Promise<Person | undefined> {
      const row = await byEmail(email);
      return row && personOf(row);
    },
    /** `version` increases with each new password, but not when the same password is rehashed. */
    async passwordOf(id: string): Promise<{ hash: string | null; version: number }> {
      const row = await byId(id);
      return { hash: row?.password_hash ?? null, version: row?.password_version ?? 0 };
    },
    async totpSealedOf(id: string): Promise<string | null> {
      return (await byId(id))?.totp_sealed ?? null;
    },
    /** @returns false, without writing anything, if the address already has a person */
    async add(
      person: { id: string; email: string; name: string; passwordHash: string | null; proved?: boolean },
      at: Date,
    ) {
      const inserted = await db<Row>('people')
        .insert({
          id: person.id,
          email: person.email,
          name: person.name,
          password_hash: person.passwordHash,
          created_at: iso(at),
          unproved_since: person.proved === false ? iso(at) : null,
        })
        .onConflict('email')
        .ignore()
        .returning('id');
      return inserted.length === 1;
    },
    async addStaff(personId: string, role: StaffRole, at: Date): Promise<void> {
      await db<StaffRow>('staff').insert({ person_id: personId, role, created_at: iso(at) });
    },
    /** The member of staff with this account of the company. */
    async findByCompanyAccount({ issuer, subject }: CompanyAccount): Promise<Person | undefined> {
      const found = joined().where('staff.company_issuer', issuer).andWhere('staff.company_subject', subject);
      const row = (await found.first()) as JoinedRow | undefined;
      return row && personOf(row);
    },
    /** From now on the member signs in with this account and has no password. */
    async setCompanyAccount(personId: string, { issuer, subject }: CompanyAccount, at: Date): Promise<void> {
      const linked = { company_issuer: issuer, company_subject: subject, company_linked_at: iso(at) };
      await db<StaffRow>('staff').where({ person_id: personId }).update(linked);
      const password_version = db.raw('password_version + 1') as unknown as number;
      await db<Row>('people').where({ id: personId }).update({ password_hash: null, password_version });
    },
    /** @returns false if the member has no account of the company */
    async removeCompanyAccount(personId: string): Promise<boolean> {
      const linked = db<StaffRow>('staff').where({ person_id: personId }).whereNotNull('company_subject');
      const none = { company_issuer: null, company_subject: null, company_linked_at: null };
      return (await linked.update(none)) === 1;
    },
    async setPasswordHash(id: string, passwordHash: string): Promise<void> {
      const password_version = db.raw('password_version + 1') as unknown as number;
      await db<Row>('people').where({ id }).update({ password_hash: passwordHash, password_version });
    },
    /**
     * The transaction must hold the address's lock, so that no other person gets it meanwhile. @returns false if it
     * already has a person
     */
    async setEmail(id: string, email: string): Promise<boolean> {
      if (await byEmail(email)) return false;
      return (await db<Row>('people').where({ id }).update({ email, unproved_since: null })) === 1;
    },
    /** A link that was mailed to the address was opened. @returns false if it was proved before */
    async setProved(id: string): Promise<boolean> {
      const unproved = db<Row>('people').where({ id }).whereNotNull('unproved_since');
      return (await unproved.update({ unproved_since: null })) === 1;
    },
    /** Stores a newer hash of the same password, unless the password was changed in the meantime. */
    async replacePasswordHash(id: string, old: string, passwordHash: string): Promise<void> {
      await db<Row>('people').where({ id, password_hash: old }).update({ password_hash: passwordHash });
    },
    /** @returns false, without writing anything, if this was already the language */
    async setLanguage(id: string, language: Language): Promise<boolean> {
      const other = db<Row>('people')
        .where({ id })
        .andWhere((of) => of.whereNull('language').orWhereNot({ language }));
      return (await other.update({ language })) === 1;
    },
    /**
     * Replaces `before` (null: none) with a second factor that was confirmed by its first code.
     *
     * @returns false if it has been replaced by something else meanwhile
     */
    async confirmTotp(
      id: string,
      before: string | null,
      { sealed, kid, step, at }: { sealed: string; kid: string | undefined; step: number; at: Date },
    ): Promise<boolean> {
      const unchanged = db<Row>('people').where({ id, totp_sealed: before });
      const sealedBy = { totp_sealed: sealed, totp_kid: kid ?? null };
      const confirmed = { ...sealedBy, totp_confirmed_at: iso(at), totp_last_step: step };
      return (await unchanged.update(confirmed)) === 1;
    },
    /** @returns false if there was none */
    async removeTotp(id: string): Promise<boolean> {
      const inUse = db<Row>('people').where({ id }).whereNotNull('totp_confirmed_at');
      return (
        (await inUse.update({ totp_sealed: null, totp_kid: null, totp_confirmed_at: null, totp_last_step: null })) === 1
      );
    },
    /** Which key each second factor is sealed with; `besides` leaves keys out. */
    async totpKeys(besides: readonly string[] = []): Promise<{ personId: string; kid: string }[]> {
      const others = db('people')
        .whereNotNull('totp_kid')
        .whereNotIn('totp_kid', [...besides]);
      return others.select({ personId: 'id', kid: 'totp_kid' }).orderBy('id');
    },
    /** Stores the same second factor under another key, unless it was replaced meanwhile. */
    async replaceTotpSeal(id: string, before: string, { jwe, kid }: Sealed): Promise<void> {
      await db<Row>('people').where({ id, totp_sealed: before }).update({ totp_sealed: jwe, totp_kid: kid });
    },
    /**
     * @returns false if this or a later step was already used: a code works once, however many requests arrive in
     * parallel
     */
    async useTotpStep(id: string, step: number): Promise<boolean> {
      const unused = db<Row>('people')
        .where({ id })
        .whereNotNull('totp_confirmed_at')
        .andWhere((at) => at.whereNull('totp_last_step').orWhere('totp_last_step', '<', step));
      return (await unused.update({ totp_last_step: step })) === 1;
    },
    async setStaffRole(personId: string, role: StaffRole): Promise<void> {
      await db<StaffRow>('staff').where({ person_id: personId }).update({ role });
    },
    /** @param at null: enabled again */
    async setDisabledAt(id: string, at: Date | null): Promise<void> {
      await db<Row>('people')
        .where({ id })
        .update({ disabled_at: at && iso(at) });
    },
    async setLastUsedAt(id: string, at: Date): Promise<void> {
      await db<Row>('people')
        .where({ id })
        .update({ last_used_at: iso(at) });
    },
    /** All staff, also disabled ones, by name. */
    async staffMembers(): Promise<StaffMember[]> {
      const found = joined().whereNotNull('staff.role').orderBy(['people.name', 'people.id']);
      return ((await found) as unknown as (JoinedRow & { role: StaffRole })[]).map((row) => ({
        ...personOf(row),
        staffRole: row.role,
        lastUsedAt: fromIsoOrNull(row.last_used_at),
      }));
    },
    /** The ids of staff who are not disabled. */
    async staffIn(roles: readonly StaffRole[]): Promise<string[]> {
      const found = joined().whereIn('staff.role', roles).whereNull('people.disabled_at').orderBy('people.id');
      return ((await found) as unknown as JoinedRow[]).map(({ id }) => id);
    },
    /** Those who exist and are not disabled, by id. */
    async byIds(ids: readonly string[]): Promise<Map<string, Person>> {
      const rows = (await joined().whereIn('people.id', ids).whereNull('people.disabled_at')) as unknown as JoinedRow[];
      return new Map(rows.map((row) => [row.id, personOf(row)]));
    },
  };
};

export type PersonStore = ReturnType<typeof personStore>;

const personOf = (row: JoinedRow): Person => ({
  id: row.id,
  email: row.email,
  name: row.name,
  staffRole: row.role,
  language: row.language,
  hasPassword: row.password_hash !== null,
  hasCompanyAccount: row.company_subject !== null,
  hasSecondFactor: row.totp_confirmed_at !== null,
  disabled: row.disabled_at !== null,
  proved: row.unproved_since === null,
});
