export const guide = {
  step: (number: number, of: number) => `Step ${number} of ${of}`,
  backToStart: 'What you need',

  progress: {
    make_again: {
      text: 'Your last JWT can no longer be used. Make a new one and paste it.',
      link: 'See what RingCentral said',
    },
    wait: {
      text: "We have your JWT, and RingCentral has not accepted it yet. You don't need to do anything now.",
      link: 'See the progress',
    },
    fix: {
      text: 'We have kept your JWT. Something needs to change before it works.',
      link: 'See what needs to change',
    },
    connected: {
      text: 'You have connected RingCentral. Follow these steps only to replace the JWT.',
      link: 'See the connection',
    },
    reconnect: { text: 'You disconnected RingCentral. Follow these steps to connect it again.', link: '' },
  },

  /** The other way to connect. */
  withoutConsole: {
    link: "I can't open the Developer Console",
    text: "Sign in to RingCentral instead. You don't need the console, but the connection depends on the person who signs in.",
  },

  /** The same on screen and on paper. */
  permissions: {
    heading: 'Permissions to ask for',
    intro: 'The RingCentral user who makes the JWT needs three permissions. Super admins normally have them.',
    list: [
      { name: 'Developer Portal Access', what: 'lets a person open the console and make the JWT.' },
      { name: 'Third Party Apps Access', what: 'lets our app use the JWT.' },
      { name: 'Access to faxes', what: 'lets the user read the messages of the fax extension.' },
    ],
  },

  start: {
    title: (isv: string) => `Connect RingCentral to ${isv}`,
    clientId: (isv: string) => ({
      term: 'The client ID is ours.',
      text: `It names the app of ${isv}. It is public, and the form already has it.`,
    }),
    jwt: { term: 'The JWT is yours.', text: 'It is a key to your RingCentral account. Only you can make it.' },
    password: { term: 'Your password stays with you.', text: 'You type it at RingCentral. We never see it.' },
    time: 'This takes about 5 minutes, once.',
    needsHeading: 'What you need',
    needsLogin: (host: string) =>
      `You also need a first sign-in at ${host}. It is the console where the JWT is made, and your RingCentral sign-in works there.`,
    ownerHeading: 'Which user makes it',
    ownerActs: 'The JWT acts as the RingCentral user who makes it. We can read the faxes that user can read.',
    ownerService:
      'A service user is best: a RingCentral user kept for this connection. Give it access to the fax extension, as a super admin or with a custom role.',
    ownerLeaves: 'Your own user works too. But if that person leaves and is disabled, the JWT stops working.',
    other: {
      heading: 'Someone else does this here',
      text: 'Make a link for your colleague. It opens these steps and the box for the JWT, and nothing else.',
      button: 'Make a link for a colleague',
      made: 'See the links that were made',
    },
    next: 'Next: make the JWT',
  },

  jwt: {
    title: 'Make the JWT in RingCentral',
    intro: 'Keep this page open. Follow these steps in the tab that opens, then come back with the JWT.',
    open: 'Open the form in RingCentral',
    goesTo: (host: string) => `This takes you to ${host}.`,
    clientId: (app: string) => `Client ID of ${app}`,
    suggestedLabel: 'Suggested label',
    label: (isv: string, app: string) => `${isv}: ${app}`,
    steps: {
      openForm: {
        title: 'Open the form',
        text: 'It opens in a new tab, with our app filled in. If RingCentral asks, sign in as the user who makes the JWT.',
      },
      label: {
        title: 'Paste this text as the Label',
        text: 'It reminds you later what this JWT is for.',
        alt: (label: string) => `Paste into the field Label: ${label}.`,
      },
      checkName: (app: string) => ({
        title: `Check that the table shows ${app}`,
        text: 'The form has selected Only specific apps of my choice for you. If it shows another name or none, make the JWT by hand, as described below.',
        alt: `Look at the column App name: it shows ${app}.`,
      }),
      expiry: {
        title: 'Leave Expiration date (UTC) empty',
        text: 'With a date, your connection stops working on that day. If your rules require one, choose the latest they allow. We remind you 30 days before.',
        alt: 'Leave the field Expiration date (UTC) empty.',
      },
      create: {
        title: 'Choose Create JWT, then copy the JWT now',
        text: 'RingCentral may not show it again. It is one long text that starts with eyJ. Do not send it by email or chat.',
        alt: 'Choose Create JWT, then the copy button beside the JWT.',
      },
    },
    byHand: {
      heading: 'Make the JWT by hand',
      when: 'Use this if the button does not open the form, or our app is not filled in.',
      steps: (host: string) => ({
        menu: {
          text: `Sign in at ${host}. Point to your name at the top right, choose Credentials, then Create JWT.`,
          alt: 'Point to your name, choose Credentials, then choose Create JWT.',
        },
        apps: {
          text: 'Choose Only specific apps of my choice. With the other choice, RingCentral rejects our app.',
          alt: 'Under the question which apps are permitted, choose the second answer.',
        },
        add: {
          text: 'Paste this client ID into Enter client ID, and choose Add app.',
          alt: 'Paste into Enter client ID, then choose Add app beside it.',
        },
        goOn: { text: 'Continue with step 2 above.' },
      }),
    },
    print: 'Print these steps',
    prints: 'The steps fit on one printed page, with a code to scan instead of the button.',
    paper: {
      pictureAlt: 'Scan this code to open the form in RingCentral.',
      then: (isv: string) => `Then paste the JWT in the ${isv} portal, and nowhere else.`,
    },
    permissionsHeading: 'RingCentral does not let me in',
    permissionsAsk: 'Ask your RingCentral administrator for these permissions in your role.',
    serviceHeading: 'The JWT is for a service user',
    service: {
      signsIn: (host: string) => `The service user signs in at ${host} once.`,
      opens: 'A Developer Admin opens Organization there, then the service user, then Credentials, then Create JWT.',
      goesOn: 'From there, choose the apps by hand, as described above. Then continue with step 2.',
    },
    differentHeading: 'My screen looks different',
    different: {
      checked: (date: string) =>
        `We last compared these steps with RingCentral's published documentation on ${date}. RingCentral may have changed its pages since.`,
      look: 'Look for the words Credentials and Create JWT.',
      help: (isv: string) => `If you are stuck, write to ${isv}. The address is at the bottom of this page.`,
    },
    next: 'I have the JWT: paste it',
  },
};
