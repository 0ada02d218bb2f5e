/** The first page of staff. */
export const overview = {
  title: 'Overview',
  empty: {
    none: 'There are no clinics yet. When the first one is added, this page shows who needs you.',
    step: 'Add the first one, then invite a person who works there.',
  },
  noIncident: 'No incident is open.',
  needs: {
    heading: 'Who needs us now',
    caption: 'Clinics that need us now, the worst first',
    none: 'No clinic needs us now.',
    silent: 'Invited, no answer for 5 days',
    columns: { clinic: 'Clinic', what: 'What', since: 'Since', act: 'Next step' },
    acts: {
      decide: 'Decide about the account',
      ours: 'See what we must fix',
      email: 'Email the fix',
      invite: 'Invite again',
    },
    states: 'All clinics by state',
    owners: {
      isv: (count: number, shown: string) =>
        count === 1 ? 'We need to act for 1 clinic.' : `We need to act for ${shown} clinics.`,
      tenant: (count: number, shown: string) =>
        count === 1 ? '1 clinic needs to act.' : `${shown} clinics need to act.`,
      ringcentral: (count: number, shown: string) =>
        count === 1 ? 'RingCentral needs to act for 1 clinic.' : `RingCentral needs to act for ${shown} clinics.`,
    },
    all: 'See all clinics, the worst first',
  },
  connected: {
    heading: 'Connected clinics, the last 90 days',
    now: (count: number, connected: string, clinics: string) =>
      clinics === '1'
        ? count === 1
          ? 'Your only clinic is connected now.'
          : 'Your only clinic is not connected now.'
        : count === 1
          ? `1 of ${clinics} clinics is connected now.`
          : `${connected} of ${clinics} clinics are connected now.`,
    change: (sign: number, difference: string, since: string) =>
      sign === 0
        ? `That is as many as on ${since}.`
        : `That is ${difference} ${sign > 0 ? 'more' : 'fewer'} than on ${since}.`,
    notYet: {
      none: 'When the first clinic is connected, a chart of the days begins here.',
      oneDay: 'A chart of the days begins here tomorrow.',
    },
    most: (most: string) => `The top line is ${most}.`,
    asTable: 'Show these days as a table',
    utc: 'Each number is that at the end of a day in UTC. Connected includes clinics that need attention.',
    columns: { days: 'Days', connected: 'Connected', clinics: 'All clinics' },
    span: (from: string, to: string) => `${from} – ${to}`,
    unknown: 'Not recorded',
  },
  funnel: {
    heading: (days: number) => `Setting up: clinics invited in the last ${days} days`,
    none: (days: number) =>
      `No clinic was invited in the last ${days} days. When you invite one, this part shows how far it gets.`,
    notYet: 'Not counted yet. The figures appear within a minute.',
    columns: {
      step: 'Step',
      clinics: 'Clinics',
      stopped: 'Not further yet',
      median: 'Median time from the step before',
    },
    steps: {
      invited: 'Invited',
      opened: 'Accepted the invitation',
      console: "Opened the step in RingCentral's console",
      pasted: 'Pasted a JWT or signed in',
      connected: 'Connected',
    },
    stop: (step: string, count: number, shown: string) =>
      count === 1
        ? `1 clinic waits after this step: ${step}.`
        : `Most wait after this step: ${step} (${shown} clinics).`,
    madeAt: (time: string) => `Counted on ${time}. A clinic that reached a later step counts for each step before it.`,
  },
  nextRun: {
    heading: 'The next run',
    notYet: 'Not counted yet. The figures appear within a minute.',
    allWork: 'The run will work for every clinic.',
    allFail: 'The run will not work for any clinic.',
    someFail: 'The run will not work for some clinics.',
    someUnknown: 'For some clinics, we do not know yet whether the run will work.',
    begins: 'Begins',
    ahead: 'Looking ahead to',
    go: 'Will work',
    noGo: 'Will not work',
    unknown: 'Not known',
    atLeast: (count: string) => `At least ${count}`,
    madeAt: (time: string) => `Counted on ${time}.`,
    link: 'See the clinics of the next run',
  },
  expiries: {
    heading: 'JWTs that end in the next 60 days',
    none: 'No JWT in use ends in the next 60 days.',
    within: (days: number) => `In ${days} days or less`,
    between: (from: number, to: number) => `In ${from} to ${to} days`,
    first: 'The first to end',
    columns: { clinic: 'Clinic', on: 'Ends on' },
    mailed: 'We email each clinic 30, 14, 7, 3 and 1 days before.',
  },
};

/** The page about what belongs to no clinic. */
export const activity = {
  title: 'Activity outside clinics',
  lead: "Sign-ins, staff work and refused requests. Activity of a clinic is on that clinic's page.",
  address: 'Address',
};
