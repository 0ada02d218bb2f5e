import { causes } from './causes.js';
import { faxes } from './connections/faxes.js';
import { replace } from './connections/replace.js';

export const connections = {
  causes,
  faxes,
  replace,
  title: 'Connection',
  toGuide: 'Start connecting',
  pasteNew: 'Paste a new JWT',
  howToMake: 'Show me how to make a JWT',
  checkAgain: 'Check again',
  checkNow: 'Check now',
  tooManyChecks: (time: string) => `It was checked many times in a short while. You can check again ${time}.`,
  viewer: 'You can view this page. To change the connection, ask an owner or a member of your clinic.',
  lookAgain: 'Show the page again',

  states: {
    not_connected: 'Not connected',
    pending: 'Being set up',
    healthy: 'Connected',
    warning: 'Connected, look soon',
    failing: 'Not working',
    unverified: 'Not confirmed',
    disconnected: 'Disconnected',
  },

  headings: {
    not_connected: 'RingCentral is not connected yet',
    refused: 'The JWT was not accepted',
    checking: 'Your JWT is being checked',
    fix: 'One thing to do before it works',
    othersFix: 'Your JWT is kept until this is fixed',
    retry: 'Your JWT could not be checked yet',
    healthy: 'RingCentral is connected',
    warning: 'RingCentral is connected, but look at this',
    failing: 'The connection to RingCentral does not work',
    unverified: 'The connection was not confirmed lately',
    disconnected: 'RingCentral is disconnected',
  },

  leads: {
    not_connected: (isv: string) => [
      `${isv} cannot read your faxes yet.`,
      'It takes about 5 minutes. The guide says what you need.',
    ],
    checking: ['We are asking RingCentral now. This page shows the answer by itself.'],
    turn: (isv: string, time: string) => [
      `RingCentral lets ${isv} ask only a few times a minute. Your turn is at ${time}.`,
      'This page shows the answer by itself. You can also leave it and come back.',
    ],
    retry: (time: string) => [
      `We have kept your JWT and will check again at ${time}.`,
      'You do not need to do anything.',
    ],
    healthy: (isv: string) => [`${isv} can read your faxes. You do not need to do anything.`],
    serving: (isv: string) => [`${isv} can read your faxes.`],
    warning: (isv: string) => [`${isv} can read your faxes today.`],
    noLine: (isv: string) => [`${isv} reads no faxes until you tick a line.`],
    failing: (isv: string) => [`${isv} cannot read your faxes at the moment.`],
    unverified: ['It worked when we last had an answer. Since then no check has come to an end.'],
    lineChosen: (time: string) => [`You ticked lines to read. We check them at ${time}.`],
    disconnected: (isv: string) => [`${isv} can no longer read your faxes.`],
  },
  /** The last check had no clear result, so what was confirmed before is all that is known. */
  unansweredLead: (why: string, at: string, confirmed: string) => [
    `${why} (${at}); last confirmed at ${confirmed}.`,
    'We ask again by ourselves. You do not need to do anything.',
  ],
  noAnswer: {
    error: 'RingCentral answered with an error',
    unreachable: 'We could not reach RingCentral',
    unclear: 'RingCentral gave no clear answer',
    rateLimited: 'RingCentral asked us to wait',
    ours: (isv: string) => `RingCentral refused the app of ${isv}, not your JWT`,
  },

  /** RingCentral's inboxes keep faxes only for a limited time. */
  deadline: (date: string) =>
    `RingCentral keeps faxes for 30 days, or the newest 200. After ${date} faxes may be lost.`,
  deadlineOver: (date: string) =>
    `RingCentral keeps faxes for 30 days, or the newest 200. Since ${date} faxes may have been lost.`,
  refusedAt: (time: string) => `The JWT of ${time} was not accepted and is destroyed here.`,
  suspect: (at: string, next: string | null) =>
    next === null
      ? `RingCentral refused the JWT once at ${at}. We ask again before we believe it.`
      : `RingCentral refused the JWT once at ${at}. It will be asked again at ${next}.`,
  suspectAccount: (at: string, next: string | null) =>
    next === null
      ? `At ${at} RingCentral named another user or account for the JWT. We ask again before we believe it.`
      : `At ${at} RingCentral named another user or account for the JWT. It will be asked again at ${next}.`,
  checkRunning: 'A check is being made now. This page shows the answer by itself.',

  history: {
    heading: (days: number) => `The last ${days} days`,
    days: (state: string, count: number) => (count === 1 ? `${state} on 1 day` : `${state} on ${count} days`),
    asTable: 'Each of these days in words',
    utc: 'Days are days of UTC. Each shows the worst that was found on it.',
    span: (from: string, to: string) => `${from} to ${to}`,
    troubles: 'When it did not work',
    notYet: 'Not yet',
    columns: {
      days: 'Days',
      state: 'State',
      cause: 'Cause',
      began: 'Began',
      ended: 'Ended',
      fixed: 'How it was fixed',
    },
    fixed: { new_credential: 'Connected again', check: 'RingCentral accepts it again' },
    by: {
      new_credential: (name: string) => `By ${name}`,
      check: (name: string) => `${name} had it checked`,
    },
  },

  /**
   * What RingCentral shows about the user of the JWT, before anything fails. RingCentral's names of statuses are not
   * translated.
   */
  ownerChange: {
    heading: 'The RingCentral user was changed',
    seen: (at: string) => `RingCentral shows the user of the JWT differently since our check of ${at}.`,
    status: (before: string, now: string) => `Status: it was ${before}, now it is ${now}.`,
    type: (before: string, now: string) => `Type of user: it was ${before}, now it is ${now}.`,
    admin: 'Administrator: the user was one before, and is none now.',
    roles: (before: string, now: string) => `Roles: before ${before}, now ${now}.`,
    role: (id: string) => `role ${id}`,
    noRole: 'none',
    statuses: {
      Enabled: 'Enabled',
      Disabled: 'Disabled',
      Frozen: 'Frozen',
      NotActivated: 'Not Activated',
      Unassigned: 'Unassigned',
    },
    may: {
      status: 'RingCentral may soon refuse the JWT of a user that is not enabled.',
      type: 'Some types of user may not sign in. RingCentral may soon refuse the JWT.',
      rights: 'With fewer rights the user may no longer see every fax line.',
    },
    why: 'RingCentral does not tell who changed it, or why.',
    look: {
      clinic: 'An administrator of your RingCentral account can look at the user, and say whether it was meant.',
      staff: "An administrator of the clinic's RingCentral account can look at the user, and say whether it was meant.",
    },
    meant: {
      status: 'If it was meant, make a JWT with another user and paste it here before this one stops.',
      rights: 'If it was meant and every line below can be read, nothing is left to do.',
    },
  },

  owners: {
    tenant: 'Your clinic can fix this',
    isv: (isv: string) => `${isv} has to fix this`,
    ringcentral: 'RingCentral has to fix this',
    nobody: 'This mends itself',
    notYou: 'Your clinic did not cause this',
  },
  fix: {
    heading: 'What to do',
    nothingToDo: 'You do not need to do anything. When it is fixed, the next check finds out.',
    signInInstead: "I can't open the Developer Console: sign in at RingCentral instead",
    signInAsAnother: 'Sign in as another RingCentral user',
    clientId: (app: string) => `Client ID of ${app}`,
    appName: 'Name of the app, to compare',
    permission: (name: string) => `RingCentral calls what is missing ${name}.`,
    otherEnvironment: {
      title: 'This JWT is from another RingCentral environment',
      what: 'Accounts of AT&T and Verizon have an environment of their own. A JWT of one environment may not work in the other.',
      otherwise: 'If the JWT is from the right account:',
      step: (isv: string) => `Tell ${isv} whether your phone company is AT&T or Verizon.`,
    },
    line: (name: string) => `It is about ${name}.`,
    openConsole: "Open RingCentral's console",
    goesTo: (host: string) => `You leave us and go to ${host}.`,
    kept: (date: string) => `We keep your JWT until ${date}. Nobody needs to paste it again.`,
    nextTry: (time: string) => `We also check by ourselves at ${time}.`,
  },

  replacement: {
    heading: 'The new JWT',
    stillServes: 'The JWT you had before still works and stays in use until the new one is proved.',
    stillFails: 'The JWT from before stays in place until the new one is proved.',
    checking: 'The new JWT is being checked. This page shows the answer by itself.',
    turn: (isv: string, time: string) =>
      `RingCentral lets ${isv} ask only a few times a minute. The new JWT has its turn at ${time}.`,
    retry: (time: string) => `We have kept the new JWT and will check it again at ${time}.`,
    refused: 'The new JWT was not accepted',
  },

  facts: {
    heading: 'Connected as',
    headingBefore: 'It was connected as',
    company: 'Company',
    user: 'RingCentral user',
    extension: (number: string) => `extension ${number}`,
    account: 'Account number',
    since: 'Connected since',
    unnamed: 'RingCentral did not tell the name',
  },

  lines: {
    heading: 'Whose faxes we can read',
    headingBefore: 'Whose faxes we read while it worked',
    legend: 'Lines to read',
    hint: 'Tick every line whose faxes you want read. We prove each one at RingCentral.',
    save: 'Save and check',
    saved: {
      checking: 'Saved. It is being checked now.',
      later: (time: string) => `Saved. We check it at ${time}.`,
      done: 'Saved and checked.',
    },
    none: 'RingCentral has not listed any fax line yet.',
    name: (name: string, number: string | null) => (number === null ? name : `${name}, extension ${number}`),
    columns: { line: 'Line', result: 'Result' },
    readable: 'We can read its faxes.',
    lastReadable: 'We could read its faxes when RingCentral last answered.',
    wasReadable: 'We could read its faxes before the connection stopped working.',
    unreadable: 'We cannot read its faxes.',
    why: {
      extension_not_visible: 'The user of the JWT has no access to this line.',
      permission_missing: 'The user of the JWT lacks a permission.',
    },
    unsure: 'RingCentral gave no clear answer for this line. We ask again.',
    unproved: 'Not tried yet.',
    gone: 'RingCentral no longer lists this line.',
    notRead: 'Not read.',
    more: 'More lines of your account',
  },

  abilities: {
    heading: (isv: string) => `What ${isv} can and cannot do`,
    can: (isv: string) => `${isv} can list and fetch the faxes of the ticked lines.`,
    /** Said once a job has got one. */
    jobs: 'For each job it gets an access token that ends after an hour. It never gets the JWT.',
    cannot: [
      'Nobody can see your JWT here again, not even you. To change it, paste a new one.',
      'We cannot see which other apps your JWT allows: RingCentral does not tell.',
      'We never see your RingCentral password.',
    ],
  },

  next: {
    heading: 'What happens next',
    lastCheck: 'Last check',
    lastClear: 'Last clear answer',
    nextCheck: 'Next check',
    expires: 'Expiry of the JWT',
    reminder: 'Next reminder',
    never: 'It does not expire',
    noneYet: 'None yet',
    none: 'None planned',
    running: 'Now',
    inWaitingList: 'As soon as it is its turn',
    contact: 'Questions',
    mail: (address: string) => address,
  },
  support: {
    heading: 'For support',
    codes: (codes: string) => `RingCentral's code: ${codes}`,
    requestId: (id: string) => `RingCentral's request: ${id}`,
    cause: (cause: string) => `Cause: ${cause}`,
  },
};
