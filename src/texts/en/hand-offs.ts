type MailFacts = { isv: string; url: string; expires: string };

export const handOffs = {
  list: {
    title: 'Links for colleagues',
    lead: [
      'A link lets a colleague see the guide and paste the JWT. It shows nothing else of your clinic.',
      'It works for 7 days, or until a JWT that was pasted by it is accepted.',
    ],
    make: 'Make a link for a colleague',
    replaces: 'A new link ends your earlier ones that nobody has opened.',
    caption: 'Links that were made',
    empty: 'No link has been made yet.',
    columns: { made: 'Made', state: 'Where it stands' },
    until: (time: string) => `Works until ${time}.`,
    by: (name: string) => `by ${name}`,
    states: {
      made: 'Not opened yet',
      opened: 'Opened, no JWT yet',
      checking: 'JWT pasted, being checked',
      refused: 'JWT refused',
      inconclusive: 'JWT kept, no clear answer yet',
      accepted: 'Done: the JWT was accepted',
      replaced: 'Replaced by a newer JWT or sign-in',
      revoked: 'Ended',
      expired: 'Out of time',
    },
    end: 'End it',
    endWhich: (time: string) => `the link of ${time}`,
    fresh: {
      heading: 'Send this link to your colleague',
      link: 'Link for your colleague',
      text: 'Text for a mail',
      send: 'Open it in your mail program',
      once: 'We show the link here until you sign out or make another one. We store it nowhere else.',
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
      `A colleague asks you to make a JWT in RingCentral, so that ${isv} can read your faxes.`,
      'We show you each step. It takes about 5 minutes.',
      'You need access to the Developer Console of RingCentral. We never see your password.',
    ],
    button: 'Continue',
    after: [
      'For safety this stays open for 30 minutes. After that, open the link again.',
      'If you did not expect this link, ask your colleague before you go on.',
    ],
  },

  closed: {
    title: 'This page is closed',
    paragraphs: [
      'Did you come by the link of a colleague? Open that link again and choose Continue.',
      'If it leads here too, its work is done or its time is over. Then ask your colleague for a new one.',
    ],
  },

  actsFor: (clinic: string) => `For ${clinic}`,
  nav: { guide: 'Guide', result: 'Result' },

  result: {
    none: {
      title: 'No JWT was pasted yet',
      lead: ['Follow the steps of the guide first. Then this page shows whether the JWT works.'],
    },
    accepted: {
      title: 'Done: RingCentral accepted the JWT',
      lead: [
        'It is stored sealed, and no one can read it here again.',
        'Your colleague sees this too. You can close this page.',
      ],
    },
    replaced: {
      title: 'This JWT is no longer needed',
      lead: [
        'Your clinic connected in another way, or RingCentral did not accept this JWT within 7 days. It is destroyed here.',
      ],
    },
    toGuide: 'Go to the guide',
  },
};
