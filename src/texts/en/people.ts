/** Who has access to a tenant: the People page, and the same part on the staff pages. */
export const people = {
  title: 'People',
  lead: 'Everyone listed here can see the connection to RingCentral. The role says what else a person may do.',
  /** `what` follows the name of the role in a form. */
  roles: {
    owner: {
      name: 'Owner',
      what: 'May do everything here: also invite and remove people, give roles, and disconnect.',
    },
    member: {
      name: 'Member',
      what: 'May see everything, and connect, check and replace the connection, and choose fax lines.',
    },
    viewer: { name: 'Viewer', what: 'May see everything, and change nothing.' },
  },
  ownersOnly: (names: string) => `To invite or remove people, or to change a role, ask ${names}.`,
  noOwner: 'This clinic has no owner now. Ask support for one.',
  leave: 'Leave this clinic',
  members: {
    caption: 'Who has access',
    columns: { name: 'Person', role: 'Role', since: 'Since' },
    you: (name: string) => `${name} (you)`,
    unproved: (email: string) => `${email}, not confirmed`,
    remove: 'Remove',
    changeRole: 'Change role',
    onlyYou: 'Only you hear when something breaks. Invite a colleague who can act while you are away.',
  },
  invitations: {
    caption: 'Invitations nobody has accepted yet',
    empty: 'No invitation is open.',
    columns: { email: 'E-mail', state: 'State' },
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
    email: 'E-mail address of your colleague',
    hint: 'We mail a link that works once, within 7 days, and remind them after 2 and 5 days.',
    role: 'Role',
    button: 'Send the invitation',
    handOffsAlone: 'Make a link for a colleague who only makes and pastes the JWT',
    handOffs: 'Or make a link for a colleague who only makes and pastes the JWT',
  },
  problems: {
    already_member: 'The person with this address has joined already. Enter another address.',
    already_invited: 'This address has an open invitation. You can send it a new link from the list of invitations.',
    too_many: (time: string) => `20 invitations were sent in 24 hours. You can send the next one from ${time} on.`,
    too_many_to_one: (time: string) =>
      `This address was sent 3 invitations in 24 hours. You can send the next one from ${time} on.`,
  },
  notices: {
    invited: 'The person is invited. The list shows whether the email went out.',
    sent_again: 'There is a new link, and the earlier one no longer works. The list shows whether its email went out.',
    revoked: 'The invitation is revoked. Its link no longer works.',
    removed: 'The person no longer has access.',
    role: 'The role is changed.',
    rule: 'The rule is saved.',
  },
  removal: {
    title: (name: string) => `Remove ${name}`,
    titleOfStaff: (name: string, clinic: string) => `Remove ${name} from ${clinic}`,
    titleSelf: 'Leave this clinic',
    back: 'People',
    what: (name: string, email: string) => `${name} (${email}) loses access at once, and is told so by mail.`,
    whatSelf: 'You lose access at once. Only somebody who still has access can invite you again.',
    invitations: 'Invitations they sent and nobody has accepted are revoked too.',
    invitationsSelf: 'Invitations you sent and nobody has accepted are revoked too.',
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
    told: 'A new role counts at once. We tell the person and the other owners by mail.',
    legend: 'New role',
    invitations: 'If this person stops being an owner, invitations they sent and nobody has accepted are revoked.',
    button: 'Save the role',
  },
  /** Whether everyone in the clinic needs a second factor. */
  rule: {
    heading: 'Authenticator app',
    needed: 'Everyone here needs an authenticator app to sign in.',
    notNeeded: 'People here may sign in without an authenticator app.',
    effect: 'A person without one sets it up before seeing another page. We tell everyone here by mail.',
    require: 'Require it from everyone',
    release: 'Stop requiring it',
  },
};
