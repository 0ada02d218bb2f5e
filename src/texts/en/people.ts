/** Who has access to a tenant: the People page, and the same part on the staff pages. */
export const people = {
  title: 'People',
  lead: 'Everybody listed here can see and change the connection to RingCentral.',
  members: {
    caption: 'Who has access',
    columns: { name: 'Person', since: 'Since' },
    you: (name: string) => `${name} (you)`,
    unproved: (email: string) => `${email}, not confirmed`,
    remove: 'Remove',
    onlyYou: 'Only you hear when something breaks. Invite a colleague who can act while you are away.',
  },
  invitations: {
    caption: 'Invitations nobody has accepted yet',
    empty: 'No invitation is open.',
    columns: { email: 'E-mail', state: 'State' },
    states: { open: 'Open', expired: 'Expired' },
    invited: (time: string) => `Invited ${time}`,
    until: (time: string) => `The link works until ${time}`,
    since: (time: string) => `The link worked until ${time}`,
    sendAnew: 'Send a new link',
    revoke: 'Revoke',
    /** Added to a button's label for screen readers. */
    of: (email: string) => `to ${email}`,
  },
  invite: {
    heading: 'Invite a colleague',
    email: 'E-mail address of your colleague',
    hint: 'We mail a link that works once, within 7 days, and remind them after 2 and 5 days.',
    button: 'Send the invitation',
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
    sent_anew: 'There is a new link, and the earlier one no longer works. The list shows whether its email went out.',
    revoked: 'The invitation is revoked. Its link no longer works.',
    removed: 'The person no longer has access.',
  },
  removal: {
    title: (name: string) => `Remove ${name}`,
    titleOfStaff: (name: string, clinic: string) => `Remove ${name} from ${clinic}`,
    titleSelf: 'Remove yourself',
    back: 'People',
    what: (name: string, email: string) => `${name} (${email}) loses access at once, and is told so by mail.`,
    whatSelf: 'You lose access at once. Only somebody who still has access can invite you again.',
    invitations: 'Invitations they sent and nobody has accepted are revoked too.',
    invitationsSelf: 'Invitations you sent and nobody has accepted are revoked too.',
    last: 'Nobody else has access here. Invite another person first: you can remove this one when they have joined.',
    button: 'Remove this person',
    buttonSelf: 'Remove my access',
  },
};
