type Isv = { isv: string };

const password = {
  label: 'Password',
  chooseLabel: 'Choose a password',
  chooseHint: 'At least 15 characters. Several words with spaces between them work well. You can paste.',
};

export const accounts = {
  password,
  passwordProblems: {
    missing: 'Enter a password.',
    too_short: 'This password is too short. Use at least 15 characters.',
    too_long: 'This password is too long. Use at most 1,000 characters.',
    common: 'This password is on a list of common passwords, or is made of words from it. Choose another one.',
    guessable: 'This password is made of your name, your address or our name. Choose another one.',
    pattern:
      'This password repeats itself or follows a well-known order, such as abcd, 1234 or qwerty. Choose another one.',
  },
  waitMinutes: (minutes: number) =>
    minutes === 1 ? 'Too many tries. Try again in 1 minute.' : `Too many tries. Try again in ${minutes} minutes.`,
  waitHours: (hours: number) =>
    `Too many tries from browsers you have not used before. Try again in ${hours} hours, or use a browser you know.`,

  /** Why a typed address is none. */
  addressProblems: {
    no_single_at: 'Enter an email address with one @, such as name@clinic.example.',
    local_part:
      'The part before the @ has a character or a dot that cannot be there. Accents, spaces and parentheses are not allowed.',
    quoted: 'Enter an address without quotation marks. We cannot send to one that needs them.',
    domain: 'The part after the @ is not a domain, such as clinic.example.',
    too_long: 'This address is too long. Use at most 64 characters before the @ and 254 in total.',
  },

  signIn: {
    title: 'Sign in',
    email: 'Email address',
    button: 'Sign in',
    missingEmail: 'Enter your email address.',
    missingPassword: 'Enter your password.',
    wrong: 'The email address or password is incorrect. Check both and try again.',
    forgotten: 'Forgot your password?',
    noAccount: ({ isv }: Isv) => `No account yet? Open the link in the invitation that ${isv} emailed you.`,
    notices: {
      signed_out: 'You have signed out.',
      link: 'That link no longer works. If you have an account, sign in. If not, ask for a new invitation.',
      password_reset: 'Your new password is saved. Sign in with it.',
    },
  },

  secondFactor: {
    title: 'Enter the code from your authenticator app',
    code: 'Code',
    codeHint: '6 digits. A new one shows every 30 seconds.',
    button: 'Continue',
    missing: 'Enter the 6 digits your app shows.',
    wrong: 'This code is incorrect. Wait for the next one and enter it.',
    lost: ({ isv }: Isv) => `No app and no recovery code? Ask ${isv}.`,
    recovery: {
      summary: 'Use a recovery code instead',
      why: 'You were shown 10 recovery codes when you set up the app. Each works once.',
      code: 'Recovery code',
      codeHint: '12 letters and digits, such as 0000-AAAA-0000.',
      button: 'Use this code',
      missing: 'Enter one of your recovery codes.',
      wrong: 'This is not one of your recovery codes, or it was used before. Enter another one.',
    },
  },
  passwordAgain: {
    title: 'Enter your password again',
    why: {
      account: 'This step affects who can use your account.',
      clinic: 'This step affects who has access to your clinic.',
      disconnection: 'This step ends the connection to RingCentral, or the proof that it ended.',
    },
    again: 'We need to confirm that it is you.',
    button: 'Continue',
  },
  enrolment: {
    title: 'Set up an authenticator app',
    why: 'You then also need a code from an app on your phone to sign in.',
    scan: 'Open the app, choose to add an account, and scan this code.',
    pictureAlt: 'QR code with the secret for your authenticator app. The same secret is written below.',
    byHand: 'Or type this secret into the app',
    thenCode: 'Then enter the code the app shows',
    button: 'Finish',
    offerTitle: 'Authenticator app',
    offer: 'An authenticator app makes your account safer. You then also need a code from your phone to sign in.',
    offerButton: 'Set up an app',
    inUse: 'An authenticator app is set up. You need its code to sign in.',
    state: {
      obligations: {
        staff: 'All staff must use one.',
        tenant: 'Your organization requires one. You can open its pages after you set yours up.',
      },
      codesOutdated:
        'We are replacing the key that protects recovery codes. Make new codes now. Yours stop working when the old key is removed.',
      noCodesLeft:
        'You have no recovery codes left. Make new ones now, or you could be locked out if you lose your phone.',
      codes: 'Recovery codes',
      codesLeft: (left: number, of: number) => `${left} of ${of} left`,
      newCodes: 'Make new',
      app: 'App',
      appInUse: 'Set up',
      anotherApp: 'Replace',
      removal: 'Second factor',
      removalValue: 'Optional',
      remove: 'Remove',
    },
    start: {
      title: 'Have your phone ready',
      need: 'You need an authenticator app on your phone. Any app that shows 6-digit codes works.',
      codes: 'After that, we show 10 recovery codes in case you lose your phone. Print them or write them down.',
      another: 'Your current app works until you finish. You are then signed out everywhere else.',
      button: 'Show the code to scan',
    },
    removal: {
      title: 'Remove the authenticator app',
      what: [
        'You will sign in with only your password. Your recovery codes stop working.',
        'You are signed out everywhere else.',
      ],
      button: 'Remove the app',
    },
  },
  recoveryCodes: {
    title: ({ isv }: Isv) => `Your recovery codes for ${isv}`,
    what: ['Each code signs you in once if you have lost your phone.', 'Print this page, or write the codes down.'],
    once: 'We show these codes only once. Keep them where no one else can find them.',
    kept: 'I have saved the codes',
    remake: {
      title: 'Make new recovery codes',
      what: ['You get 10 new codes. All the codes you have now stop working.'],
      button: 'Make new codes',
    },
  },

  setup: {
    title: 'Choose your password',
    forAddress: (email: string) => `You will sign in as ${email}.`,
    button: 'Continue',
  },

  passwordReset: {
    title: 'Forgot your password?',
    lead: 'We email you a link to choose a new one. It works once, within an hour.',
    button: 'Email me the link',
    missing: 'Enter your email address.',
    deadLink: 'That link no longer works. Ask for a new one here.',
    sentTitle: 'Check your email',
    sent: 'If someone signs in here with this address, we have sent a link to it. It can take a few minutes.',
    sentNewest: 'Only the newest link works, once, within an hour.',
    sentNone: 'No email? Check your spam folder, or check the address and ask again.',
    chooseTitle: 'Choose a new password',
    forAddress: (email: string) => `For ${email}.`,
    everywhere: 'When you save it, you are signed out everywhere.',
    saveButton: 'Save the new password',
  },

  invitation: {
    title: ({ isv }: Isv) => `Join ${isv}`,
    lead: ({ isv }: Isv) => `${isv} has invited you to connect your organization's RingCentral account.`,
    forAddress: (email: string) => `You will sign in as ${email}.`,
    role: (role: string, what: string) => `Your role: ${role}. ${what}`,
    name: 'Your name',
    nameProblems: { missing: 'Enter your name.', too_long: 'This name is too long. Use at most 100 characters.' },
    newButton: 'Accept and continue',
    existing: (email: string) => `You have an account as ${email}. Enter its password to accept.`,
    signedIn: (email: string) => `You are signed in as ${email}.`,
    wrongPassword: 'This password is incorrect. Try again.',
    existingButton: 'Accept and continue',
  },
  expiredInvitation: {
    title: 'This invitation has expired',
    text: 'An invitation works for 7 days. We can email a new link to the same address.',
    button: 'Email me a new link',
  },
  renewedInvitation: {
    title: 'Check your email for the invitation',
    text: 'If the link had expired, we have sent a new one to the same address. It can take a few minutes.',
    limit: 'We email at most 3 new links a day.',
  },

  reminders: {
    title: 'Stop reminders',
    what: 'We remind people of an open invitation after 2 days and after 5.',
    effect: 'This stops reminders for the address that received this link. Invitations keep working.',
    button: 'Stop reminders',
    stoppedTitle: 'No more reminders',
    stopped: 'If the link came from our email, that address gets no more reminders.',
    stoppedNext: 'An invitation that is open still works.',
  },

  tenants: {
    title: 'Choose an organization',
    next: 'Next organizations',
    noneTitle: 'You do not belong to an organization yet',
    none: 'You are signed in, but you need an organization before you can do anything here.',
    noneNext: ({ isv }: Isv) => `Open the link in your invitation, or ask ${isv} for one.`,
  },
};
