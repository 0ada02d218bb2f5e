/** Signing in at RingCentral instead of making a JWT. */
export const codeFlow = {
  page: {
    title: 'Sign in at RingCentral',
    connected: 'You have connected RingCentral. Sign in only to replace that connection.',
    asWhom: ({ name, company }: { name: string; company: string | null }, isv: string) =>
      `The last user was ${company === null ? name : `${name} of ${company}`}. If you can, sign in as that user again: ${isv} may have to approve another one first.`,
    lead: (isv: string) =>
      `You sign in at RingCentral and allow the app of ${isv} to read your faxes. You need no Developer Console.`,
    meaningHeading: 'What it means',
    actsFor: (isv: string) => ({
      term: 'The connection acts as you.',
      text: `${isv} can read the faxes that your RingCentral user can read.`,
    }),
    password: { term: 'Your password stays with you.', text: 'You type it at RingCentral. We never see it.' },
    renewed: {
      term: 'We renew it every day.',
      text: 'It can end, for example with a new password. Then we email you, and someone signs in again.',
    },
    button: 'Sign in at RingCentral',
    goesTo: (host: string) =>
      `You leave us and go to ${host}. From there you may be led to your company's own sign-in.`,
    colleague: 'Should someone else sign in? They need an account here first.',
    invite: 'Invite them',
    tooMany: (when: string) => `That was tried too often. You can try again ${when}.`,
    jwt: {
      summary: 'I can open the Developer Console',
      recommended:
        'Then we recommend a JWT, made by a service user. It goes on when people leave or change their passwords.',
      notForMany: 'A JWT is not meant for signing in many users. One user makes one, for the whole clinic.',
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
    text: 'You came back from RingCentral with a sign-in that was used up before, so nothing was changed now. This page shows what became of it the first time. If you meant another sign-in, start again.',
    button: 'Start again',
  },

  /** For a page that was left open while staff changed which ways are offered. */
  notOffered: {
    title: 'Your clinic connects with a JWT',
    paragraphs: [
      'Signing in at RingCentral is not offered to your clinic any more, so nothing was started.',
      'Make a JWT instead. The guide shows each step.',
    ],
    action: 'Open the guide',
  },

  /** After a return from RingCentral that belongs to no clinic of this session. */
  endings: {
    signed_out: {
      title: 'You are signed out here',
      paragraphs: [
        'You came back from RingCentral, but you are not signed in here any more. Nothing was connected.',
        'Sign in here, then start again.',
      ],
      action: 'Sign in',
    },
    too_old: {
      title: 'We do not know this sign-in',
      paragraphs: [
        'The address is not complete, or the sign-in was started long ago: it has to be finished within ten minutes. Nothing was connected.',
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
