/** How a member signs in, and the pages of an invitation. */
export const memberSignIn = {
  action: 'See sign-in',
  title: (name: string) => `How ${name} signs in`,
  who: ({ email }: { email: string }) =>
    `The address is ${email}. Ending or resetting something asks for your code first.`,
  noApp: 'Not set up',
  end: 'Sign them out everywhere',
  reset: {
    heading: 'Lost phone and no recovery codes',
    what: [
      'Make sure that it is this person who asks, by a telephone number you had before.',
      'The app and the recovery codes stop working. The person is signed out everywhere and told by mail.',
      'After that their password alone signs them in, until they set up an app again.',
    ],
    button: 'Take the authenticator app away',
  },
  notices: {
    reset: 'Done. The authenticator app does not count any more.',
    ended: 'Done. The person is signed out everywhere.',
  },
};

export const passwordReset = {
  title: 'Mail a link for a new password',
  action: 'Mail a password link',
  who: ({ name, email }: { name: string; email: string }) => `${name} signs in as ${email}.`,
  lead: 'The link goes to that address only. You do not see it. It works once, within an hour.',
  secondFactor: 'An authenticator app, where there is one, stays as it is.',
  button: 'Mail the link',
  again: 'Mail another link',
  open: (time: string) => `There is a link. It works until ${time}.`,
};

export const invite = {
  heading: 'Invite a person of the clinic',
  title: (clinic: string) => `Invite a person of ${clinic}`,
  email: 'E-mail address',
  hint: 'We mail a link that works once, within 7 days.',
  byHand: {
    legend: 'How the link gets there',
    label: 'I hand the link over myself',
    hint: 'We show you the link and email nothing. The person then confirms the address from their own mailbox.',
  },
  button: 'Send the invitation',
};

export const invitation = {
  title: 'Invitation',
  titleByHand: 'Invitation that is handed over',
  link: 'Link of the invitation',
  once: 'We show the link here until you sign out or send another invitation. We store it nowhere else.',
  expires: (time: string) => `It works once, until ${time}.`,
  again: 'You can send a new link to the same address. The earlier link then stops working.',
  sendAgain: 'Send a new link',
  handOver: (email: string) => `We have emailed nothing. Hand this link over to ${email} yourself.`,
  mailed: 'The link is in the email to that address. Nobody here sees it.',
  handed: 'The link was shown to the person who created it. It was not emailed and is stored nowhere.',
  showLink: 'Show a new link that I hand over',
  revoke: 'Revoke the invitation',
  states: {
    accepted: (email: string) => `${email} has accepted this invitation.`,
    revoked: (email: string) => `The invitation for ${email} was revoked.`,
    expired: (email: string) => `The invitation for ${email} has expired.`,
    open: (email: string) => `The invitation for ${email} is open.`,
  },
};
