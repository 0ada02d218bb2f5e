import { offboarded } from './mails/offboarded.js';
import { peopleMails } from './mails/people.js';
import { securityMails } from './mails/security.js';

type Isv = { isv: string };
type Tenant = Isv & { tenant: string };
type StaffAccount = { email: string; role: string; at: string };

export const mails = {
  signature: ({ isv, support }: { isv: string; support: string }) => `${isv}. Questions? Write to ${support}.`,
  invitation: {
    subject: ({ isv }: Isv) => `${isv}: connect your RingCentral account`,
    paragraphs: ({ isv }: Isv) => [
      `${isv} asks you to connect your organization's RingCentral account.`,
      'It takes about 5 minutes. You never give us your RingCentral password.',
    ],
    button: 'Accept the invitation',
    after: ({ expires }: { expires: string }) => [
      `The link works once, until ${expires}.`,
      'If you did not expect this mail, delete it. Nothing happens without you.',
    ],
  },
  reminder: {
    subject: ({ isv }: Isv) => `${isv}: your invitation is still open`,
    paragraphs: ({ isv }: Isv) => [
      `${isv} asked you to connect your organization's RingCentral account. The invitation is still open.`,
      'It takes about 5 minutes. You never give us your RingCentral password.',
    ],
    button: 'Accept the invitation',
    after: ({ expires }: { expires: string }) => [
      `The link works once, until ${expires}.`,
      'If somebody else does this, you do not need to do anything.',
    ],
  },
  stopReminders: 'Send me no reminders',
  passwordReset: {
    subject: ({ isv }: Isv) => `${isv}: choose a new password`,
    paragraphs: ({ isv, byStaff }: Isv & { byStaff: boolean }) => [
      byStaff
        ? `${isv} sends you this link so that you can choose a new password.`
        : `Somebody, probably you, asked to choose a new password for your ${isv} account.`,
    ],
    button: 'Choose a new password',
    after: ({ expires }: { expires: string }) => [
      `The link works once, until ${expires}. Only the newest link works.`,
      'If you did not ask for it, delete this mail. Your password stays as it is.',
    ],
  },
  failing: {
    subject: ({ isv, tenant }: Tenant) => `${isv}: RingCentral does not work for ${tenant}`,
    since: ({ isv, tenant, at }: Tenant & { at: string }) => `Since ${at}, ${isv} cannot read the faxes of ${tenant}.`,
    yours: 'You can fix this. The page names each step.',
    button: 'See what to do',
    once: 'We write once when it stops and once when it works again.',
  },
  recovered: {
    subject: ({ isv, tenant }: Tenant) => `${isv}: RingCentral works again for ${tenant}`,
    since: ({ isv, tenant, at }: Tenant & { at: string }) =>
      `Since ${at}, RingCentral accepts the connection of ${tenant} to ${isv} again.`,
    nothing: 'You do not need to do anything.',
  },
  ownerChanged: {
    subject: ({ isv, tenant }: Tenant) => `${isv}: a change at RingCentral for ${tenant}`,
    about: ({ isv, tenant }: Tenant) => `${isv} reads the faxes of ${tenant} with the JWT of a RingCentral user.`,
    button: 'See the connection',
    once: 'We write once about this change.',
  },
  expires: {
    subject: ({ isv, tenant, on }: Tenant & { on: string }) => `${isv}: the JWT of ${tenant} expires on ${on}`,
    paragraphs: ({ isv, tenant, on }: Tenant & { on: string }) => [
      `The JWT with which ${isv} reads the faxes of ${tenant} expires on ${on}.`,
      'Make a new one before that day and paste it. Until then the old one goes on working.',
    ],
    button: 'Make a new JWT',
    next: ({ on }: { on: string }) => `We remind you again on ${on}, unless a new JWT is in place.`,
  },
  /** To staff, once a day, if anything needs attention. */
  digest: {
    subject: ({ isv }: Isv) => `${isv}: what needs somebody today`,
    clinics: 'How many clinics are in each state:',
    refused: (count: number) =>
      count === 1
        ? '1 mail could not be delivered since yesterday.'
        : `${count} mails could not be delivered since yesterday.`,
    incident: (title: string) => `An incident is open: ${title}.`,
    filling: (count: number) =>
      count === 1
        ? '1 clinic has a fax mailbox that is full or nearly full.'
        : `${count} clinics have a fax mailbox that is full or nearly full.`,
    lastRun: (time: string) => `The last complete run of the fax pull: ${time}.`,
    button: 'Open the list of clinics',
  },
  /** To staff, two hours before the nightly run. */
  preflight: {
    subject: ({ isv, failing }: Isv & { failing: string }) => `${isv}: the run tonight: ${failing}`,
    subjects: {
      allGo: 'every clinic will work',
      some: (noGo: string, unknown: string) => `${noGo} will not work, ${unknown} not known`,
    },
    begins: (at: string) => `The nightly run begins on ${at}.`,
    counts: ({ go, noGo, unknown }: { go: string; noGo: string; unknown: string }) => [
      `Will work: ${go}`,
      `Will not work: ${noGo}`,
      `Not known: ${unknown}`,
    ],
    estimate: (duration: string) => `To get a token for every clinic takes at most ${duration}.`,
    named: 'These will not work:',
    more: (count: string) => `And ${count} more.`,
    button: 'Open the list',
    asOf: (at: string) => `This is what we knew at ${at}. The page shows what we know now.`,
  },
  /** To staff, about anything that is not limited to one clinic. */
  incident: {
    subject: ({ isv, title }: Isv & { title: string }) => `${isv}: incident: ${title}`,
    over: ({ isv, title }: Isv & { title: string }) => `${isv}: over: ${title}`,
    button: 'Open the incident',
  },
  newAddress: {
    subject: ({ isv }: Isv) => `${isv}: confirm your new address`,
    paragraphs: ({ isv }: Isv) => [
      `Somebody, probably you, wants to use this address to sign in to ${isv}.`,
      'Open the link in the browser in which you are signed in.',
    ],
    button: 'Confirm the new address',
    after: ({ expires }: { expires: string }) => [
      `The link works once, until ${expires}. Only the newest link works.`,
      'If it was not you, delete this mail. Nothing happens without you.',
    ],
  },
  /** To the address of an account that was created by a link that staff handed over. */
  proveAddress: {
    subject: ({ isv }: Isv) => `${isv}: confirm your address`,
    paragraphs: ({ isv }: Isv) => [
      `An account at ${isv} was created for this address, by a link that one of us handed over.`,
      'Confirm that the address is yours. Open the link in the browser in which you are signed in.',
    ],
    button: 'Confirm the address',
    after: ({ expires }: { expires: string }) => [
      `The link works once, until ${expires}. Only the newest link works.`,
      'If you created no account, do not open the link, and tell us.',
    ],
  },
  /** To a new member of staff. */
  staffSetup: {
    subject: ({ isv }: Isv) => `${isv}: your staff account`,
    paragraphs: ({ isv }: Isv) => [
      `An administrator of ${isv} has created a staff account for this address.`,
      'Choose a password and set up an authenticator app to sign in.',
    ],
    button: 'Set up the account',
    after: ({ expires }: { expires: string }) => [
      `The link works once, until ${expires}. Only the newest link works.`,
      'If you did not expect this mail, delete it and tell your administrator.',
    ],
  },
  offboarded,
  ...peopleMails,
  /** To every administrator, about a key of a program. */
  apiKeys: {
    notices: {
      made: {
        subject: ({ isv }: Isv) => `${isv}: an API key was created`,
        what: ({ isv, at }: Isv & { at: string }) => `An API key for ${isv} was created on ${at}.`,
      },
      revoked: {
        subject: ({ isv }: Isv) => `${isv}: an API key was revoked`,
        what: ({ isv, at }: Isv & { at: string }) => `An API key for ${isv} was revoked on ${at}. It no longer works.`,
      },
      linkRepeated: {
        subject: ({ isv }: Isv) => `${isv}: a link to an API key was used twice`,
        what: ({ isv, at }: Isv & { at: string }) =>
          `A link that shows an API key for ${isv} once was used again on ${at}. Another person may have the key.`,
      },
    },
    which: ({ name, id, scopes }: { name: string; id: string; scopes: string }) =>
      `The key is called ${name}, its ID is ${id}, and it allows ${scopes}.`,
    ifYou: 'If you expected this, you do not need to do anything.',
    ifNotYou: 'If not, open API keys in the portal and revoke the key.',
  },
  /** To the other administrators of the ISV, after a change of a staff account. */
  staffChanged: {
    notices: {
      created: {
        subject: ({ isv }: Isv) => `${isv}: a staff account was created`,
        what: ({ isv, email, role, at }: Isv & StaffAccount) =>
          `A staff account at ${isv} was created for ${email} on ${at}. Role: ${role}.`,
      },
      disabled: {
        subject: ({ isv }: Isv) => `${isv}: a staff account was disabled`,
        what: ({ isv, email, at }: Isv & StaffAccount) =>
          `The staff account of ${email} at ${isv} was disabled on ${at}.`,
      },
      enabled: {
        subject: ({ isv }: Isv) => `${isv}: a staff account was enabled`,
        what: ({ isv, email, role, at }: Isv & StaffAccount) =>
          `The staff account of ${email} at ${isv} was enabled again on ${at}. Role: ${role}.`,
      },
      roleChanged: {
        subject: ({ isv }: Isv) => `${isv}: a staff role was changed`,
        what: ({ isv, email, role, at }: Isv & StaffAccount) =>
          `The staff account of ${email} at ${isv} was given another role on ${at}. Role: ${role}.`,
      },
      secondFactorReset: {
        subject: ({ isv }: Isv) => `${isv}: an authenticator app of staff was removed`,
        what: ({ isv, email, at }: Isv & StaffAccount) =>
          `The authenticator app was removed from the staff account of ${email} at ${isv} on ${at}.`,
      },
    },
    by: (email: string) => `${email} did this.`,
    byCommand: 'A command on the server did this.',
    after: 'If you did not expect this, look at the list of staff in the portal.',
  },
  security: securityMails,
};
