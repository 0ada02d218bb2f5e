type Isv = { isv: string };

const password = {
  label: 'Password',
  chooseLabel: 'Choose a password',
  chooseHint: 'At least 15 characters. Several words with blanks between them are good. Pasting works.',
};

export const accounts = {
  password,
  passwordProblems: {
    missing: 'Enter a password.',
    too_short: 'This password is too short. Use at least 15 characters.',
    too_long: 'This password is too long. Use at most 1,000 characters.',
    common: 'This password is on a list of common passwords, or made of words on it. Choose another one.',
    guessable: 'This password is made of your name, your address or ours. Choose another one.',
    pattern:
      'This password repeats itself or follows a well-known order, such as abcd, 1234 or qwerty. Choose another one.',
  },
  waitMinutes: (minutes: number) =>
    minutes === 1 ? 'Too many tries. Try again in 1 minute.' : `Too many tries. Try again in ${minutes} minutes.`,
  waitHours: (hours: number) =>
    `Too many tries from browsers you have not used before. Try again in ${hours} hours, or use a browser you know.`,

  /** Why a typed address is none. */
  addressProblems: {
    no_single_at: 'Enter an e-mail address with one @, such as name@clinic.example.',
    local_part:
      'The part before the @ has a character or a dot that does not belong there. Accents, spaces and brackets are not possible.',
    quoted: 'Enter an address without quotation marks. We cannot send to one that needs them.',
    domain: 'The part after the @ is not a domain, such as clinic.example.',
    too_long: 'This address is too long: 64 characters before the @, and 254 in all, are possible.',
  },

  signIn: {
    title: 'Sign in',
    email: 'E-mail address',
    button: 'Sign in',
    missingEmail: 'Enter your e-mail address.',
    missingPassword: 'Enter your password.',
    wrong: 'The e-mail address or the password is not right. Check both and try again.',
    forgotten: 'Forgot your password?',
    noAccount: ({ isv }: Isv) => `No account yet? Open the link in the invitation that ${isv} mailed to you.`,
    notices: {
      signed_out: 'You have signed out.',
      link: 'That link does not work any more. If you have an account, sign in. If not, ask for a new invitation.',
      password_reset: 'Your new password is saved. Sign in with it.',
    },
  },

  secondFactor: {
    title: 'Enter the code from your authenticator app',
    code: 'Code',
    codeHint: '6 digits. A new one shows every 30 seconds.',
    button: 'Continue',
    missing: 'Enter the 6 digits your app shows.',
    wrong: 'This code is not the one we expected. Wait for the next one and enter it.',
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
      account: 'What you are about to do decides who can use your account.',
      clinic: 'What you are about to do decides who has access to your clinic.',
      disconnection: 'What you are about to do ends the connection to RingCentral, or the proof of its end.',
    },
    again: 'So we ask once more that it is you.',
    button: 'Continue',
  },
  enrolment: {
    title: 'Set up an authenticator app',
    why: 'Signing in takes your password and a code from an app on your phone.',
    scan: 'Open the app, choose to add an account, and scan this picture.',
    pictureAlt: 'QR code with the secret for your authenticator app. The same secret is written below.',
    byHand: 'Or type this secret into the app',
    thenCode: 'Then enter the code the app shows',
    button: 'Finish',
    offerTitle: 'Authenticator app',
    offer: 'An authenticator app makes your account safer: signing in then takes a code from your phone too.',
    offerButton: 'Set up an app',
    inUse: 'An authenticator app is set up. Signing in takes its code.',
    state: {
      obligations: {
        staff: 'All who work here must use one.',
        tenant: 'Your organization must use one. Its pages open once yours is set up.',
      },
      codesOutdated:
        'We are replacing the key that protects recovery codes. Make new ones now: yours stop working when the old key is removed.',
      noCodesLeft: 'You have no recovery code left. Make new ones, or a lost phone locks you out.',
      codes: 'Recovery codes',
      codesLeft: (left: number, of: number) => `${left} of ${of} left`,
      newCodes: 'Make new',
      app: 'App',
      appInUse: 'Set up',
      anotherApp: 'Replace',
      removal: 'Second factor',
      removalValue: 'You may do without it',
      remove: 'Remove',
    },
    start: {
      title: 'Have your phone at hand',
      need: 'You need an authenticator app on your phone. Any that shows codes of 6 digits will do.',
      codes: 'After that we show 10 recovery codes, for when the phone is lost. Print them, or write them down.',
      another: 'The app you have now works until you finish. You are then signed out everywhere else.',
      button: 'Show the picture to scan',
    },
    removal: {
      title: 'Remove the authenticator app',
      what: [
        'Signing in will take only your password. Your recovery codes stop working.',
        'You are signed out everywhere else.',
      ],
      button: 'Remove the app',
    },
  },
  recoveryCodes: {
    title: ({ isv }: Isv) => `Your recovery codes for ${isv}`,
    what: ['Each code signs you in once if you have lost your phone.', 'Print this page, or write the codes down.'],
    once: 'We show these codes only now. Keep them where nobody else finds them.',
    kept: 'I have kept the codes',
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
    lead: 'We mail you a link under which you choose a new one. It works once, within an hour.',
    button: 'Mail me the link',
    missing: 'Enter your e-mail address.',
    deadLink: 'That link does not work any more. Ask for a new one here.',
    sentTitle: 'Look for our mail',
    sent: 'If somebody signs in here with this address, a link is on its way to it. It can take a few minutes.',
    sentNewest: 'Only the newest link works, once, within an hour.',
    sentNone: 'No mail? Look among unwanted mail, or check the address and ask again.',
    chooseTitle: 'Choose a new password',
    forAddress: (email: string) => `For ${email}.`,
    everywhere: 'Saving it signs you out everywhere.',
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
    wrongPassword: 'This password is not right. Try again.',
    existingButton: 'Accept and continue',
  },
  expiredInvitation: {
    title: 'This invitation has expired',
    text: 'An invitation works for 7 days. We can mail a fresh link to the same address.',
    button: 'Mail me a fresh link',
  },
  renewedInvitation: {
    title: 'Check your mail',
    text: 'If the link had expired, a fresh one is on its way to the same address. It can take a few minutes.',
    limit: 'We mail at most 3 fresh links a day.',
  },

  reminders: {
    title: 'Stop reminders',
    what: 'We remind people of an invitation that is open: after 2 days, and after 5.',
    effect: 'This stops them for the address the link was mailed to. Invitations go on working.',
    button: 'Send me no reminders',
    stoppedTitle: 'No more reminders',
    stopped: 'If the link came from our mail, its address gets no more reminders.',
    stoppedNext: 'An invitation that is open still works.',
  },

  tenants: {
    title: 'Choose an organization',
    next: 'Next organizations',
    noneTitle: 'You do not belong to an organization yet',
    none: 'You are signed in. What you can do here comes with an organization.',
    noneNext: ({ isv }: Isv) => `Open the link in your invitation, or ask ${isv} for one.`,
  },
};
