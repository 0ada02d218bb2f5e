/** How a member signs in, and the pages of an invitation. */
export const memberSignIn = {
  action: 'See sign-in',
  title: (name: string) => `How ${name} signs in`,
  who: ({ email }: { email: string }) => `The address is ${email}. We ask for your code before a change.`,
  noApp: 'Not set up',
  end: 'Sign them out everywhere',
  reset: {
    heading: 'Lost phone and no recovery codes',
    what: [
      'Call this person at a phone number you already have, to make sure that they asked.',
      'The app and the recovery codes stop working. We sign the person out everywhere and email them.',
      'They can then sign in with only their password, until they set up an app again.',
    ],
    button: 'Remove the authenticator app',
  },
  notices: {
    reset: 'Done. The authenticator app was removed.',
    ended: 'Done. The person is signed out everywhere.',
  },
};

export const passwordReset = {
  title: 'Email a link for a new password',
  action: 'Email a password link',
  who: ({ name, email }: { name: string; email: string }) => `${name} signs in as ${email}.`,
  lead: 'The link goes to that address only. You do not see it. It works once, within an hour.',
  secondFactor: 'If there is an authenticator app, it does not change.',
  button: 'Email the link',
  again: 'Email another link',
  open: (time: string) => `There is a link. It works until ${time}.`,
};

export const invite = {
  heading: 'Invite someone from the clinic',
  title: (clinic: string) => `Invite someone from ${clinic}`,
  email: 'Email address',
  hint: 'We email a link that works once, within 7 days.',
  byHand: {
    legend: 'How to deliver the link',
    label: 'I will hand over the link myself',
    hint: 'We show you the link and email nothing. The person then confirms the address from their own mailbox.',
  },
  button: 'Send the invitation',
};

export const invitation = {
  title: 'Invitation',
  titleByHand: 'Invitation that is handed over',
  link: 'Invitation link',
  once: "We show the link here until you sign out or send another invitation. We don't store it anywhere else.",
  expires: (time: string) => `It works once, until ${time}.`,
  again: 'You can send a new link to the same address. The earlier link then stops working.',
  sendAgain: 'Send a new link',
  handOver: (email: string) => `We have emailed nothing. Hand this link over to ${email} yourself.`,
  mailed: 'The link is in the email to that address. No one here can see it.',
  handed: 'The link was shown to the person who created it. It was not emailed or stored.',
  showLink: 'Show a new link to hand over',
  revoke: 'Revoke the invitation',
  states: {
    accepted: (email: string) => `${email} has accepted this invitation.`,
    revoked: (email: string) => `The invitation for ${email} was revoked.`,
    expired: (email: string) => `The invitation for ${email} has expired.`,
    open: (email: string) => `The invitation for ${email} is open.`,
  },
};
