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

  start: {
    title: (isv: string) => `Connect RingCentral to ${isv}`,
    clientId: (isv: string) => ({
      term: 'The client ID is ours.',
      text: `It names the app of ${isv}. It is public: you copy it.`,
    }),
    jwt: { term: 'The JWT is yours.', text: 'It is a key to your RingCentral account. Only you can make it.' },
    password: { term: 'Your password stays with you.', text: 'You type it at RingCentral. We never see it.' },
    time: 'This takes about 5 minutes, once.',
    needsHeading: 'What you need',
    needsPermission: 'A RingCentral role with the permission Developer Portal Access. Super admins normally have it.',
    needsLogin: (host: string) =>
      `A first sign-in at ${host}. It is the console where the JWT is made, and your RingCentral sign-in works there.`,
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
    intro:
      "This button opens the form in RingCentral's Developer Console, with our app filled in. Keep this page open and come back with the JWT.",
    open: 'Open the form in RingCentral',
    goesTo: (host: string) => `This takes you to ${host}.`,
    clientId: (app: string) => `Client ID of ${app}`,
    suggestedLabel: 'Suggested label',
    label: (isv: string, app: string) => `${isv}: ${app}`,
    stepsHeading: 'Step by step',
    steps: {
      openForm: (host: string) => ({
        title: 'Open the form',
        text: `The button above does this. By hand: sign in at ${host}. Point to your name at the top right, choose Credentials, then Create JWT.`,
        alt: 'Point to your name, choose Credentials, then choose Create JWT.',
      }),
      label: { title: 'Type a Label', text: 'It reminds you later what this JWT is for.', alt: '' },
      specificApps: {
        title: 'Choose Only specific apps of my choice',
        text: 'This JWT then works only with our app. With the other choice, RingCentral rejects our app.',
        alt: 'Under the question which apps are permitted, choose the second answer.',
      },
      addApp: {
        title: 'Paste the client ID and choose Add app',
        text: 'The button above has done this for you. By hand, the field is called Enter client ID.',
        alt: 'Paste into Enter client ID, then choose Add app beside it.',
      },
      checkName: (app: string) => ({
        title: `Check that the table shows ${app}`,
        text: 'If it shows another name, remove that row and paste the client ID again.',
        alt: `Look at the column App name: it shows ${app}.`,
      }),
      expiry: {
        title: 'Leave Expiration date (UTC) empty',
        text: 'With a date, your connection stops working on that day. If your rules require one, choose the latest they allow. We remind you 30 days before.',
        alt: '',
      },
      create: {
        title: 'Choose Create JWT, then copy the JWT now',
        text: 'RingCentral may not show it again. It is one long text that starts with eyJ. Do not send it by email or chat.',
        alt: 'Choose the copy button beside the JWT.',
      },
    },
    checked: (date: string) => `These steps were last checked on ${date}.`,
    prints: 'They fit on one printed page, with a code to scan instead of the link.',
    paper: {
      pictureAlt: 'Scan this code to open the form in RingCentral.',
      permissionsHeading: 'Permissions to ask for',
      permissions: [
        'Developer Portal Access lets a person open the console and make the JWT.',
        'Third Party Apps Access lets our app use the JWT. The user who makes it needs this permission.',
        'Access to faxes lets the user read the messages of the fax extension. A super admin has it.',
      ],
      then: (isv: string) => `Then paste the JWT in the ${isv} portal, and nowhere else.`,
    },
    serviceHeading: 'The JWT is for a service user',
    service: {
      signsIn: (host: string) => `The service user signs in at ${host} once.`,
      opens: 'A Developer Admin opens Organization there, then the service user, then Credentials, then Create JWT.',
      goesOn: 'From there, follow the steps above from step 2.',
    },
    differentHeading: 'My screen looks different',
    different: {
      checked:
        "We compare these steps with RingCentral's published documentation. RingCentral may have changed its pages since.",
      look: 'Look for the words Credentials and Create JWT.',
      noAccess:
        'If you cannot open the console, your role does not have Developer Portal Access. Ask your RingCentral administrator for it.',
      help: (isv: string) => `If you are stuck, write to ${isv}. The address is at the bottom of this page.`,
    },
    next: 'I have the JWT: paste it',
  },
};
