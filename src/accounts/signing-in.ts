import type { Request, Response } from 'express';
import type { Origin } from '../audit/audit-events.js';
import type { Knex } from '../platform/database.js';
import type { World } from '../platform/world.js';
import type { TenantService } from '../tenants/tenant-service.js';
import { needsSecondFactor, type Person } from './account-types.js';
import type { BrowserSessions } from './browser-sessions.js';
import type { Cookies } from './cookies.js';
import type { SecondFactorService } from './second-factor-service.js';
import type { SignInService } from './sign-in-service.js';

type Dependencies = {
  world: Pick<World, 'now'>;
  sessions: BrowserSessions;
  cookies: Cookies;
  signIn: SignInService;
  secondFactor: SecondFactorService;
  tenants: Pick<TenantService, 'ofPerson'>;
  /** Whether the tenant's guide is behind it: its people then land on the connection. */
  isConnected: (tenantId: string) => Promise<boolean>;
};

export const originOf = (req: Request, res: Response): Origin => ({ ip: req.ip, requestId: res.locals.requestId });

/** How every way in (password, code, link) becomes a session, and where the person goes then. */
export function signingIn({ world, sessions, cookies, signIn, secondFactor, tenants, isConnected }: Dependencies) {
  async function landingOf(person: Pick<Person, 'id' | 'staffRole'>): Promise<string> {
    if (person.staffRole !== null) return '/staff/tenants';
    const [only, ...others] = await tenants.ofPerson(person.id);
    if (!only || others.length > 0) return '/tenants';
    return `/tenants/${only.id}/${(await isConnected(only.id)) ? 'connection' : 'guide'}`;
  }

  /**
   * Begins the session and answers with a redirect: to the second factor where one is needed, else to `next` or home.
   *
   * @param change written in the same transaction; false stops everything
   * @returns false when `change` did: nothing has been answered then
   */
  async function enter(
    req: Request,
    res: Response,
    person: Person,
    how: {
      by: 'password' | 'second_factor' | 'invitation' | 'setup';
      /** The session is there already and only becomes fresher. */
      stepUp?: boolean;
      /** When the second factor was given in the session before, where that counts on. */
      secondFactorAt?: Date | undefined;
      next?: string | undefined;
      change?: (trx: Knex) => Promise<boolean>;
    },
  ): Promise<boolean> {
    const { change = () => Promise.resolve(true), next } = how;
    const secondFactorAt = how.by === 'second_factor' ? world.now() : how.secondFactorAt;
    const finished = secondFactorAt !== undefined || !needsSecondFactor(person);
    const device = cookies.readDevice(req);
    let newDeviceToken: string | undefined;
    // Hours that only a password begins anew: a code every five minutes must not make a session without end.
    const goesOn = how.by !== 'password' && res.locals.person?.id === person.id;
    const opening = { personId: person.id, finished, secondFactorAt, goesOn, next: finished ? undefined : next };
    const begun = await sessions.begin(req, opening, async (trx) => {
      if (!(await change(trx))) return false;
      if (how.stepUp === true) return true;
      if (finished) {
        newDeviceToken = await signIn.complete(trx, person, { device, origin: originOf(req, res), how: how.by });
      } else if (!person.hasSecondFactor) await secondFactor.prepareEnrolment(trx, person.id);
      return true;
    });
    if (!begun) return false;
    if (newDeviceToken !== undefined) cookies.setDevice(res, newDeviceToken);
    if (finished) res.redirect(303, next ?? (await landingOf(person)));
    else res.redirect(303, person.hasSecondFactor ? '/sign-in/second-factor' : '/account/second-factor');
    return true;
  }

  return { enter, landingOf };
}

export type SigningIn = ReturnType<typeof signingIn>;
