import type { Foundation } from '../app/foundation.js';
import type { RecordEvent } from '../notifications/event-store.js';
import type { TenantService } from '../tenants/tenant-service.js';
import { invitationReminders, reminderOptOut } from './invitations/invitation-reminders.js';
import { invitationService } from './invitations/invitation-service.js';
import { peopleService } from './invitations/people-service.js';
import { staffService } from './invitations/staff-service.js';
import { passwordResetMailer } from './password-reset/password-reset-mailer.js';
import { passwordResetService } from './password-reset/password-reset-service.js';
import { passwordHasher } from './passwords/password-hasher.js';
import { passwordJudge } from './passwords/password-rules.js';
import { signInThrottle } from './passwords/sign-in-throttle.js';
import { accountMails } from './people/account-mails.js';

/** The dependencies of accounts. */
export type AccountsFoundation = Pick<Foundation, 'transaction' | 'brand' | 'enqueue' | 'textsIn' | 'language'> & {
  config: Pick<Foundation['config'], 'PUBLIC_URL'>;
  runtime: Pick<Foundation['runtime'], 'db' | 'world' | 'argon2'>;
};

type Given = {
  tenants: TenantService;
  /** Records an event for external programs. */
  record: RecordEvent;
};

/** The services for people that every role has; they need no page and no secret of a role. */
export function accountServices(foundation: AccountsFoundation, { tenants, record }: Given) {
  const { transaction, brand, enqueue, textsIn } = foundation;
  const { db, world, argon2 } = foundation.runtime;
  const { PUBLIC_URL: publicUrl } = foundation.config;
  const productWords = ['latchkey', 'ringcentral', brand.name, brand.appName];

  const hasher = passwordHasher(argon2);
  const throttle = signInThrottle(transaction);
  const mails = accountMails({ enqueue, brand, textsIn, tenants, publicUrl });
  const judge = passwordJudge(productWords, tenants.ofPerson);
  const resetMailer = passwordResetMailer({ transaction, world, mails, publicUrl });
  return {
    hasher,
    throttle,
    mails,
    judge,
    resetMailer,
    optOut: reminderOptOut({ transaction, world }),
    reminders: invitationReminders({ db, transaction, world, tenants, mails, publicUrl }),
    people: peopleService({ db, transaction, world, tenants, mails }),
    staff: staffService({ db, transaction, world, hasher, publicUrl, productWords }),
    invitations: invitationService({
      db,
      transaction,
      world,
      hasher,
      tenants,
      mails,
      record,
      publicUrl,
      productWords,
    }),
    passwordResets: passwordResetService({
      db,
      transaction,
      world,
      hasher,
      tenants,
      enqueue,
      mails,
      mailer: resetMailer,
      judge,
      throttle,
    }),
  };
}

export type AccountServices = ReturnType<typeof accountServices>;
