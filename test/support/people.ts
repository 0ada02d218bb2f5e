import { TOTP } from 'otpauth';
import type { ClinicRole } from '../../src/app/clinic-roles.js';
import type { TestPortal } from './portal.js';
import type { Visitor } from './visits/visitor.js';

/** Synthetic, and long enough for the password rules. */
export const aPassword = 'correct-zebra-lantern-42';

let count = 0;
const addressOf = (name: string) => `${name.toLowerCase().replaceAll(/[^a-z]+/g, '.')}.${(count += 1)}@clinic.example`;

/** Invites an address and accepts, as the clinic's admin would. */
export async function joinTenant(test: TestPortal, tenantId: string, name: string, role: ClinicRole): Promise<Visitor> {
  const email = addressOf(name);
  const inviter = await someStaffId(test);
  const invited = await test.portal.services.invitations.invite({ tenantId, email, role, invitedBy: inviter });
  if (!invited.ok) throw new Error(invited.problem);
  const visitor = test.visitor();
  visitor.email = email;
  const { pathname } = new URL(invited.url);
  await visitor.get(pathname);
  const accepted = await visitor.post(pathname, { name, password: aPassword });
  if (accepted.status !== 303) throw new Error(`the invitation was not accepted: ${accepted.status}`);
  return visitor;
}

async function someStaffId(test: TestPortal): Promise<string> {
  const asked = { email: addressOf('inviter'), name: 'Ida Inviter', role: 'operator' };
  const created = await test.portal.services.staff.createStaff(asked);
  if (!created.ok) throw new Error(created.problem);
  return created.personId;
}

/** The current six-digit code. */
export const totpNow = (secret: string, at: Date): string => new TOTP({ secret }).generate({ timestamp: at.getTime() });

type Role = 'administrator' | 'operator' | 'auditor';
type Seen = { status: number; text: string };
/** A client that opens pages and submits their forms. */
type Anybody = {
  get: (path: string) => Promise<Seen>;
  post: (path: string, fields?: Record<string, string>) => Promise<Seen>;
};

/** Creates a staff account as the command line does, sets password and second factor, and signs in. */
export async function signInStaff(test: TestPortal, role: Role): Promise<Visitor> {
  const visitor = test.visitor();
  visitor.email = await becomeStaff(test, role, visitor);
  return visitor;
}

/** The same in an existing browser. @returns the address */
export async function becomeStaff(test: TestPortal, role: Role, visitor: Anybody): Promise<string> {
  const email = addressOf(role);
  const created = await test.portal.services.staff.createStaff({ email, name: `Olga ${role}`, role });
  if (!created.ok) throw new Error(created.problem);
  test.totpSecrets.push(await setUpStaff(visitor, created.url, test.clock()));
  return email;
}

/** Opens the one-time link of a new staff account and signs in. @returns the secret of the second factor */
export async function setUpStaff(visitor: Anybody, link: string, now: Date): Promise<string> {
  const { pathname } = new URL(link);
  await visitor.get(pathname);
  await visitor.post(pathname, { password: aPassword });
  const enrol = await visitor.get('/account/second-factor');
  const secret = /<code class="secret">([A-Z2-7 ]+)<\/code>/.exec(enrol.text)?.[1]?.replaceAll(' ', '');
  if (!secret) throw new Error('the enrolment page shows no secret');
  const confirmed = await visitor.post('/account/second-factor', { code: totpNow(secret, now) });
  if (confirmed.status !== 303) throw new Error(`the second factor was not taken: ${confirmed.status}`);
  return secret;
}
