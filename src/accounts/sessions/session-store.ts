import session from 'express-session';
import { fromIso, iso, type Knex } from '../../platform/database/database.js';
import { lockFor } from '../../platform/database/lock.js';
import { deleteInBatches } from '../../platform/database/delete-in-batches.js';
import type { World } from '../../platform/world.js';
import type { Language } from '../../texts/languages.js';
import { narrowed, type SessionPerson, type StaffRole } from '../people/account-types.js';
import { deviceFromStore, storedDevice, type DeviceWords } from './device-words.js';
import { hashOf } from '../people/secret-tokens.js';

declare module 'express-session' {
  interface SessionData {
    personId?: string;
    /** When a second factor was last given in this browser session (ISO 8601). */
    secondFactorAt?: string;
    /** When the password was last given in this browser session (ISO 8601). */
    passwordAt?: string;
    /** Set if the person signed in with an account of the company. */
    company?: CompanySession;
    /** The local path to go to after the second factor. */
    next?: string;
    /** Loaded with every request, never stored. */
    loaded?: { person: SessionPerson; lastSeenAt: Date };
  }
}

/** What a company's sign-in says about this browser session, and every session that continues it. */
export type CompanySession = {
  /** The role may not be more than this while the session lasts. */
  roleLimit?: StaffRole;
  /** Whether the company vouches for a second factor and says when it was given, so that it can confirm the person. */
  canConfirm: boolean;
};

const MINUTE_MS = 60_000;
export const IDLE_MS = 30 * MINUTE_MS;
export const ABSOLUTE_MS = 12 * 60 * MINUTE_MS;
/** The lifetime of a browser session that waits for its second factor. */
export const UNFINISHED_MS = 30 * MINUTE_MS;

type Row = {
  id_hash: string;
  person_id: string;
  data: string;
  created_at: string;
  last_seen_at: string;
  expires_at: string;
  device: string | null;
  ip: string | null;
};
type LoadedRow = Row & {
  name: string;
  email: string;
  totp_confirmed_at: string | null;
  language: Language | null;
  unproved_since: string | null;
  role: StaffRole | null;
  company_subject: string | null;
};
type Callback<T = void> = (error?: unknown, value?: T) => void;

/** The session data, except what the row and the cookie store themselves. */
const written = ({ cookie: _cookie, personId: _personId, loaded: _loaded, ...data }: Partial<session.SessionData>) =>
  JSON.stringify(data);

/** An open browser session as its person may see it. `idHash` never leaves the server. */
export type OpenSession = {
  idHash: string;
  signedInAt: Date;
  lastSeenAt: Date;
  /** Whether the second factor was given in it. */
  secondFactorPassed: boolean;
  device: DeviceWords;
  ip: string | null;
};

/**
 * Inserts a new session's row. This is the only way to create one, so a late request cannot restore an ended session.
 * Requires a transaction with `lockSessionsOf`.
 */
export async function insertSession(
  db: Knex,
  sessionId: string,
  opened: {
    personId: string;
    lifetimeMs: number;
    data: Partial<session.SessionData>;
    device: DeviceWords;
    ip: string | undefined;
    /** If it continues an earlier session: when that one began. */
    signedInAt?: Date | undefined;
  },
  now: Date,
): Promise<void> {
  await db<Row>('sessions').insert({
    id_hash: hashOf(sessionId),
    person_id: opened.personId,
    data: written(opened.data),
    created_at: iso(opened.signedInAt ?? now),
    last_seen_at: iso(now),
    expires_at: iso(new Date(now.getTime() + opened.lifetimeMs)),
    device: storedDevice(opened.device),
    ip: opened.ip ?? null,
  });
}

/**
 * Without this lock, a session that begins while all sessions end would survive. Every transaction that begins or
 * ends sessions holds it.
 */
export const lockSessionsOf = (trx: Knex, personId: string): Promise<void> => lockFor(trx, 'person', personId);

/** Ends every browser session of a person, because their password or second factor changed or they were disabled. */
export async function deleteSessionsOf(trx: Knex, personId: string): Promise<number> {
  await lockSessionsOf(trx, personId);
  return trx<Row>('sessions').where({ person_id: personId }).delete();
}

/** Ends every browser session of all people. */
export const deleteAllSessions = (trx: Knex): Promise<number> => trx<Row>('sessions').delete();

/** The transaction holds the person's lock, as for the next one. @returns how many ended */
export async function deleteSessionOf(trx: Knex, personId: string, idHash: string): Promise<number> {
  return trx<Row>('sessions').where({ person_id: personId, id_hash: idHash }).delete();
}
export async function deleteOtherSessionsOf(trx: Knex, personId: string, sessionId: string): Promise<number> {
  return trx<Row>('sessions')
    .where({ person_id: personId })
    .whereNot({ id_hash: hashOf(sessionId) })
    .delete();
}

const MOST_SHOWN = 100;

/** A person's open browser sessions, most recently seen first; at most 100. */
export async function openSessionsOf(db: Knex, personId: string, now: Date): Promise<OpenSession[]> {
  const rows = await db<Row>('sessions')
    .where({ person_id: personId })
    .andWhere('expires_at', '>', iso(now))
    .andWhere('last_seen_at', '>', iso(new Date(now.getTime() - IDLE_MS)))
    .orderBy([{ column: 'last_seen_at', order: 'desc' }, { column: 'id_hash' }])
    .limit(MOST_SHOWN);
  return rows.map((row) => ({
    idHash: row.id_hash,
    signedInAt: fromIso(row.created_at),
    lastSeenAt: fromIso(row.last_seen_at),
    secondFactorPassed: (JSON.parse(row.data) as Partial<session.SessionData>).secondFactorAt !== undefined,
    device: deviceFromStore(row.device),
    ip: row.ip,
  }));
}

