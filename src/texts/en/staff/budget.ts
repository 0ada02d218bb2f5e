/** The page about calls to RingCentral. */
export const budget = {
  title: 'Calls to RingCentral',
  lead: [
    'RingCentral counts how often our app asks for a token, for all clinics together.',
    'People come first: one call is always kept for them. Checks wait until nobody else does.',
  ],
  ownBudgets: ['RingCentral counts for each clinic by itself, as far as it was configured here.'],
  tooMany: (every: string) =>
    `The calls are not enough for so many clinics: each is checked every ${every} only. Ask RingCentral for a higher limit.`,
  now: 'Just now',
  ofApp: {
    jwt: (where: string) => `${where}: app for JWTs`,
    sign_in: (where: string) => `${where}: app for sign-ins`,
  },
  limit: 'Calls that are allowed',
  perWindow: (calls: string, window: string) => `${calls} in ${window}`,
  used: 'Used of these',
  free: 'Free',
  waiting: 'Waiting',
  lanes: ({ interactive, broker, background }: { interactive: number; broker: number; background: number }) =>
    `${interactive} for people, ${broker} for jobs, ${background} for checks`,
  penalty: 'Held up by RingCentral',
  noPenalty: 'Not at the moment',
  until: (time: string) => `Until ${time}`,
  checks: 'Checks of all clinics',
  tenants: 'Clinics that are checked',
  every: 'Each is checked every',
  wanted: (wanted: string) => `Wanted: every ${wanted}`,
  room: 'Room for more clinics before checks become rarer',
  nightly: 'A job that asks for each clinic once takes',
  examples: 'What other numbers of clinics need',
  clinics: 'Clinics',
};
