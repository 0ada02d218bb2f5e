export const common = {
  navItems: {
    connection: 'Connection',
    guide: 'Guide',
    people: 'People',
    tenants: 'Clinics',
    preflight: 'Tonight',
    incidents: 'Incidents',
    budget: 'Calls',
    activity: 'Activity',
    staff: 'Staff',
    apiKeys: 'API keys',
    webhooks: 'Webhooks',
  },
  lang: 'en',
  /** A time after a verb: of today, or with its date. */
  moment: { today: (time: string) => `at ${time}`, otherDay: (time: string) => `on ${time}` },
  skipToMain: 'Skip to main content',
  navigation: 'Pages',
  signedInAs: 'Signed in as',
  account: 'Your account',
  signOut: 'Sign out',
  helpFrom: (isv: string) => `Help from ${isv}:`,
  language: 'Language',
  back: 'Back',
  newTab: '(opens in a new tab)',
  busy: 'Working on it.',

  errorPrefix: 'Error:',
  errorSummaryTitle: 'There is a problem',
  important: 'Important',
  success: 'Done',
  warning: 'Warning',

  copy: 'Copy',
  copied: 'Copied',
  copyFailed: 'The text is selected. Press Ctrl and C to copy it.',

  supportCode: (requestId: string) => `Code for support: ${requestId}`,
  errorPages: {
    badRequest: {
      title: 'This request could not be read',
      paragraphs: ['The page sent something we do not understand.', 'Go back, reload the page and do the step again.'],
    },
    forbidden: {
      title: 'Your role does not allow this',
      paragraphs: ['Nothing was changed.', 'Ask a person with a wider role to do this step.'],
    },
    roleNeeded: {
      title: 'Your role does not allow this',
      notViewers: 'You can see the pages of this clinic. Only its owners and members can do this step.',
      ownersOnly: 'Only an owner of this clinic can do this step.',
      askForRole: (names: string) => `To get another role, ask ${names}.`,
      askOwner: (names: string) => `Ask ${names}.`,
      askStaff: 'This clinic has no owner now. Ask support.',
      paragraphs: ['Nothing was changed.'],
    },
    formExpired: {
      title: 'This form is too old',
      paragraphs: [
        'You signed in or out after the form was opened, or it was open for very long. Nothing was changed.',
        'Go back, reload the page and do the step again.',
      ],
    },
    notFound: {
      title: 'There is no page here',
      paragraphs: [
        'If you typed the address, check it. If you pasted it, check that it is all there.',
        'The page may also belong to another account. Then sign in with that account.',
      ],
    },
    methodNotAllowed: {
      title: 'This page cannot do that',
      paragraphs: ['Nothing was changed.', 'Go back, reload the page and use its buttons.'],
    },
    conflict: {
      title: 'This was changed in the meantime',
      paragraphs: ['Nothing was changed now.', 'Go back and reload the page to see where things stand.'],
    },
    tooLarge: {
      title: 'That was too long',
      paragraphs: ['What you sent is far longer than a JWT. Nothing was stored.', 'Go back and paste only the JWT.'],
    },
    unsupportedMediaType: {
      title: 'This format is not read here',
      paragraphs: ['Nothing was changed.', 'Go back, reload the page and use its form.'],
    },
    tooManyRequests: {
      title: 'Wait a little before you go on',
      when: (time: string) => `You can go on ${time}.`,
      soon: 'You can go on in a few minutes.',
      paragraphs: ['This was asked many times in a short while, so it was not done this time.'],
    },
    internal: {
      title: 'Something went wrong on our side',
      paragraphs: [
        'What you did may not have been stored. Go back and look before you do it again.',
        'If it happens again, write to the address below and give this code.',
      ],
    },
    unavailable: {
      title: 'The portal is not ready just now',
      when: (time: string) => `It should answer again ${time}.`,
      soon: 'It should answer again in a few minutes.',
      paragraphs: ['You did nothing wrong. Connections that work keep working.'],
    },
    sessionEnded: {
      title: 'You were signed out',
      paragraphs: [
        'For safety we sign you out after a while without use. Nothing of what you sent was stored.',
        'Sign in again and do the step once more.',
      ],
      action: 'Sign in',
      typedHeading: 'What you had typed',
      fields: {
        name: 'Name',
        external_ref: 'Your own ID for it',
        time_zone: 'Time zone',
        email: 'E-mail address',
      },
    },
    home: 'Go to the start page',
  },
};
