/** The list of clinics, the form for a new one and the settings of one. */
export const list = {
  title: 'Clinics',
  create: 'Add a clinic',
  caption: 'All clinics, those that need attention first',
  captionIn: (state: string) => `Clinics: ${state}`,
  emptyIn: 'No clinic is in this state now.',
  emptyOf: 'No clinic has this cause now.',
  filters: {
    states: 'Clinics by state',
    causes: 'By cause',
    all: 'All',
    allCauses: 'All causes',
    everyState: 'This cause in every state',
  },
  columns: { name: 'Clinic', state: 'State', cause: 'Cause', owner: 'Who needs to act', since: 'Since' },
  next: 'Next clinics',
  first: 'Back to the first clinics',
  empty: 'There are no clinics yet.',
  emptyStep: 'Add the first one, then invite a person who works there.',
  nothing: 'No one',
  none: 'None',
};

export const create = {
  title: 'Add a clinic',
  back: 'Clinics',
  name: 'Name of the clinic',
  externalRef: 'Your own ID for it',
  externalRefHint: 'The ID your records and jobs use. Each clinic has its own.',
  environment: 'Where its RingCentral account is',
  environments: {
    production: { text: 'RingCentral and nearly all brands', hint: 'Addresses that end in ringcentral.com' },
    biz: { text: 'AT&T Office@Hand or Verizon', hint: 'Addresses that end in ringcentral.biz' },
  },
  language: 'Language',
  languageHint: 'The language of its pages and emails. Each person can choose another.',
  timeZone: 'Time zone',
  timeZoneHint: "The clinic's pages show times in this zone.",
  button: 'Add the clinic',
  problems: {
    name: {
      missing: 'Enter the name of the clinic.',
      too_long: 'The name is too long. Use at most 200 characters.',
      control_characters: 'The name has hidden characters in it. Type it again.',
    },
    externalRef: {
      missing: 'Enter your own ID for the clinic.',
      too_long: 'The ID is too long. Use at most 100 characters.',
      control_characters: 'The ID has hidden characters in it. Type it again.',
      duplicate: 'Another clinic has this ID. Enter a different one.',
    },
    environment: { unknown: 'Choose where its RingCentral account is.' },
    language: { unknown: 'This language is not available. Choose another one.' },
    timeZone: { unknown: 'Choose a time zone from the list.' },
  },
};

export const settings = {
  title: 'Settings of the clinic',
  secondFactor: 'Signing in',
  secondFactorHint: "Members without an authenticator app must set one up before they can see the clinic's pages.",
  secondFactorNeeded: 'Members need an authenticator app',
  secondFactorOptional: 'A password; an authenticator app is optional',
  methods: 'Ways to connect',
  methodsHint: 'What the guide offers from now on. Working connections do not change.',
  methodsOf: {
    both: 'A JWT, or signing in to RingCentral for those who cannot open the Developer Console',
    jwt: 'Only a JWT',
    authorization_code: 'Only signing in to RingCentral',
  },
  button: 'Save',
  change: 'Change',
};