/** When each of these people was last seen in a browser session that has not been deleted. */
export async function lastSeenOf(db: Knex, personIds: readonly string[]): Promise<Map<string, Date>> {
  const rows = await db<Row>('sessions')
    .whereIn('person_id', personIds)
    .groupBy('person_id')
    .select<{ id: string; at: string }[]>('person_id as id', db.raw('max(last_seen_at) as at'));
  return new Map(rows.map(({ id, at }) => [id, fromIso(at)]));
}

/** The owner, start and latest end of a session; undefined if it does not exist. */
export async function sessionTimes(
  db: Knex,
  sessionId: string,
): Promise<{ personId: string; signedInAt: Date; endsAt: Date } | undefined> {
  const row = await db<Row>('sessions')
    .where({ id_hash: hashOf(sessionId) })
    .first('person_id', 'created_at', 'expires_at');
  return row && { personId: row.person_id, signedInAt: fromIso(row.created_at), endsAt: fromIso(row.expires_at) };
}

/** @returns false if there was none */
export async function deleteSession(db: Knex, sessionId: string): Promise<boolean> {
  const one = db<Row>('sessions').where({ id_hash: hashOf(sessionId) });
  return (await one.delete()) === 1;
}

export async function deleteEndedSessions(db: Knex, now: Date): Promise<void> {
  const idleSince = iso(new Date(now.getTime() - IDLE_MS));
  for (const [column, until] of [
    ['expires_at', iso(now)],
    ['last_seen_at', idleSince],
  ] as const)
    await deleteInBatches(() => db<Row>('sessions').where(column, '<=', until), 'id_hash');
}

/** `<43 random characters>.<creation time>`: the time limits how long a visitor's cookie is valid. */
export const newSessionId = (world: Pick<World, 'now' | 'randomBytes'>): string =>
  `${world.randomBytes(32).toString('base64url')}.${world.now().getTime().toString(36)}`;

/**
 * express-session's store on knex. Ids are stored hashed. One query reads the session with its person and role, so a
 * revocation takes effect with the next request. Visitors who have not signed in have a signed cookie and no row. A
 * database failure fails the request, never the process.
 */
export class KnexSessionStore extends session.Store {
  constructor(
    private readonly db: Knex,
    private readonly world: Pick<World, 'now'>,
    private readonly cookie: session.CookieOptions,
  ) {
    super();
  }

  override get(id: string, callback: (error: unknown, found?: session.SessionData | null) => void): void {
    settle(this.read(id), callback as Callback<session.SessionData | null>);
  }

  override set(id: string, data: session.SessionData, callback?: Callback): void {
    settle(this.update(id, data), callback);
  }

  override touch(id: string, data: session.SessionData, callback?: () => void): void {
    settle(this.see(id, data), callback as Callback | undefined);
  }

  override destroy(id: string, callback?: Callback): void {
    const gone = deleteSession(this.db, id).then(() => undefined);
    settle(gone, callback);
  }

  private async read(id: string): Promise<session.SessionData | null> {
    const now = this.world.now();
    const row = await this.db('sessions')
      .join('people', 'people.id', 'sessions.person_id')
      .leftJoin('staff', 'staff.person_id', 'people.id')
      .where({ 'sessions.id_hash': hashOf(id) })
      .whereNull('people.disabled_at')
      .andWhere('sessions.expires_at', '>', iso(now))
      .andWhere('sessions.last_seen_at', '>', iso(new Date(now.getTime() - IDLE_MS)))
      .first<LoadedRow | undefined>(
        'sessions.*',
        'people.name',
        'people.email',
        'people.totp_confirmed_at',
        'people.language',
        'people.unproved_since',
        'staff.role',
        'staff.company_subject',
      );
    const cookie = { ...this.cookie, originalMaxAge: null } as unknown as session.Cookie;
    if (!row) return isRecent(id, now) ? { cookie, started: true } : null;
    const data = JSON.parse(row.data) as Partial<session.SessionData>;
    return {
      ...data,
      cookie,
      personId: row.person_id,
      loaded: {
        person: {
          id: row.person_id,
          name: row.name,
          email: row.email,
          staffRole: row.role && narrowed(row.role, data.company?.roleLimit),
          language: row.language,
          hasSecondFactor: row.totp_confirmed_at !== null,
          hasCompanyAccount: row.company_subject !== null,
          proved: row.unproved_since === null,
        },
        lastSeenAt: fromIso(row.last_seen_at),
      },
    };
  }

  private async update(id: string, data: session.SessionData): Promise<void> {
    if (data.personId === undefined) return;
    await this.db<Row>('sessions')
      .where({ id_hash: hashOf(id), person_id: data.personId })
      .update({ data: written(data), last_seen_at: iso(this.world.now()) });
  }

  /** Writes at most once a minute, so that page views do not wait for writes. */
  private async see(id: string, data: session.SessionData): Promise<void> {
    const now = this.world.now();
    if (!data.loaded || now.getTime() - data.loaded.lastSeenAt.getTime() < MINUTE_MS) return;
    await this.db<Row>('sessions')
      .where({ id_hash: hashOf(id) })
      .update({ last_seen_at: iso(now) });
  }
}

function isRecent(sessionId: string, now: Date): boolean {
  const made = Number.parseInt(sessionId.split('.')[1] ?? '', 36);
  return now.getTime() - made < ABSOLUTE_MS; // false for NaN
}

function settle<T>(work: Promise<T>, callback?: Callback<T>): void {
  work.then(
    (value) => callback?.(null, value),
    (error: unknown) => callback?.(error),
  );
}
