/** The page about the next run of the jobs, and its settings. */
export const preflight = {
  title: 'Will tonight’s run work?',
  lead: 'What the checks say now about the next run of your jobs.',
  leadWithout:
    'No nightly run is set, so this page looks 12 hours ahead. With a time set, we check before the run what is not known. Two hours before it, we email operators and administrators.',
  notices: {
    queued:
      'The checks are queued and will be made before the run, one after the other. Reload the page to see results.',
    nothing: 'There is nothing to queue: what can be checked before the run is queued already.',
    saved: 'The nightly run is saved.',
  },
  rows: {
    begins: 'The run begins',
    ahead: 'A run that begins',
    go: 'Will work',
    noGo: 'Will not work',
    unknown: 'Not known yet',
    estimate: 'Time to get a token for every clinic',
  },
  estimateNote: 'At most, as fast as RingCentral lets us ask',
  noEstimate: 'No clinic waits for another',
  atLeast: (count: string) => `${count} or more`,
  notCounted: 'Too many clinics do not work for us to count the others here',
  setRunTime: 'Set the nightly run',
  queue: 'Check what is not known',
  allGo: 'Every clinic will work, as far as the checks show now.',
  noClinics: 'There is no clinic yet.',
  noGo: {
    caption: 'Will not work',
    empty: 'No clinic in this part of the list.',
    columns: { name: 'Clinic', state: 'State', cause: 'Cause', owner: 'Who needs to act', since: 'Since' },
    notConnected: 'Not connected yet',
    disconnected: 'Disconnected',
    expiresBefore: 'The connection expires before the run',
  },
  unknown: {
    caption: 'Not known yet',
    columns: { name: 'Clinic', reason: 'Why', checked: 'Last check' },
    never: 'Never',
    reasons: {
      app_incident: 'RingCentral rejects our own app, so its answers say nothing about the clinic. See the incident.',
      not_proved_yet: 'A new JWT or sign-in is being checked.',
      refusal_unconfirmed: 'RingCentral refused it once. We are asking again to be sure.',
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
    atHint: 'In 24 hours, such as 02:00. Leave it empty if there is no nightly run.',
    timeZone: 'Time zone',
    timeZoneHint: 'As in America/Denver. We follow daylight saving time.',
    problems: {
      at: 'Enter a time of the day in 24 hours, such as 02:00.',
      timeZone: 'Enter a time zone by its place, such as America/Denver.',
    },
    button: 'Save',
  },
};
