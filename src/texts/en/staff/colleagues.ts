/** The ISV's own staff. */
export const people = {
  title: 'Staff',
  lead: 'Who works here for us. Every change is recorded. The person and the other administrators get an email.',
  you: (name: string) => `${name} (you)`,
  columns: { name: 'Name', role: 'Role', state: 'State', lastUse: 'Last use' },
  states: { active: 'Active', invited: 'Invited, not set up yet', disabled: 'Disabled' },
  noUse: 'None recorded',
  signsIn: {
    key: 'Signs in with',
    company: 'Company account',
    password: 'Password',
    nothing: 'Nothing yet',
    local: 'Signs in with a password',
    lead: (local: number) =>
      local === 1
        ? "One account signs in with a password. It works on the day when the company's sign-in is down."
        : `${local} accounts sign in with a password. Keep one for the day when the company's sign-in is down.`,
  },
  roles: {
    administrator: 'Also changes staff, settings of clinics and their people, and approves accounts.',
    operator: 'Also creates clinics, invites people, checks connections and sends fixes.',
    auditor: 'Reads everything here and changes nothing.',
  },
  invite: {
    action: 'Invite a member of staff',
    title: 'Invite a member of staff',
    lead: 'We email a link that works once, within 24 hours. You do not see it.',
    name: 'Name',
    email: 'Email address',
    button: 'Send the invitation',
  },
  problems: {
    name_missing: 'Enter a name.',
    name_too_long: 'The name is too long. Use at most 100 characters.',
    email_unreadable: 'Enter an email address, such as name@example.com.',
    address_in_use: 'This address already has an account.',
    role_unknown: 'Choose a role.',
  },
  change: {
    lead: 'We ask for your code before a change. A change ends every session of this person.',
    setRole: 'Change the role',
    reset: {
      heading: 'Lost phone and no recovery codes',
      what: [
        'Call this person at a phone number you already have, to make sure that they asked.',
        'The app and the recovery codes stop working. At the next sign-in, the person enters the password and sets up another app.',
      ],
      button: 'Remove the authenticator app',
    },
    company: {
      heading: 'Company account gone or replaced',
      what: [
        'Call this person at a phone number you already have, to make sure that they asked.',
        'The company account stops working here. We email the person a link to set one up again.',
      ],
      button: 'Remove the company account',
    },
    disable: {
      heading: 'Disable the account',
      what: [
        'The person is signed out everywhere and cannot sign in. Their records stay.',
        'API keys that the person created keep working. The API keys page marks them. Replace the keys that the person may know.',
      ],
      button: 'Disable the account',
    },
    enable: {
      heading: 'Enable the account',
      what: ['The person can sign in again with the same password and authenticator app.'],
      button: 'Enable the account',
    },
  },
  notices: {
    invited: 'We have sent the invitation.',
    role: 'The role was changed.',
    disabled: 'The account was disabled.',
    enabled: 'The account was enabled.',
    reset: 'The authenticator app was removed.',
    unlinked: 'The company account was removed. We have emailed a link.',
  },
  refusals: {
    own_account: 'You cannot change your own account here. Ask another administrator.',
    last_administrator: 'This is the last administrator who can sign in. Make another person administrator first.',
    role_unknown: 'Choose a role.',
  },
};
