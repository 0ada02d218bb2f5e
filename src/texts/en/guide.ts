export const guide = {
  step: (number: number, of: number) => `Step ${number} of ${of}`,
  backToStart: 'What you need',

  progress: {
    make_again: {
      text: 'Your last JWT can no longer be used. Make a new one and paste it.',
      link: 'See what RingCentral said',
    },
    wait: {
      text: 'We have your JWT, and RingCentral has not accepted it yet. There is nothing to do now.',
      link: 'See how far it is',
    },
    fix: {
      text: 'We have kept your JWT. Something needs a change before it works.',
      link: 'See what needs a change',
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
    text: 'Then sign in to RingCentral instead. It needs no console, but it depends on the person who signs in.',
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
    ownerActs: 'The JWT acts as the RingCentral user who makes it. We can read the faxes which that user can read.',
    ownerService:
      'Best is a service user: a RingCentral user kept for this connection. Give it access to the fax extension, as super admin or with a custom role.',
    ownerLeaves: 'Your own user works too. But when a person leaves and is switched off, their JWT stops.',
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
    goesTo: (host: string) => `You leave us and go to ${host}.`,
    clientId: (app: string) => `Client ID of ${app}`,
    suggestedLabel: 'Suggested label',
    label: (isv: string, app: string) => `${isv}: ${app}`,
    stepsHeading: 'Step by step',
    steps: {
      openForm: (host: string) => ({
        title: 'Open the form',
        text: `The link above does it. By hand: sign in at ${host}. Point at your name at the top right, choose Credentials, then Create JWT.`,
        alt: 'Point at your name, choose Credentials, then choose Create JWT.',
      }),
      label: { title: 'Type a Label', text: 'It tells you later what this JWT is for.', alt: '' },
      specificApps: {
        title: 'Choose Only specific apps of my choice',
        text: 'Then this JWT works with our app and no other. With the other choice our app is refused.',
        alt: 'Under the question which apps are permitted, choose the second answer.',
      },
      addApp: {
        title: 'Paste the client ID and choose Add app',
        text: 'The link above has done this for you. By hand, the field is called Enter client ID.',
        alt: 'Paste into Enter client ID, then choose Add app beside it.',
      },
      checkName: (app: string) => ({
        title: `Check that the table shows ${app}`,
        text: 'If another name stands there, remove that row and paste the client ID again.',
        alt: `Look at the column App name: it shows ${app}.`,
      }),
      expiry: {
        title: 'Leave Expiration date (UTC) empty',
        text: 'With a date, your connection stops on that day. If your rules ask for one, take the latest they allow: we remind you 30 days before.',
        alt: '',
      },
      create: {
        title: 'Choose Create JWT, then copy the JWT now',
        text: 'RingCentral may not show it again. It is one long text that starts with eyJ. Keep it out of mail and chat.',
        alt: 'Choose the copy button beside the JWT.',
      },
    },
    checked: (date: string) => `These steps were last checked on ${date}.`,
    prints: 'They fit on one printed page, with a picture to scan instead of the link.',
    paper: {
      pictureAlt: 'Scan this picture to open the form in RingCentral.',
      permissionsHeading: 'Permissions to ask for',
      permissions: [
        'Developer Portal Access: lets a person open the console and make the JWT.',
        'Third Party Apps Access: lets our app use the JWT. The role of the user who makes it needs it.',
        'Access to the faxes: the user reads the messages of the fax extension. A super admin can.',
      ],
      then: (isv: string) => `Then paste the JWT in the portal of ${isv}, and nowhere else.`,
    },
    serviceHeading: 'The JWT is for a service user',
    service: {
      signsIn: (host: string) => `The service user signs in at ${host} once.`,
      opens: 'A Developer Admin opens Organization there, then the service user, then Credentials, then Create JWT.',
      goesOn: 'From there the steps above are the same, from the second on.',
    },
    differentHeading: 'My screen looks different',
    different: {
      checked:
        "We compare these steps with RingCentral's published documentation. RingCentral may have changed its pages since.",
      look: 'Look for the words Credentials and Create JWT.',
      noAccess:
        'If the console gives you no access, your role lacks Developer Portal Access. Ask your RingCentral administrator for it.',
      help: (isv: string) => `If you are stuck, write to ${isv}. The address is at the foot of this page.`,
    },
    next: 'I have the JWT: paste it',
  },
};
