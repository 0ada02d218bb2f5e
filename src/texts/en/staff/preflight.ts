/** The page about the next run of the jobs, and its settings. */
export const preflight = {
  title: 'Will tonight’s run work?',
  lead: 'What checks show now about the next run of your jobs.',
  leadWithout:
    'No nightly run is set, so this page looks 12 hours ahead. If you set a time, we check unknown clinics before the run. Two hours before it, we email operators and administrators.',
  notices: {
    queued: 'The checks are queued and will run one after another before the run. Refresh the page to see results.',
    nothing: 'Everything that can be checked before the run is already queued.',
    saved: 'The nightly run was saved.',
  },
  rows: {
    begins: 'The run begins',
    ahead: 'A run that begins',
    go: 'Will work',
    noGo: 'Will not work',
    unknown: 'Unknown',
    estimate: 'Time to get a token for every clinic',
  },
  estimateNote: 'At most, based on how often RingCentral lets us ask',
  noEstimate: 'No clinic has to wait',
  atLeast: (count: string) => `${count} or more`,
  notCounted: 'Too many clinics do not work for us to count the others here',
  setRunTime: 'Set the nightly run',
  queue: 'Check the unknown clinics',
  allGo: 'Every clinic will work, based on the checks so far.',
  noClinics: 'There are no clinics yet.',
  noGo: {
    caption: 'Will not work',
    empty: 'There are no clinics in this part of the list.',
    columns: { name: 'Clinic', state: 'State', cause: 'Cause', owner: 'Who needs to act', since: 'Since' },
    notConnected: 'Not connected yet',
    disconnected: 'Disconnected',
    expiresBefore: 'The connection expires before the run',
  },
  unknown: {
    caption: 'Unknown',
    columns: { name: 'Clinic', reason: 'Why', checked: 'Last check' },
    never: 'Never',
    reasons: {
      app_incident: 'RingCentral rejects our own app, so its answers say nothing about the clinic. See the incident.',
      not_proved_yet: 'A new JWT or sign-in is being checked.',
      refusal_unconfirmed: 'RingCentral rejected it once. We are asking again to make sure.',
      evidence_too_old: 'The last proof will be too old by then. A check can renew it before the run.',
      budget_too_small:
        'The last proof will be too old by then. RingCentral does not let us ask about so many clinics before the run.',
    },
  },
  next: 'Next clinics',
  first: 'Back to the first clinics',
  runTime: {
    title: 'Nightly run',
    lead: 'When do your jobs start each night? Before that, we check every clinic whose last proof would be too old. Two hours before the run, we email operators and administrators what to expect.',
    at: 'Start of the run',
    atHint: 'Use 24-hour time, such as 02:00. Leave it empty if there is no nightly run.',
    timeZone: 'Time zone',
    timeZoneHint: 'We follow daylight saving time.',
    problems: {
      at: 'Enter a time of day in 24-hour time, such as 02:00.',
      timeZone: 'Choose a time zone from the list.',
    },
    button: 'Save',
  },
};
