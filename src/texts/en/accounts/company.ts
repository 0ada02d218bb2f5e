/** Sign-in of staff with an account of their company. */
export const company = {
  offer: 'For our staff: sign in with your company account',
  signIn: {
    title: 'Sign in with your company account',
    lead: (host: string) => `You continue at ${host}, where your company asks who you are. Then you come back here.`,
    staffOnly: 'Only for our staff. Everyone else signs in with an email address and password.',
  },
  confirm: {
    title: 'Confirm that it is you',
    lead: (host: string) => `This step needs a fresh sign-in. You continue at ${host} and then come back here.`,
  },
  invitation: {
    title: 'Set up your staff account',
    forAddress: (email: string) => `This invitation was emailed to ${email}.`,
    lead: (host: string) => `You continue at ${host}. The company account you sign in with there becomes yours here.`,
  },
  link: {
    title: 'Use your company account',
    lead: (host: string) => `You continue at ${host}. From then on, you sign in with that account only.`,
    ends: 'Your password here stops working, and you are signed out everywhere else.',
  },
  button: (host: string) => `Continue to ${host}`,
  withPassword: 'Sign in with email address and password',
  /** Why a return signs no one in, and what to do. */
  problems: {
    denied: 'Your company did not confirm the sign-in. Try again, or ask your company why.',
    down: "Your company's sign-in does not answer. Try again in a few minutes.",
    failed: 'We could not verify the answer from your company. Try again. If it happens again, tell an administrator.',
    too_old: 'This sign-in took more than 10 minutes, was used before, or began in another browser. Start again.',
    unknown_account:
      'This company account is not set up here. Open the link in your invitation, or ask an administrator.',
    no_role: "Your company gives this account no role here. Ask the person who manages your company's accounts.",
    someone_else: 'You signed in at your company as someone else. Sign in there with your own account.',
    not_again: 'Your company did not ask who you are again. Try again, and sign in there.',
    in_use: 'Another member of staff uses this company account. Sign in at your company with your own account.',
    last_administrator:
      "You are the last administrator with a password. Keep it for the day when the company's sign-in is down.",
    wait: 'Too many sign-ins began here in a short time. Try again in a minute.',
  },
  account: {
    row: 'Company account',
    linked: 'You sign in with it',
    notLinked: 'Not used',
    use: 'Use it',
  },
};
