/** The page "Replace", and what becomes of the old JWT afterwards. */
export const replace = {
  title: 'Replace the connection',
  backLink: 'Connection',
  link: 'Replace',
  now: {
    heading: 'What works now',
    failsHeading: 'What is connected now',
    what: 'Connected with',
    given: {
      jwt: (by: string | null) => (by === null ? 'JWT' : `JWT, pasted by ${by}`),
      authorization_code: (by: string | null) => (by === null ? 'RingCentral sign-in' : `RingCentral sign-in by ${by}`),
    },
    since: 'Connected on',
    user: 'Acts as',
    company: 'Company',
    lines: 'Reads the faxes of',
    noLines: 'No fax line',
    moreLines: (count: number) => `and ${count} more`,
  },
  goesOn:
    'This stays in use until RingCentral accepts the new one. If RingCentral rejects the new one, nothing changes.',
  fails: 'RingCentral is rejecting it right now. It stays in place until RingCentral accepts the new one.',
  waits: 'You already gave us a new one that we have not confirmed yet. Another one replaces it.',
  label: 'Paste the new JWT',
  hint: 'Make it in the same RingCentral company. It starts with eyJ.',
  button: 'Check and replace',
  how: 'How to make a JWT',
  signIn: {
    heading: 'Or sign in to RingCentral',
    onlyHeading: 'Sign in to RingCentral again',
    text: "You don't need a JWT for this. The connection then acts as the person who signs in.",
    button: 'Sign in to RingCentral',
    goesTo: (host: string) => `This takes you to ${host}.`,
  },
  inUse: (at: string) => `This JWT has been in use since ${at}. Create a new one in RingCentral and paste that.`,
  nothingStored: 'We did not store what you pasted or send it anywhere. The connection did not change.',

  /** On the page of the connection, after a replacement. */
  old: {
    heading: 'Delete the old JWT in RingCentral',
    replaced: (at: string) => `The old JWT was replaced ${at}. No job gets a token with it now.`,
    alive: 'Until you delete it, anyone who has the old JWT can read your faxes with it.',
    which: (pasted: string, by: string | null) =>
      by === null ? `It was pasted ${pasted}.` : `${by} pasted it ${pasted}.`,
    open: 'Open your list of JWTs in RingCentral.',
    remove: (pasted: string) => `Delete the one that was made before ${pasted}.`,
    keepNewest: 'Keep the newest one: it is in use.',
    say: 'Come back and choose “I deleted it”. We will then try the old JWT.',
    button: 'I deleted it',
    trying: 'We are trying the old JWT now. This page updates when we have the answer.',
    later: (at: string) => `We have noted that you deleted it. We will try the old JWT ${at}.`,
    works: (at: string) =>
      `We tried it ${at}, and RingCentral still accepts it. It is not deleted. We ended that session immediately.`,
    refused: (at: string, next: string | null) =>
      next === null
        ? `RingCentral rejected it ${at}. We will ask again to make sure that it is deleted.`
        : `RingCentral rejected it ${at}. We will ask again ${next} to make sure that it is deleted.`,
    refusedAgain: (at: string, next: string | null) =>
      next === null
        ? `RingCentral rejected it again ${at}. We will ask again when RingCentral accepts another JWT from us.`
        : `RingCentral rejected it again ${at}. We will ask again ${next}. By then RingCentral must accept another JWT from us.`,
    unclear: (at: string, next: string | null) =>
      next === null
        ? `We tried it ${at}, without a clear answer.`
        : `We tried it ${at}, without a clear answer. We will try again ${next}.`,
    daily: 'We try it once a day.',
    kept: (until: string) =>
      `We keep it sealed until ${until}, only to check whether it was deleted. Then we destroy it.`,
    deadHeading: 'The old JWT is deleted',
    dead: (at: string) => `RingCentral rejects the old JWT. We confirmed this ${at} and destroyed our copy.`,
    unprovedHeading: 'We could not confirm that the old JWT is deleted',
    unproved: (at: string) =>
      `We kept it for seven days and destroyed our copy ${at}. We can no longer try it, so check in RingCentral that it is deleted.`,
    onlyRefused: (at: string) =>
      `RingCentral rejected it each time, but nothing showed that it accepted others from us. We destroyed our copy ${at}. Check in RingCentral that it is deleted.`,
    destroyedOnRequest: (at: string) =>
      `A person wanted our copy destroyed, which we did ${at}. We can no longer try it, so check in RingCentral that it is deleted.`,
  },
  /** What staff read instead of the same sentences above. */
  oldForStaff: {
    heading: 'The clinic has an old JWT to delete',
    replaced: (at: string) => `The clinic replaced the old JWT ${at}. No job gets a token with it now.`,
    alive: 'Until the clinic deletes it, anyone who has the old JWT can read its faxes.',
    trying: 'The old JWT is being tried now. Load this page again to see the answer.',
    later: (at: string) => `A person of the clinic said that it was deleted. We will try the old JWT ${at}.`,
    unproved: (at: string) =>
      `We kept it for seven days and destroyed our copy ${at}. Whether the clinic deleted it is not known.`,
    onlyRefused: (at: string) =>
      `RingCentral rejected it each time, but nothing showed that it accepted others from us. We destroyed our copy ${at}.`,
    destroyedOnRequest: (at: string) =>
      `A person wanted our copy destroyed, which we did ${at}. Whether the clinic deleted it is not known.`,
  },
};
