export const common = {
  navItems: {
    connection: 'Connection',
    guide: 'Guide',
    people: 'People',
    overview: 'Overview',
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
  notice: 'Notice',
  success: 'Done',
  warning: 'Warning',

  copy: 'Copy',
  copied: 'Copied',
  copyFailed: 'The text is selected. Press Ctrl and C to copy it.',

  supportCode: (requestId: string) => `Code for support: ${requestId}`,
  errorPages: {
    badRequest: {
      title: 'We could not read this request',
      paragraphs: ["The page sent something we don't understand.", 'Go back, refresh the page and try again.'],
    },
    forbidden: {
      title: 'Your role does not allow this',
      paragraphs: ['Nothing was changed.', 'Ask someone whose role allows it.'],
    },
    roleNeeded: {
      title: 'Your role does not allow this',
      notViewers: 'You can view the pages of this clinic. Only its owners and members can do this step.',
      ownersOnly: 'Only an owner of this clinic can do this step.',
      askForRole: (names: string) => `To get another role, ask ${names}.`,
      askOwner: (names: string) => `Ask ${names}.`,
      askStaff: 'This clinic has no owner right now. Ask support.',
      paragraphs: ['Nothing was changed.'],
    },
    formExpired: {
      title: 'This form has expired',
      paragraphs: [
        'You signed in or out after you opened the form, or it was open for a long time. Nothing was changed.',
        'Go back, refresh the page and try again.',
      ],
    },
    notFound: {
      title: 'Page not found',
      paragraphs: [
        'If you typed the address, check it. If you pasted it, check that you copied all of it.',
        'The page may belong to another account. If so, sign in with that account.',
      ],
    },
    methodNotAllowed: {
      title: 'This page cannot do that',
      paragraphs: ['Nothing was changed.', 'Go back, refresh the page and use its buttons.'],
    },
    conflict: {
      title: 'Someone changed this in the meantime',
      paragraphs: ['Your change was not saved.', 'Go back and refresh the page to see what changed.'],
    },
    tooLarge: {
      title: 'That was too long',
      paragraphs: ['What you sent is much longer than a JWT. Nothing was stored.', 'Go back and paste only the JWT.'],
    },
    unsupportedMediaType: {
      title: 'This page does not accept that format',
      paragraphs: ['Nothing was changed.', 'Go back, refresh the page and use its form.'],
    },
    tooManyRequests: {
      title: 'Wait before you continue',
      when: (time: string) => `You can continue ${time}.`,
      soon: 'You can continue in a few minutes.',
      paragraphs: ['There were too many requests in a short time, so we did not do this.'],
    },
    internal: {
      title: 'Something went wrong on our side',
      paragraphs: [
        'Your change may not have been saved. Go back and check before you try again.',
        'If this happens again, write to the address below and include this code.',
      ],
    },
    unavailable: {
      title: 'The portal is not available right now',
      when: (time: string) => `It should be back ${time}.`,
      soon: 'It should be back in a few minutes.',
      paragraphs: ['You did nothing wrong. Working connections keep working.'],
    },
    sessionEnded: {
      title: 'You were signed out',
      paragraphs: [
        'For your security, we sign you out after a period without activity. We did not store what you sent.',
        'Sign in again and repeat the step.',
      ],
      action: 'Sign in',
      typedHeading: 'What you had typed',
      fields: {
        name: 'Name',
        external_ref: 'Your own ID for it',
        time_zone: 'Time zone',
        email: 'Email address',
      },
    },
    home: 'Go to the start page',
  },
};
