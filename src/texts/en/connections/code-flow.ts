/** Signing in to RingCentral instead of making a JWT. */
export const codeFlow = {
  page: {
    title: 'Sign in to RingCentral',
    connected: 'You have connected RingCentral. Sign in only to replace that connection.',
    asWhom: ({ name, company }: { name: string; company: string | null }, isv: string) =>
      `The last user was ${company === null ? name : `${name} of ${company}`}. If you can, sign in as that user again. ${isv} may need to approve a different user first.`,
    lead: (isv: string) =>
      `You sign in to RingCentral and allow the app of ${isv} to read your faxes. You don't need the Developer Console.`,
    meaningHeading: 'What it means',
    actsFor: (isv: string) => ({
      term: 'The connection acts as you.',
      text: `${isv} can read the faxes that your RingCentral user can read.`,
    }),
    password: { term: 'Your password stays with you.', text: 'You type it at RingCentral. We never see it.' },
    renewed: {
      term: 'We renew it every day.',
      text: 'It can end, for example with a new password. If it ends, we email you so that someone can sign in again.',
    },
    button: 'Sign in to RingCentral',
    goesTo: (host: string) => `This takes you to ${host}. You may continue to your company's own sign-in from there.`,
    colleague: 'Should someone else sign in? They need an account here first.',
    invite: 'Invite them',
    tooMany: (when: string) => `There were too many tries. You can try again ${when}.`,
    jwt: {
      summary: 'I can open the Developer Console',
      recommended:
        'If so, we recommend a JWT made by a service user. It keeps working when people leave or change their passwords.',
      notForMany: 'Only one JWT is needed. One user makes it for the whole clinic.',
      link: 'Make a JWT instead',
    },
  },

  /** Why a sign-in came to nothing, on the page with the button. */
  refusals: {
    denied: 'RingCentral says that access was not allowed, so nothing was connected. You can sign in again.',
    too_old: 'That sign-in took longer than ten minutes, so nothing was connected. Sign in again.',
    failed: 'RingCentral did not finish that sign-in, so nothing was connected. Sign in again.',
    limited: 'There were too many tries, so nothing was connected. Wait ten minutes, then sign in again.',
  },

  /** For a return with an attempt that came back before, on the connection page. */
  used: {
    text: 'You came back from RingCentral with a sign-in that was already used, so nothing changed. This page shows its result. To use a different sign-in, start again.',
    button: 'Start again',
  },

  /** For a page that was left open while staff changed which ways are offered. */
  notOffered: {
    title: 'Your clinic connects with a JWT',
    paragraphs: [
      'Your clinic can no longer connect by signing in to RingCentral, so nothing was started.',
      'Make a JWT instead. The guide shows each step.',
    ],
    action: 'Open the guide',
  },

  /** After a return from RingCentral that belongs to no clinic of this session. */
  endings: {
    signed_out: {
      title: 'You are signed out here',
      paragraphs: [
        'You came back from RingCentral, but you are no longer signed in here. Nothing was connected.',
        'Sign in here, then start again.',
      ],
      action: 'Sign in',
    },
    too_old: {
      title: "We don't recognize this sign-in",
      paragraphs: [
        'The address is incomplete, or the sign-in took longer than ten minutes. Nothing was connected.',
        'Open your clinic and start again.',
      ],
      action: 'Open your clinic',
    },
    elsewhere: {
      title: 'This sign-in was started in another session',
      paragraphs: [
        'It was started in another browser, by another person, or before you last signed in here. Nothing was connected.',
        'Open your clinic and start again.',
      ],
      action: 'Open your clinic',
    },
    failed: {
      title: 'We could not finish this sign-in',
      paragraphs: [
        'You came back from RingCentral, but something failed on our side.',
        'Open your clinic: its page says whether it is connected. If it is not, start again.',
      ],
      action: 'Open your clinic',
    },
  },
};
