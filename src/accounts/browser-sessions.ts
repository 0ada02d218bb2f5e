import type { Request, RequestHandler, Response } from 'express';
import session from 'express-session';
import type { Knex, Transaction } from '../platform/database.js';
import type { World } from '../platform/world.js';
import { needsSecondFactor } from './account-types.js';
import type { Cookies } from './cookies.js';
import {
  ABSOLUTE_MS,
  deleteSession,
  endOfSession,
  insertSession,
  KnexSessionStore,
  newSessionId,
  UNFINISHED_MS,
} from './session-store.js';

type Dependencies = {
  db: Knex;
  transaction: Transaction;
  world: Pick<World, 'now' | 'randomBytes'>;
  cookies: Cookies;
  sessionSecret: string;
};

export type Opening = {
  personId: string;
  /** Signed in, or waiting for the second factor (30 minutes at most). */
  finished: boolean;
  secondFactorAt?: Date | undefined;
  /** The person is signed in already: the session ends when the one before would have ended. */
  goesOn?: boolean;
  next?: string | undefined;
};

/** Sessions of browsers: the middleware that reads them, and the only ways one begins and ends. */
export function browserSessions({ db, transaction, world, cookies, sessionSecret }: Dependencies) {
  const store = new KnexSessionStore(db, world, cookies.session.options);
  const expressSession = session({
    store,
    secret: sessionSecret,
    name: cookies.session.name,
    genid: () => newSessionId(world),
    cookie: cookies.session.options,
    resave: false,
    saveUninitialized: false,
  });

  /** express-session, then the person: `res.locals.person` is set when nothing is left to do before being signed in. */
  const middleware: RequestHandler[] = [
    (req, _res, next) => {
      // Browsers reach us by https when PUBLIC_URL says so, wherever TLS ends; the cookie is never sent without Secure.
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
     * Begins a session under a new id, in one transaction with `change`; the one before ends, and a request under way
     * with its id cannot bring it back. Where `change` answers false, nothing happens at all.
     */
    async begin(req: Request, opening: Opening, change: (trx: Knex) => Promise<boolean>): Promise<boolean> {
      const before = { session: req.session, sessionID: req.sessionID };
      req.sessionStore.generate(req);
      const data = {
        started: true as const,
        ...(opening.secondFactorAt ? { secondFactorAt: opening.secondFactorAt.toISOString() } : {}),
        ...(opening.next === undefined ? {} : { next: opening.next }),
      };
      try {
        await transaction(async (trx) => {
          const now = world.now();
          const end = opening.goesOn === true ? await endOfSession(trx, before.sessionID) : undefined;
          if (!(await change(trx))) throw new NothingHappens();
          await deleteSession(trx, before.sessionID);
          const whole = opening.finished ? ABSOLUTE_MS : UNFINISHED_MS;
          const lifetimeMs = end ? Math.min(whole, end.getTime() - now.getTime()) : whole;
          await insertSession(trx, req.sessionID, { personId: opening.personId, lifetimeMs, data }, now);
        });
      } catch (error) {
        Object.assign(req, before);
        if (error instanceof NothingHappens) return false;
        throw error;
      }
      Object.assign(req.session, { personId: opening.personId, ...data });
      return true;
    },

    /** Ends this session; `change` is written in the same transaction. */
    async end(req: Request, res: Response, change: (trx: Knex) => Promise<void>): Promise<void> {
      await transaction(async (trx) => {
        await deleteSession(trx, req.sessionID);
        await change(trx);
      });
      delete res.locals.person;
      req.sessionStore.generate(req); // should anything after us touch the session, it is nobody's
      res.clearCookie(cookies.session.name, cookies.session.options);
    },
  };
}

export type BrowserSessions = ReturnType<typeof browserSessions>;

class NothingHappens extends Error {}
