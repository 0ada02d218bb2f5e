/** The page about calls to RingCentral. */
export const budget = {
  title: 'Calls to RingCentral',
  lead: [
    'RingCentral counts how often our app asks for a token, for all clinics together.',
    'People come first, and one call is always reserved for them. Checks wait until no one else is waiting.',
  ],
  ownBudgets: ['RingCentral counts each clinic separately, as configured here.'],
  tooMany: (every: string) =>
    `There are too few calls for so many clinics, so each is checked only every ${every}. Ask RingCentral for a higher limit.`,
  now: 'Right now',
  ofApp: {
    jwt: (where: string) => `${where}: app for JWTs`,
    sign_in: (where: string) => `${where}: app for sign-ins`,
  },
  limit: 'Calls allowed',
  perWindow: (calls: string, window: string) => `${calls} in ${window}`,
  used: 'Used',
  free: 'Free',
  waiting: 'Waiting',
  lanes: ({ interactive, broker, background }: { interactive: number; broker: number; background: number }) =>
    `${interactive} for people, ${broker} for jobs, ${background} for checks`,
  penalty: 'Held up by RingCentral',
  noPenalty: 'Not right now',
  until: (time: string) => `Until ${time}`,
  checks: 'Checks of all clinics',
  tenants: 'Clinics checked',
  every: 'Each is checked every',
  wanted: (wanted: string) => `Target: every ${wanted}`,
  room: 'More clinics possible before checks become less frequent',
  nightly: 'Time for a job to ask once for each clinic',
  examples: 'Other numbers of clinics',
  clinics: 'Clinics',
};
