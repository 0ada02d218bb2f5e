/** Who has access to a tenant: the People page, and the same part on the staff pages. */
export const people = {
  title: 'People',
  lead: 'Everyone listed here can see the connection to RingCentral. The role says what else a person can do.',
  /** `what` follows the name of the role in a form. */
  roles: {
    owner: {
      name: 'Owner',
      what: 'Can do everything here, including invite and remove people, change roles and disconnect.',
    },
    member: {
      name: 'Member',
      what: 'Can see everything, connect, check and replace the connection, and choose fax lines.',
    },
    viewer: { name: 'Viewer', what: 'Can see everything, but cannot change anything.' },
  },
  ownersOnly: (names: string) => `To invite or remove people, or to change a role, ask ${names}.`,
  noOwner: 'This clinic has no owner right now. Ask support for one.',
  leave: 'Leave this clinic',
  members: {
    caption: 'Who has access',
    columns: { name: 'Person', role: 'Role', since: 'Since' },
    you: (name: string) => `${name} (you)`,
    unproved: (email: string) => `${email}, not confirmed`,
    remove: 'Remove',
    changeRole: 'Change role',
    onlyYou: 'Only you are told when something breaks. Invite a colleague who can act while you are away.',
  },
  invitations: {
    caption: 'Invitations not accepted yet',
    empty: 'There are no open invitations.',
    columns: { email: 'Email', state: 'State' },
    states: { open: 'Open', expired: 'Expired' },
    invited: (time: string, role: string) => `${role}, invited ${time}`,
    until: (time: string) => `The link works until ${time}`,
    since: (time: string) => `The link worked until ${time}`,
    sendAgain: 'Send a new link',
    revoke: 'Revoke',
    /** Added to a button's label for screen readers. */
    of: (email: string) => `to ${email}`,
  },
  invite: {
    heading: 'Invite a colleague',
    email: "Your colleague's email address",
    hint: 'We email a link that works once, within 7 days. We send reminders after 2 and 5 days.',
    role: 'Role',
    button: 'Send the invitation',
    handOffsAlone: 'Make a link for a colleague who only makes and pastes the JWT',
    handOffs: 'Or make a link for a colleague who only makes and pastes the JWT',
  },
  problems: {
    already_member: 'The person with this address has already joined. Enter another address.',
    already_invited:
      'This address already has an open invitation. You can send a new link from the list of invitations.',
    too_many: (time: string) => `20 invitations were sent in 24 hours. You can send the next one on ${time}.`,
    too_many_to_one: (time: string) =>
      `This address was sent 3 invitations in 24 hours. You can send the next one on ${time}.`,
  },
  notices: {
    invited: 'The person was invited. The list shows whether the email was sent.',
    sent_again: 'There is a new link, and the earlier one no longer works. The list shows whether the email was sent.',
    revoked: 'The invitation was revoked. Its link no longer works.',
    removed: 'The person no longer has access.',
    role: 'The role was changed.',
    rule: 'The rule was saved.',
  },
  removal: {
    title: (name: string) => `Remove ${name}`,
    titleOfStaff: (name: string, clinic: string) => `Remove ${name} from ${clinic}`,
    titleSelf: 'Leave this clinic',
    back: 'People',
    what: (name: string, email: string) => `${name} (${email}) loses access immediately. We tell them by email.`,
    whatSelf: 'You lose access immediately. Only someone who still has access can invite you again.',
    invitations: 'Invitations they sent that were not accepted are revoked too.',
    invitationsSelf: 'Invitations you sent that were not accepted are revoked too.',
    last: 'A clinic needs an owner, and this person is the only one. Make another person an owner first.',
    lastSelf: 'You are the only owner, and a clinic needs one. Make another person an owner first.',
    button: 'Remove this person',
    buttonSelf: 'Leave this clinic',
  },
  /** The page that gives a person another role. */
  role: {
    title: (name: string) => `Role of ${name}`,
    titleByStaff: ({ name, clinic }: { name: string; clinic: string }) => `Role of ${name} at ${clinic}`,
    now: (email: string, role: string) => `The role of ${email} is ${role}.`,
    told: 'A new role applies immediately. We tell the person and the other owners by email.',
    legend: 'New role',
    invitations: 'If this person stops being an owner, invitations they sent that were not accepted are revoked.',
    button: 'Save the role',
  },
  /** Whether everyone in the clinic needs a second factor. */
  rule: {
    heading: 'Authenticator app',
    needed: 'Everyone here needs an authenticator app to sign in.',
    notNeeded: 'People here can sign in without an authenticator app.',
    effect: 'Anyone without one must set it up before seeing another page. We tell everyone here by email.',
    require: 'Require it from everyone',
    release: 'Stop requiring it',
  },
};
