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
    from: ({ isv, by }: Isv & { by: string }) =>
      `${by} of ${isv} has asked you to connect your organization's RingCentral account.`,
    fromMember: ({ isv, by }: Isv & { by: string }) =>
      `${by} has invited you to connect your organization's RingCentral account to ${isv}.`,
    fromProgram: ({ isv }: Isv) => `${isv} has asked you to connect your organization's RingCentral account.`,
    /** To a person who may only look. */
    toView: {
      subject: ({ isv }: Isv) => `${isv}: see your organization's RingCentral connection`,
      from: ({ isv, by }: Isv & { by: string }) =>
        `${by} of ${isv} has invited you to see your organization's RingCentral connection.`,
      fromMember: ({ isv, by }: Isv & { by: string }) =>
        `${by} has invited you to see your organization's RingCentral connection at ${isv}.`,
      fromProgram: ({ isv }: Isv) => `${isv} has invited you to see your organization's RingCentral connection.`,
    },
    effort: 'It takes about 5 minutes. You never give us your RingCentral password.',
    button: 'Accept the invitation',
    elseHeading: 'Does someone else handle RingCentral?',
    elsewhere: ({ choice }: { choice: string }) =>
      `Accept the invitation, then choose “${choice}” on the first page. You get a link for that person, who needs no account here.`,
    after: ({ expires }: { expires: string }) => [
      `The link in this email is yours alone. It works once, until ${expires}.`,
      'If you did not expect this email, delete it. Nothing happens unless you act.',
    ],
  },
  reminder: {
    subject: ({ isv }: Isv) => `${isv}: your invitation is still open`,
    stillOpen: 'The invitation is still open.',
    after: ({ expires }: { expires: string }) => [
      `The link in this email is yours alone. It works once, until ${expires}.`,
      "If someone else has already done this, you don't need to do anything.",
    ],
  },
  stopReminders: 'Stop reminders',
  passwordReset: {
    subject: ({ isv }: Isv) => `${isv}: choose a new password`,
    paragraphs: ({ isv, byStaff }: Isv & { byStaff: boolean }) => [
      byStaff
        ? `${isv} sent you this link so that you can choose a new password.`
        : `Someone, probably you, asked for a new password for your ${isv} account.`,
    ],
    button: 'Choose a new password',
    after: ({ expires }: { expires: string }) => [
      `The link works once, until ${expires}. Only the newest link works.`,
      'If you did not ask for it, delete this email. Your password has not changed.',
    ],
  },
  failing: {
    /** The subject says who must act. */
    subject: ({ isv, tenant, act }: Tenant & { act: 'you' | 'clinic' | 'others' }) =>
      ({
        you: `${isv}: action needed – RingCentral is not working for ${tenant}`,
        clinic: `${isv}: RingCentral is not working for ${tenant} – the clinic can fix it`,
        others: `${isv}: RingCentral is not working for ${tenant} – no action needed from you`,
      })[act],
    since: ({ isv, tenant, at }: Tenant & { at: string }) => `Since ${at}, ${isv} cannot read the faxes of ${tenant}.`,
    yours: 'You can fix this. The page shows each step.',
    button: 'See what to do',
    once: 'We email you once when it stops working and once when it works again.',
  },
  fix: {
    subject: ({ isv, tenant }: Tenant) => `${isv}: how to fix the RingCentral connection of ${tenant}`,
    about: ({ isv, tenant }: Tenant) => `${isv} sends you this about the RingCentral connection of ${tenant}.`,
    button: 'Open the page with these steps',
  },
  recovered: {
    subject: ({ isv, tenant }: Tenant) => `${isv}: RingCentral works again for ${tenant}`,
    since: ({ isv, tenant, at }: Tenant & { at: string }) =>
      `Since ${at}, RingCentral accepts the connection of ${tenant} to ${isv} again.`,
    nothing: "You don't need to do anything.",
  },
  ownerChanged: {
    subject: ({ isv, tenant }: Tenant) => `${isv}: check a change at RingCentral for ${tenant}`,
    about: ({ isv, tenant }: Tenant) => `${isv} reads the faxes of ${tenant} with the JWT of a RingCentral user.`,
    button: 'See the connection',
    once: 'We email you once about this change.',
  },
  notConfirmed: {
    subject: ({ isv, tenant }: Tenant) => `${isv}: is this the company of ${tenant}?`,
    paragraphs: ({ isv, tenant }: Tenant) => [
      `Someone connected ${tenant} to RingCentral, and RingCentral accepted it.`,
      `${isv} reads no faxes until someone at ${tenant} confirms that the company is theirs.`,
    ],
    button: 'See the company',
    once: 'We email you once about this.',
  },
  expires: {
    subject: ({ isv, tenant, on }: Tenant & { on: string }) =>
      `${isv}: action needed – the JWT of ${tenant} expires on ${on}`,
    paragraphs: ({ isv, tenant, on }: Tenant & { on: string }) => [
      `The JWT that ${isv} uses to read the faxes of ${tenant} expires on ${on}.`,
      'Make a new one before that day and paste it. The old one keeps working until then.',
    ],
    button: 'Make a new JWT',
    next: ({ on }: { on: string }) => `We will remind you again on ${on}, unless a new JWT is in place.`,
  },
  /** To staff, once a day, if anything needs attention. */
  digest: {
    subject: ({ isv }: Isv) => `${isv}: what needs attention today`,
    clinics: 'Clinics in each state:',
    refused: (count: number) =>
      count === 1
        ? '1 email could not be delivered since yesterday.'
        : `${count} emails could not be delivered since yesterday.`,
    incident: (title: string) => `An incident is open: ${title}.`,
    filling: (count: number) =>
      count === 1
        ? '1 clinic has a fax mailbox that is full or nearly full.'
        : `${count} clinics have a fax mailbox that is full or nearly full.`,
    lastRun: (time: string) => `Last complete run of the fax pull: ${time}.`,
    button: 'Open the list of clinics',
  },
  /** To staff, two hours before the nightly run. */
  preflight: {
    subject: ({ isv, failing }: Isv & { failing: string }) => `${isv}: tonight's run: ${failing}`,
    subjects: {
      allGo: 'every clinic will work',
      some: (noGo: string, unknown: string) => `${noGo} will not work, ${unknown} unknown`,
    },
    begins: (at: string) => `The nightly run begins on ${at}.`,
    counts: ({ go, noGo, unknown }: { go: string; noGo: string; unknown: string }) => [
      `Will work: ${go}`,
      `Will not work: ${noGo}`,
      `Unknown: ${unknown}`,
    ],
    estimate: (duration: string) => `Getting a token for every clinic takes at most ${duration}.`,
    named: 'These will not work:',
    more: (count: string) => `And ${count} more.`,
    button: 'Open the list',
    asOf: (at: string) => `This is what we knew at ${at}. The page shows what we know now.`,
  },
  /** To staff, about anything that is not limited to one clinic. */
  incident: {
    subject: ({ isv, title }: Isv & { title: string }) => `${isv}: incident: ${title}`,
    over: ({ isv, title }: Isv & { title: string }) => `${isv}: resolved: ${title}`,
    button: 'Open the incident',
  },
  newAddress: {
    subject: ({ isv }: Isv) => `${isv}: confirm your new address`,
    paragraphs: ({ isv }: Isv) => [
      `Someone, probably you, wants to use this address to sign in to ${isv}.`,
      'Open the link in the browser in which you are signed in.',
    ],
    button: 'Confirm the new address',
    after: ({ expires }: { expires: string }) => [
      `The link works once, until ${expires}. Only the newest link works.`,
      'If this was not you, delete this email. Nothing happens unless you act.',
    ],
  },
  /** To the address of an account that was created by a link that staff handed over. */
  proveAddress: {
    subject: ({ isv }: Isv) => `${isv}: confirm your address`,
    paragraphs: ({ isv }: Isv) => [
      `An account at ${isv} was created for this address, through a link that one of us handed over.`,
      'Confirm that the address is yours. Open the link in the browser in which you are signed in.',
    ],
    button: 'Confirm the address',
    after: ({ expires }: { expires: string }) => [
      `The link works once, until ${expires}. Only the newest link works.`,
      'If you did not create an account, do not open the link, and tell us.',
    ],
  },
  /** To a new member of staff. */
  staffSetup: {
    subject: ({ isv }: Isv) => `${isv}: your staff account`,
    paragraphs: ({ isv, byCompany }: Isv & { byCompany: boolean }) => [
      `An administrator of ${isv} has created a staff account for this address.`,
      byCompany
        ? 'Sign in with your company account to set it up.'
        : 'Choose a password and set up an authenticator app to sign in.',
    ],
    button: 'Set up the account',
    after: ({ expires }: { expires: string }) => [
      `The link works once, until ${expires}. Only the newest link works.`,
      'If you did not expect this email, delete it and tell your administrator.',
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
          `A one-time link to an API key for ${isv} was used again on ${at}. Another person may have the key.`,
      },
    },
    which: ({ name, id, scopes }: { name: string; id: string; scopes: string }) =>
      `Key name: ${name}. ID: ${id}. It allows ${scopes}.`,
    ifYou: "If you expected this, you don't need to do anything.",
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
          `The role of the staff account of ${email} at ${isv} was changed on ${at}. Role: ${role}.`,
      },
      secondFactorReset: {
        subject: ({ isv }: Isv) => `${isv}: a staff authenticator app was removed`,
        what: ({ isv, email, at }: Isv & StaffAccount) =>
          `The authenticator app was removed from the staff account of ${email} at ${isv} on ${at}.`,
      },
      companyAccountRemoved: {
        subject: ({ isv }: Isv) => `${isv}: a staff company account was removed`,
        what: ({ isv, email, at }: Isv & StaffAccount) =>
          `The company account was removed from the staff account of ${email} at ${isv} on ${at}.`,
      },
      signedInLocally: {
        subject: ({ isv }: Isv) => `${isv}: staff sign-in without the company`,
        what: ({ isv, email, at }: Isv & StaffAccount) =>
          `${email} signed in at ${isv} with a password on ${at}, not with a company account.`,
      },
    },
    by: (email: string) => `${email} made this change.`,
    byCommand: 'A command on the server made this change.',
    after: 'If you did not expect this, check the list of staff in the portal.',
  },
  security: securityMails,
};
