/** The page "Replace", and what becomes of the old JWT afterwards. */
export const replace = {
  title: 'Replace the connection',
  backLink: 'Connection',
  link: 'Replace',
  now: {
    heading: 'What works now',
    failsHeading: 'What is connected now',
    what: 'Given as',
    given: {
      jwt: (by: string | null) => (by === null ? 'JWT' : `JWT, pasted by ${by}`),
      authorization_code: (by: string | null) =>
        by === null ? 'Sign-in at RingCentral' : `Sign-in at RingCentral by ${by}`,
    },
    since: 'Given at',
    user: 'Acts as',
    company: 'Company',
    lines: 'Reads the faxes of',
    noLines: 'No fax line',
    moreLines: (count: number) => `and ${count} more`,
  },
  goesOn: 'This stays in use until RingCentral has accepted the new one. If the new one is refused, nothing changes.',
  fails: 'RingCentral refuses it at the moment. It stays in its place until RingCentral has accepted the new one.',
  waits: 'A new one was given before and is not proved yet. Another one takes its place.',
  label: 'Paste the new JWT',
  hint: 'Make it for the same company in RingCentral. It starts with eyJ.',
  button: 'Check and replace',
  how: 'How to make a JWT',
  signIn: {
    heading: 'Or sign in at RingCentral',
    onlyHeading: 'Sign in at RingCentral again',
    text: 'You need no JWT for that. The connection then acts as the person who signs in.',
    button: 'Sign in at RingCentral',
    goesTo: (host: string) => `You leave us and go to ${host}.`,
  },
  inUse: (at: string) => `This is the JWT that is in use since ${at}. Create a new one in RingCentral and paste that.`,
  nothingStored: 'What you pasted was not stored and not sent anywhere. The connection did not change.',

  /** On the page of the connection, after a replacement. */
  old: {
    heading: 'Delete the old JWT in RingCentral',
    replaced: (at: string) => `Replaced at ${at}. No job gets a token with the old JWT any more.`,
    alive: 'Until it is deleted, whoever has the old JWT can read your faxes with it.',
    which: (pasted: string, by: string | null) =>
      by === null ? `It was pasted at ${pasted}.` : `It was pasted at ${pasted} by ${by}.`,
    open: 'Open your list of JWTs in RingCentral.',
    remove: (pasted: string) => `Delete the one that was made before ${pasted}.`,
    keepNewest: 'Keep the newest one: it is in use.',
    say: 'Come back and choose “I deleted it”. We then try the old JWT.',
    button: 'I deleted it',
    trying: 'The old JWT is being tried now. This page shows the answer by itself.',
    later: (at: string) => `We have noted that you deleted it. We try the old JWT at ${at}.`,
    works: (at: string) =>
      `We tried it at ${at}, and RingCentral still accepts it. It is not deleted. We ended that session at once.`,
    refused: (at: string, next: string | null) =>
      next === null
        ? `RingCentral refused it at ${at}. We ask once more before we say that it is deleted.`
        : `RingCentral refused it at ${at}. We ask once more at ${next} before we say that it is deleted.`,
    unclear: (at: string, next: string | null) =>
      next === null
        ? `We tried it at ${at}, without a clear answer.`
        : `We tried it at ${at}, without a clear answer. We try again at ${next}.`,
    daily: 'We try it once a day.',
    kept: (until: string) =>
      `We keep it sealed until ${until}, only to try whether it was deleted. Then we destroy it.`,
    deadHeading: 'The old JWT is deleted',
    dead: (at: string) => `RingCentral refuses the old JWT: proved at ${at}. We destroyed our copy.`,
    unprovedHeading: 'The old JWT was not proved to be deleted',
    unproved: (at: string) =>
      `We kept it for seven days and destroyed our copy at ${at}. We cannot try it any more, so look in RingCentral whether it is deleted.`,
  },
  /** What staff read instead of the same sentences above. */
  oldForStaff: {
    heading: 'The clinic has an old JWT to delete',
    alive: 'Until the clinic deletes it, anyone who has the old JWT can read its faxes.',
    trying: 'The old JWT is being tried now. Load this page again to see the answer.',
    later: (at: string) => `A person of the clinic said that it was deleted. We try the old JWT at ${at}.`,
    unproved: (at: string) =>
      `We kept it for seven days and destroyed our copy at ${at}. Whether the clinic deleted it is not known.`,
  },
};
