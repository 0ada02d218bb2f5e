/** What a clinic sees of the uses of its credential, and of changes. */
export const activity = {
  title: 'Activity',
  link: 'See each use of your JWT, and each change',
  /** While nothing was ever connected. */
  changes: 'See each change',
  lead: (isv: string) => [
    `Each time a job of ${isv} asked for an access token, and each change to this connection and its people.`,
    'A token expires after an hour. No job ever gets anything that lasts longer.',
  ],
  empty: 'Nothing has happened here yet. Each change and each use of the connection appears here.',
  columns: { at: 'When', what: 'What', by: 'By', result: 'Result' },
  use: 'A job asked for an access token',
  times: (count: string) => `${count} times`,
  job: (id: string) => `job ${id}`,
  jobs: (count: number) => `${count} jobs`,
  purpose: (purpose: string) => `For: ${purpose}`,
  /** A key whose name is no longer known. */
  unnamedKey: (id: string) => `Key ${id}`,
  useResults: { ok: 'Issued', refused: 'Not issued', inconclusive: 'Not issued yet' },
  results: { ok: 'Done', refused: 'Rejected', inconclusive: 'No clear answer' },
  /** Of a JWT that is no longer used. */
  deathResults: {
    ok: 'RingCentral still accepts it',
    refused: 'RingCentral rejected it',
    inconclusive: 'No clear answer',
  },
  actors: {
    hand_off: 'A colleague with a link',
    portal: 'This portal',
    nobody: 'Someone with a link who was not signed in',
  },
  older: 'Older activity',
  newest: 'Newest activity',
  left: 'Scheduled checks and page views are not listed.',
};
