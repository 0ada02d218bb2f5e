type MailFacts = { isv: string; url: string; expires: string };

export const handOffs = {
  list: {
    title: 'Links for colleagues',
    lead: [
      'A link lets a colleague see the guide and paste the JWT. It shows nothing else of your clinic.',
      'It works for 7 days, or until we accept a JWT that was pasted through it.',
    ],
    make: 'Make a link for a colleague',
    replaces: 'A new link ends your earlier links that no one has opened.',
    caption: 'Links you made',
    empty: 'No link has been made yet.',
    columns: { made: 'Made', state: 'State' },
    until: (time: string) => `Works until ${time}.`,
    by: (name: string) => `by ${name}`,
    states: {
      made: 'Not opened yet',
      opened: 'Opened, no JWT yet',
      checking: 'JWT pasted, being checked',
      refused: 'JWT rejected',
      inconclusive: 'JWT kept, no clear answer yet',
      accepted: 'Done: the JWT was accepted',
      replaced: 'Replaced by a newer JWT or sign-in',
      revoked: 'Ended',
      expired: 'Expired',
    },
    end: 'End it',
    endWhich: (time: string) => `the link of ${time}`,
    fresh: {
      heading: 'Send this link to your colleague',
      link: 'Link for your colleague',
      text: 'Text for an email',
      send: 'Open in your email app',
      once: "We show the link here until you sign out or make another one. We don't store it anywhere else.",
      subject: (isv: string) => `RingCentral: one step for ${isv}`,
      mail: ({ isv, url, expires }: MailFacts) =>
        [
          'Hello,',
          `${isv} needs a JWT from our RingCentral account, to read our faxes. It takes about 5 minutes.`,
          `1. Open ${url}\n2. Choose Continue and follow the steps.\n3. Paste the JWT on that page, and nowhere else.`,
          'You need access to the Developer Console of RingCentral.',
          `The link works until ${expires}. It is only for you.`,
        ].join('\n\n'),
    },
  },

  landing: {
    title: (isv: string) => `One step in RingCentral for ${isv}`,
    lead: (isv: string) => [
      `A colleague has asked you to make a JWT in RingCentral, so that ${isv} can read your faxes.`,
      'We show you each step. It takes about 5 minutes.',
      'You need access to the Developer Console of RingCentral. We never see your password.',
    ],
    button: 'Continue',
    after: [
      'For your security, this stays open for 30 minutes. After that, open the link again.',
      'If you did not expect this link, ask your colleague before you continue.',
    ],
  },

  closed: {
    title: 'This page is closed',
    paragraphs: [
      'Did a colleague send you a link? Open that link again and choose Continue.',
      'If it leads here again, it was used or has expired. Ask your colleague for a new one.',
    ],
  },

  actsFor: (clinic: string) => `For ${clinic}`,
  nav: { guide: 'Guide', result: 'Result' },

  result: {
    none: {
      title: 'No JWT has been pasted yet',
      lead: ['Follow the steps in the guide first. This page then shows whether the JWT works.'],
    },
    accepted: {
      title: 'Done: RingCentral accepted the JWT',
      lead: [
        'We store it encrypted, and no one can read it here again.',
        'Your colleague sees this too. You can close this page.',
      ],
    },
    unconfirmed: {
      title: 'Done: RingCentral accepted the JWT',
      lead: [
        'You are done. Your colleague confirms the company, and then it is connected.',
        'We have emailed your colleagues. You can close this page.',
      ],
    },
    replaced: {
      title: 'This JWT is no longer needed',
      lead: [
        'Your clinic connected in another way, or RingCentral did not accept this JWT within 7 days. We have destroyed our copy.',
      ],
    },
    toGuide: 'Go to the guide',
  },
};
