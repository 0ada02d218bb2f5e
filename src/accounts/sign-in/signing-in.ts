import type { Request, Response } from 'express';
import type { SessionData } from 'express-session';
import type { Origin } from '../../audit/audit-events.js';
import type { Knex } from '../../platform/database/database.js';
import { seeOther } from '../../platform/http/answers.js';
import type { World } from '../../platform/world.js';
import { allows, type ClinicRole } from '../../app/clinic-roles.js';
import type { TenantService } from '../../tenants/tenant-service.js';
import { needsSecondFactor, type Person } from '../people/account-types.js';
import type { BrowserSessions, Opening } from '../sessions/browser-sessions.js';
import type { Cookies } from '../sessions/cookies.js';
import type { SecondFactorService } from '../second-factor/second-factor-service.js';
import type { SignInMethod, SignInService } from './sign-in-service.js';

type Dependencies = {
  world: Pick<World, 'now'>;
  sessions: BrowserSessions;
  cookies: Cookies;
  signIn: SignInService;
  secondFactor: SecondFactorService;
  tenants: Pick<TenantService, 'ofPerson'>;
  /** Whether the tenant has begun to connect; its people then start on the connection page, not in the guide. */
  hasBegun: (tenantId: string) => Promise<boolean>;
};

export const originOf = (req: Request, res: Response): Origin => ({ ip: req.ip, requestId: res.locals.requestId });

/** Turns every kind of sign-in (password, code, link) into a browser session, and chooses the page that follows. */
export function signingIn({ world, sessions, cookies, signIn, secondFactor, tenants, hasBegun }: Dependencies) {
  async function landingOf(person: Pick<Person, 'id' | 'staffRole'>): Promise<string> {
    if (person.staffRole !== null) return '/staff';
    const [only, ...others] = await tenants.ofPerson(person.id);
    if (!only || others.length > 0) return '/tenants';
    return landingIn(only.id, only.role);
  }

  /** The guide, until its clinic has begun to connect. It is of no use to a person who may not connect. */
  async function landingIn(tenantId: string, role: ClinicRole): Promise<string> {
    const toGuide = allows(role, 'member') && !(await hasBegun(tenantId));
    return `/tenants/${tenantId}/${toGuide ? 'guide' : 'connection'}`;
  }

  /**
   * Begins the browser session and redirects: to the second factor if needed, otherwise to `next` or the start page.
   *
   * @param change runs in the same transaction; false cancels everything
   * @returns false, without an answer, if `change` returned false or the browser session to continue has ended
   */
  async function enter(
    req: Request,
    res: Response,
    person: Person,
    how: {
      by: SignInMethod;
      /** The browser session already exists and only gets a fresh proof. */
      stepUp?: boolean;
      next?: string | undefined;
      change?: (trx: Knex) => Promise<boolean>;
      /** A second factor that the company vouches for, and when it was given. */
      vouchedAt?: Date | undefined;
      /** Other data to keep in the browser session. */
      data?: Partial<SessionData>;
    },
  ): Promise<boolean> {
    const { by, change = () => Promise.resolve(true), next } = how;
    const byCode = by === 'second_factor' || by === 'recovery_code';
    // Only a password restarts the lifetime; otherwise a code every five minutes would keep a session alive forever.
    const goesOn = by !== 'password' && res.locals.person?.id === person.id;
    const before = goesOn || byCode ? proofsOf(req) : undefined;
    const secondFactorAt = byCode ? world.now() : latest(before?.secondFactorAt, how.vouchedAt);
    const passwordAt = goesOn || byCode ? before?.passwordAt : world.now();
    const finished = secondFactorAt !== undefined || !needsSecondFactor(person);
    const enrolling = !finished && !person.hasSecondFactor;
    const device = cookies.readDevice(req);
    const companyBefore = byCode && req.session.company !== undefined;
    let newDeviceToken: string | undefined;
    const opening = {
      personId: person.id,
      finished,
      secondFactorAt,
      passwordAt,
      follows: goesOn ? 'whole' : byCode ? 'half' : undefined,
      data: {
        ...(finished || next === undefined ? {} : { next }),
        ...(enrolling ? { enrolment: await secondFactor.beginEnrolment(person.id) } : {}),
        ...how.data,
      },
    } as const;
    const begun = await sessions.begin(req, opening, async (trx) => {
      if (!(await change(trx))) return false;
      if (finished && how.stepUp !== true)
        newDeviceToken = await signIn.complete(trx, person, {
          device,
          origin: originOf(req, res),
          how: by,
          byCompany: by === 'company' || companyBefore,
        });
      return true;
    });
    if (!begun) return false;
    if (newDeviceToken !== undefined) cookies.setDevice(res, newDeviceToken);
    if (finished) seeOther(res, next ?? (await landingOf(person)));
    else seeOther(res, person.hasSecondFactor ? '/sign-in/second-factor' : '/account/second-factor');
    return true;
  }

  /**
   * Continues the browser session under a new id, for a change that must happen only once. Sends no answer.
   *
   * @returns false if `change` returned false or the session has ended
   */
  const goOn = (
    req: Request,
    personId: string,
    { change, ...more }: Pick<Opening, 'data' | 'passwordAt'> & { change: (trx: Knex) => Promise<boolean> },
  ): Promise<boolean> =>
    sessions.begin(req, { personId, finished: true, ...proofsOf(req), follows: 'whole', ...more }, change);

  return { enter, goOn, landingOf, landingIn };
}

const latest = (one: Date | undefined, other: Date | undefined): Date | undefined =>
  one && other ? (one > other ? one : other) : (one ?? other);

/** The proofs given in this browser session, and when. */
const proofsOf = ({ session }: Request) => ({
  secondFactorAt: session.secondFactorAt === undefined ? undefined : new Date(session.secondFactorAt),
  passwordAt: session.passwordAt === undefined ? undefined : new Date(session.passwordAt),
});

export type SigningIn = ReturnType<typeof signingIn>;
