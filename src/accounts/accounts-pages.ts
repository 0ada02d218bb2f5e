import type { Request, RequestHandler } from 'express';
import type { Pages, WebRole } from '../app/capability.js';
import { requireMember } from '../tenants/membership-guard.js';
import type { AccountServices, AccountsFoundation } from './account-services.js';
import { invitationRoutes, setupRoutes } from './invitations/link-routes.js';
import { peopleNeeds, peopleRoutes } from './invitations/people-routes.js';
import { oneClickRoutes, reminderRoutes } from './invitations/reminder-routes.js';
import { accountRoutes } from './own-account/account-routes.js';
import { memberSignInService } from './own-account/member-sign-in-service.js';
import { ownSecondFactorRoutes } from './own-account/own-second-factor-routes.js';
import { ownSignInService } from './own-account/own-sign-in-service.js';
import { askForResetRoutes, passwordResetRoutes } from './password-reset/password-reset-routes.js';
import { companyMounts } from './company/company-in-web.js';
import { codeAttempts } from './passwords/code-attempts.js';
import type { StaffRole } from './people/account-types.js';
import { peopleDirectory } from './people/people-directory.js';
import { recoveryCodeService } from './second-factor/recovery-code-service.js';
import { secondFactorService } from './second-factor/second-factor-service.js';
import { pathToEnrol, requireFreshProof, requireSignedIn, requireStaff } from './sessions/access-guards.js';
import { browserSessions } from './sessions/browser-sessions.js';
import { cookiesFor } from './sessions/cookies.js';
import { sessionService } from './sessions/session-service.js';
import { staffPeopleRoutes } from './staff/staff-people-routes.js';
import { languageOfPerson, languageRoutes } from './sign-in/language-routes.js';
import { secondFactorRoutes } from './sign-in/second-factor-routes.js';
import { passwordAgainRoutes, signInRoutes, signOutRoutes, tenantChooserRoutes } from './sign-in/sign-in-routes.js';
import { signInService } from './sign-in/sign-in-service.js';
import { signingIn } from './sign-in/signing-in.js';

/**
 * The pages of people, and the guards in front of other capabilities' pages.
 *
 * @param hasBegun whether a tenant has begun to connect
 */
export function accountsInWeb(
  foundation: AccountsFoundation,
  services: AccountServices,
  hasBegun: (tenantId: string) => Promise<boolean>,
  { sessionSecrets, accountsKeys, accountsSealing: sealing }: WebRole,
) {
  const { brand, language } = foundation;
  const { base, staff, invitations, people, passwordResets, optOut, stalledMail } = services;
  const { world, mails, tenants } = base;

  const cookies = cookiesFor(base.publicUrl);
  const attempts = codeAttempts(base);
  const secondFactor = secondFactorService({ ...base, sealing, attempts, issuer: brand.name });
  const recoveryCodes = recoveryCodeService({ ...base, accountsKeys, sealing, attempts });
  const signIn = signInService({
    ...base,
    tellOfLocalStaff: base.companySignIn ? staff.tellOfLocalSignIn : undefined,
    tellOfNewDevice: (trx, person, at) => mails.securityNotice(trx, 'newDevice', { person, at }),
  });
  const sessions = browserSessions({ ...base, cookies, sessionSecrets });
  const entrance = signingIn({ world, sessions, cookies, signIn, secondFactor, tenants, hasBegun });
  const ownSignIn = ownSignInService({ ...base, signIn });
  const sessionList = sessionService({ ...base, accountsKeys });
  const memberSignIn = memberSignInService({ ...base, recoveryCodes, sessionList });

  const ownersOf = async (tenantId: string): Promise<string[]> =>
    (await people.membersOf(tenantId)).filter(({ role }) => role === 'owner').map(({ name }) => name);
  const entering = { world, cookies, sessions, signIn, signingIn: entrance };
  const shared = { ...entering, attempts, secondFactor, recoveryCodes, mails, tenants };
  const pages: Pages = {
    beforeSession: [{ path: '/reminders', router: oneClickRoutes(optOut) }],
    session: [...sessions.middleware, languageOfPerson(language, tenants)],
    guards: {
      signed_in: [requireSignedIn],
      member: [requireSignedIn, requireMember(tenants, ownersOf, pathToEnrol)],
      staff: [requireStaff()],
    },
    mounts: [
      { path: '/sign-in/second-factor', access: 'public', router: secondFactorRoutes(shared) },
      { path: '/sign-in/password', access: 'public', router: passwordAgainRoutes(entering) },
      ...companyMounts(foundation, base, { sealing, staff, signingIn: entrance }),
      { path: '/sign-in', access: 'public', router: signInRoutes({ ...entering, companySignIn: base.companySignIn }) },
      { path: '/sign-out', access: 'public', router: signOutRoutes(entering) },
      { path: '/password-reset', access: 'public', router: askForResetRoutes({ world, passwordResets, stalledMail }) },
      { path: '/password-resets', access: 'public', router: passwordResetRoutes({ passwordResets }) },
      { path: '/setup', access: 'public', router: setupRoutes({ staff, signingIn: entrance }) },
      { path: '/invitations', access: 'public', router: invitationRoutes({ ...entering, invitations, stalledMail }) },
      { path: '/reminders', access: 'public', router: reminderRoutes(optOut) },
      // Public, because people get here half signed in; the routes redirect everyone else.
      { path: '/account', access: 'public', router: ownSecondFactorRoutes(shared) },
      {
        path: '/account',
        access: 'signed_in',
        router: accountRoutes({ ...entering, ownSignIn, sessionList, companySignIn: base.companySignIn }),
      },
      { path: '/language', access: 'public', router: languageRoutes({ ...base, language }) },
      {
        path: '/tenants/:tenantId/people',
        access: 'member',
        needs: peopleNeeds,
        router: peopleRoutes({ world, people, invitations, tenants }),
      },
      { path: '/staff/people', access: 'staff', router: staffPeopleRoutes({ ...base, staff }) },
      { path: '/tenants', access: 'signed_in', router: tenantChooserRoutes(tenants) },
    ],
  };

  return {
    pages,
    services: {
      staff,
      invitations,
      passwordResets,
      stalledMail,
      /** For pages that show the names of people by id. */
      people: peopleDirectory(base.db).byIds,
      membersOf: people.membersOf,
      removeMember: people.remove,
      setMemberRole: people.setRole,
      /** For staff: how a member signs in, and what staff may reset. */
      memberSignIn,
    },
    /** For single routes that only some roles of staff may use. */
    requireStaffRole: (...roles: StaffRole[]): RequestHandler => requireStaff(...roles),
    /** Guarded: requires a second factor (or the password, if there is none) entered in the last five minutes. */
    requireFreshProof: requireFreshProof(world),
    /** The same for a form on a page without this check; the browser returns to that page. */
    freshProofFor: (page: string, keep?: (req: Request) => void): RequestHandler =>
      requireFreshProof(world, page, keep),
  };
}

export type AccountsInWeb = ReturnType<typeof accountsInWeb>;
