import type { Request, RequestHandler, Response } from 'express';
import session, { type SessionData } from 'express-session';
import type { Knex } from '../../platform/database/database.js';
import { formKeyOf } from '../../platform/http/csrf.js';
import { needsSecondFactor, type ServiceBase } from '../people/account-types.js';
import type { Cookies } from './cookies.js';
import { deviceWordsOf } from './device-words.js';
import {
  ABSOLUTE_MS,
  deleteSession,
  insertSession,
  KnexSessionStore,
  newSessionId,
  sessionTimes,
  lockSessionsOf,
  UNFINISHED_MS,
} from './session-store.js';

type Dependencies = ServiceBase & {
  cookies: Cookies;
  /** The first signs; all verify. */
  sessionSecrets: readonly string[];
};

export type Opening = {
  personId: string;
  /** Signed in, or waiting for the second factor (at most 30 minutes). */
  finished: boolean;
  secondFactorAt?: Date | undefined;
  passwordAt?: Date | undefined;
  /**
   * The session it replaces. `half`: a session that waits for the second factor. `whole`: the person is already
   * signed in, and the new session ends when the old one would have ended. If the old session has ended meanwhile,
   * nothing happens.
   */
  follows?: 'half' | 'whole' | undefined;
  /** Other data to keep in the session. */
  data?: Partial<SessionData> | undefined;
};

/** Browser sessions: the middleware that reads them, and the only functions that begin and end them. */
export function browserSessions({ db, transaction, world, cookies, sessionSecrets }: Dependencies) {
  const store = new KnexSessionStore(db, world, cookies.session.options);
  const expressSession = session({
    store,
    secret: [...sessionSecrets],
    name: cookies.session.name,
    genid: () => newSessionId(world),
    cookie: cookies.session.options,
    resave: false,
    saveUninitialized: false,
  });

  /** express-session, then the person: `res.locals.person` is set only for completed sign-ins. */
  const middleware: RequestHandler[] = [
    (req, _res, next) => {
      // If PUBLIC_URL is https, browsers use https, wherever TLS ends; the cookie always has Secure.
      if (cookies.secure) Object.defineProperty(req, 'secure', { value: true, configurable: true });
      next();
    },
    expressSession,
    (req, res, next) => {
      const person = req.session.loaded?.person;
      if (person && (!needsSecondFactor(person) || req.session.secondFactorAt !== undefined)) {
        const { id, name, email, staffRole } = person;
        res.locals.person = { id, name, email, staffRole };
      }
      next();
    },
  ];

  return {
    middleware,

    /**
     * Begins a session under a new id in one transaction with `change`. The previous session ends, and a running
     * request with its id cannot restore it. If `change` returns false, nothing happens.
     */
    async begin(req: Request, opening: Opening, change: (trx: Knex) => Promise<boolean>): Promise<boolean> {
      const before = { session: req.session, sessionID: req.sessionID };
      req.sessionStore.generate(req);
      const { personId, follows } = opening;
      const data = {
        started: true as const,
        ...(req.res?.locals.person?.id === personId ? keptFrom(before) : {}),
        // It limits what the person may do here, so no continuation may lose it.
        ...(follows && before.session.company ? { company: before.session.company } : {}),
        ...(opening.secondFactorAt ? { secondFactorAt: opening.secondFactorAt.toISOString() } : {}),
        ...(opening.passwordAt ? { passwordAt: opening.passwordAt.toISOString() } : {}),
        ...opening.data,
      };
      try {
        await transaction(async (trx) => {
          await lockSessionsOf(trx, personId);
          const now = world.now();
          const last = await sessionTimes(trx, before.sessionID);
          const wasThere = await deleteSession(trx, before.sessionID);
          if (follows && !(wasThere && last?.personId === personId)) throw new NothingHappens();
          if (!(await change(trx))) throw new NothingHappens();
          const whole = opening.finished ? ABSOLUTE_MS : UNFINISHED_MS;
          const goesOn = follows === 'whole' ? last : undefined;
          const lifetimeMs = goesOn ? Math.min(whole, goesOn.endsAt.getTime() - now.getTime()) : whole;
          const device = deviceWordsOf(req.headers['user-agent']);
          const row = { personId, lifetimeMs, data, device, ip: req.ip, signedInAt: goesOn?.signedInAt };
          await insertSession(trx, req.sessionID, row, now);
        });
      } catch (error) {
        Object.assign(req, before);
        if (error instanceof NothingHappens) return false;
        throw error;
      }
      Object.assign(req.session, { personId, ...data });
      return true;
    },

    /** Ends this browser session; runs `change` in the same transaction. */
    async end(req: Request, res: Response, change: (trx: Knex) => Promise<void>): Promise<void> {
      await transaction(async (trx) => {
        await deleteSession(trx, req.sessionID);
        await change(trx);
      });
      delete res.locals.person;
      req.sessionStore.generate(req); // if later code touches the session, it belongs to no one
      res.clearCookie(cookies.session.name, cookies.session.options);
    },
  };
}

export type BrowserSessions = ReturnType<typeof browserSessions>;

class NothingHappens extends Error {}

/** What a new session of the same person keeps: open forms stay usable, and what was typed is not lost. */
const keptFrom = (before: Pick<Request, 'session' | 'sessionID'>): Partial<SessionData> => {
  const { typedAddress } = before.session;
  return { formKey: formKeyOf(before), ...(typedAddress ? { typedAddress } : {}) };
};
