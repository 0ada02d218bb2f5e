import type { Foundation } from '../app/foundation.js';
import type { RecordEvent } from '../notifications/event-store.js';
import type { TenantService } from '../tenants/tenant-service.js';
import { invitationReminders, reminderOptOut } from './invitations/invitation-reminders.js';
import { invitationService } from './invitations/invitation-service.js';
import { peopleService } from './invitations/people-service.js';
import { staffService } from './staff/staff-service.js';
import { stalledOutbox } from '../platform/outbox.js';
import { passwordResetService, RESET_ASKED } from './password-reset/password-reset-service.js';
import { passwordHasher } from './passwords/password-hasher.js';
import { passwordJudge } from './passwords/password-rules.js';
import { signInThrottle } from './passwords/sign-in-throttle.js';
import { companyOf, type CompanyConfig } from './company/company-settings.js';
import { accountMails } from './people/account-mails.js';

/** What mails are composed from. */
export type MailsFoundation = Pick<Foundation, 'brand' | 'enqueue' | 'textsIn'> & {
  config: Pick<Foundation['config'], 'PUBLIC_URL'> & Partial<CompanyConfig>;
};
export const mailsOf = ({ brand, enqueue, textsIn, config }: MailsFoundation) =>
  accountMails({ brand, enqueue, textsIn, publicUrl: config.PUBLIC_URL });

/** The dependencies of accounts. */
export type AccountsFoundation = MailsFoundation &
  Pick<Foundation, 'transaction' | 'language'> & {
    runtime: Pick<Foundation['runtime'], 'db' | 'world' | 'argon2' | 'log'>;
  };

/** The services for people that every role has; they need no page and no secret of a role. */
export function accountServices(foundation: AccountsFoundation, tenants: TenantService, record: RecordEvent) {
  const { transaction, brand, enqueue } = foundation;
  const { db, world, argon2 } = foundation.runtime;
  const { PUBLIC_URL: publicUrl } = foundation.config;
  const productWords = ['latchkey', 'ringcentral', brand.name, brand.appName];

  /** What the services are built on; each one declares what it needs of it. */
  const base = {
    db,
    transaction,
    world,
    tenants,
    enqueue,
    record,
    publicUrl,
    productWords,
    companySignIn: companyOf(foundation.config) !== null,
    hasher: passwordHasher(argon2),
    throttle: signInThrottle(transaction),
    judge: passwordJudge(productWords, tenants.ofPerson),
    mails: mailsOf(foundation),
  };
  return {
    base,
    optOut: reminderOptOut(base),
    reminders: invitationReminders(base),
    people: peopleService(base),
    staff: staffService(base),
    invitations: invitationService(base),
    passwordResets: passwordResetService(base),
    /** Whether email waits and none goes out. A request for a reset only looks whether the address has a person. */
    stalledMail: () => stalledOutbox(db, world.now(), [RESET_ASKED]),
  };
}

export type AccountServices = ReturnType<typeof accountServices>;
