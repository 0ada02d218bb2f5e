import { causes } from './causes.js';
import { confirm } from './connections/confirm.js';
import { faxes } from './connections/faxes.js';
import { replace } from './connections/replace.js';

export const connections = {
  causes,
  confirm,
  faxes,
  replace,
  title: 'Connection',
  toGuide: 'Start connecting',
  pasteNew: 'Paste a new JWT',
  howToMake: 'Show me how to make a JWT',
  checkAgain: 'Check again',
  checkNow: 'Check now',
  tooManyChecks: (time: string) => `There were too many checks in a short time. You can check again ${time}.`,
  viewer: 'You can view this page. To change the connection, ask an owner or a member of your clinic.',
  lookAgain: 'Refresh this page',
  /** Before "in 40 seconds". */
  slot: 'Next check:',

  states: {
    not_connected: 'Not connected',
    pending: 'Setting up',
    healthy: 'Connected',
    warning: 'Connected, needs attention',
    failing: 'Not working',
    unverified: 'Not confirmed recently',
    disconnected: 'Disconnected',
  },

  headings: {
    not_connected: 'RingCentral is not connected yet',
    refused: 'RingCentral did not accept the JWT',
    checking: 'We are checking your JWT',
    disowned: 'You said that it is not your company',
    confirm: 'Is this your company?',
    fix: 'There is one thing to do before it works',
    othersFix: 'We are keeping your JWT until this is fixed',
    retry: 'We could not check your JWT yet',
    healthy: 'RingCentral is connected',
    warning: 'RingCentral is connected, but needs attention',
    failing: 'The connection to RingCentral is not working',
    unverified: 'The connection was not confirmed recently',
    disconnected: 'RingCentral is disconnected',
  },

  leads: {
    not_connected: (isv: string) => [
      `${isv} cannot read your faxes yet.`,
      'Connecting takes about 5 minutes. The guide tells you what you need.',
    ],
    disowned: (isv: string, time: string) => [
      `Someone said ${time} that the RingCentral company is not your clinic. We destroyed the JWT and read nothing.`,
      `${isv} cannot read your faxes yet. Make the JWT in the RingCentral account of your clinic.`,
    ],
    confirm: (isv: string) => [
      `RingCentral accepted the JWT. ${isv} reads no faxes until you confirm that this is your company.`,
    ],
    checking: ['We are asking RingCentral now. This page updates when we have the answer.'],
    turn: (isv: string, time: string) => [
      `RingCentral lets ${isv} ask only a few times a minute. Your turn is ${time}.`,
      'This page updates when we have the answer. You can leave it and come back.',
    ],
    retry: (time: string) => [
      `We have kept your JWT and will check it again ${time}.`,
      "You don't need to do anything.",
    ],
    healthy: (isv: string) => [`${isv} can read your faxes. You don't need to do anything.`],
    serving: (isv: string) => [`${isv} can read your faxes.`],
    warning: (isv: string) => [`${isv} can read your faxes today.`],
    noLine: (isv: string) => [`${isv} cannot read any faxes until you select a line.`],
    failing: (isv: string) => [`${isv} cannot read your faxes right now.`],
    unverified: ['The connection worked when RingCentral last answered. No check has finished since then.'],
    lineChosen: (time: string) => [`You selected fax lines. We will check them ${time}.`],
    disconnected: (isv: string) => [`${isv} can no longer read your faxes.`],
  },
  /** The last check had no clear result, so what was confirmed before is all that is known. */
  unansweredLead: (why: string, at: string, confirmed: string) => [
    `${why} (${at}). We last confirmed the connection ${confirmed}.`,
    "We will ask again automatically. You don't need to do anything.",
  ],
  noAnswer: {
    error: 'RingCentral answered with an error',
    unreachable: 'We could not reach RingCentral',
    unclear: 'RingCentral gave no clear answer',
    rateLimited: 'RingCentral asked us to wait',
    ours: (isv: string) => `RingCentral rejected the app of ${isv}, not your JWT`,
  },

  /** RingCentral's inboxes keep faxes only for a limited time. */
  deadline: (date: string) =>
    `RingCentral keeps faxes for 30 days, or the newest 200. After ${date}, faxes may be lost.`,
  deadlineOver: (date: string) =>
    `RingCentral keeps faxes for 30 days, or the newest 200. Faxes may have been lost since ${date}.`,
  refusedAt: (time: string) => `RingCentral did not accept the JWT you pasted ${time}. We have destroyed our copy.`,
  suspect: (at: string, next: string | null) =>
    next === null
      ? `RingCentral rejected the JWT once ${at}. We will ask again to make sure.`
      : `RingCentral rejected the JWT once ${at}. We will ask again ${next}.`,
  suspectAccount: (at: string, next: string | null) =>
    next === null
      ? `RingCentral named another user or account for the JWT ${at}. We will ask again to make sure.`
      : `RingCentral named another user or account for the JWT ${at}. We will ask again ${next}.`,
  checkRunning: 'We are checking the connection now. This page updates when we have the answer.',

  history: {
    heading: (days: number) => `The last ${days} days`,
    days: (state: string, count: number) => (count === 1 ? `${state} on 1 day` : `${state} on ${count} days`),
    asTable: 'Show these days as a table',
    utc: 'Days are in UTC. Each day shows its worst state.',
    span: (from: string, to: string) => `${from} to ${to}`,
    troubles: 'When the connection did not work',
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
      check: (name: string) => `${name} asked for a check`,
    },
  },

  /**
   * What RingCentral shows about the user of the JWT, before anything fails. RingCentral's names of statuses are not
   * translated.
   */
  ownerChange: {
    heading: 'The RingCentral user was changed',
    seen: (at: string) => `RingCentral has shown different details for the JWT's user since our check on ${at}.`,
    status: (before: string, now: string) => `Status: was ${before}, now ${now}.`,
    type: (before: string, now: string) => `User type: was ${before}, now ${now}.`,
    admin: 'Administrator: the user was an administrator, and no longer is.',
    roles: (before: string, now: string) => `Roles: was ${before}, now ${now}.`,
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
      status: 'RingCentral may soon reject the JWT of a user who is not enabled.',
      type: 'Some types of users cannot sign in. RingCentral may soon reject the JWT.',
      rights: 'With fewer permissions, the user may no longer see every fax line.',
    },
    why: 'RingCentral does not say who made the change, or why.',
    look: {
      clinic: 'Ask an administrator of your RingCentral account whether the change was intended.',
      staff: "Ask an administrator of the clinic's RingCentral account whether the change was intended.",
    },
    meant: {
      status: 'If it was, create a JWT as another user and paste it here before this one stops working.',
      rights: "If it was, and we can read every line below, you don't need to do anything.",
    },
  },

  owners: {
    tenant: 'Your clinic can fix this',
    isv: (isv: string) => `${isv} needs to fix this`,
    ringcentral: 'RingCentral needs to fix this',
    nobody: 'No one needs to act',
    notYou: 'Your clinic did not cause this',
  },
  fix: {
    heading: 'What to do',
    nothingToDo: "You don't need to do anything. The next check will show when it is fixed.",
    signInInstead: "I can't open the Developer Console: sign in to RingCentral instead",
    signInAsAnother: 'Sign in as another RingCentral user',
    clientId: (app: string) => `Client ID of ${app}`,
    appName: 'App name, to compare',
    permission: (name: string) => `RingCentral calls the missing permission ${name}.`,
    otherEnvironment: {
      title: 'This JWT is from another RingCentral environment',
      what: 'Accounts of AT&T and Verizon have an environment of their own. A JWT from one environment may not work in the other.',
      otherwise: 'If the JWT is from the right account:',
      step: (isv: string) => `Tell ${isv} whether your phone company is AT&T or Verizon.`,
    },
    line: (name: string) => `This is about ${name}.`,
    openConsole: "Open RingCentral's console",
    goesTo: (host: string) => `This takes you to ${host}.`,
    kept: (date: string) => `We will keep your JWT until ${date}. You don't need to paste it again.`,
    nextTry: (time: string) => `We will also check automatically ${time}.`,
  },

  replacement: {
    heading: 'The new JWT',
    stillServes: 'Your current JWT still works. It stays in use until we have confirmed the new one.',
    stillFails: 'The earlier JWT stays in place until we have confirmed the new one.',
    checking: 'We are checking the new JWT. This page updates when we have the answer.',
    turn: (isv: string, time: string) =>
      `RingCentral lets ${isv} ask only a few times a minute. We will check the new JWT ${time}.`,
    retry: (time: string) => `We have kept the new JWT and will check it again ${time}.`,
    refused: 'RingCentral did not accept the new JWT',
  },

  facts: {
    heading: 'Connected as',
    headingBefore: 'Was connected as',
    company: 'Company',
    user: 'RingCentral user',
    extension: (number: string) => `extension ${number}`,
    account: 'Account number',
    since: 'Connected since',
    unnamed: 'RingCentral did not give a name',
  },

  lines: {
    heading: 'Whose faxes we can read',
    headingBefore: 'Whose faxes we could read',
    legend: 'Lines to read',
    hint: 'Select every line whose faxes we should read. We check each one with RingCentral.',
    save: 'Save and check',
    saved: {
      checking: 'Saved. We are checking it now.',
      later: (time: string) => `Saved. We will check it ${time}.`,
      done: 'Saved and checked.',
    },
    none: 'RingCentral has not listed any fax lines yet.',
    name: (name: string, number: string | null) => (number === null ? name : `${name}, extension ${number}`),
    columns: { line: 'Line', result: 'Result' },
    readable: 'We can read its faxes.',
    lastReadable: 'We could read its faxes when RingCentral last answered.',
    wasReadable: 'We could read its faxes before the connection stopped working.',
    unreadable: 'We cannot read its faxes.',
    why: {
      extension_not_visible: 'The user of the JWT has no access to this line.',
      permission_missing: 'The user of the JWT is missing a permission.',
    },
    unsure: 'RingCentral gave no clear answer for this line. We will ask again.',
    unproved: 'Not checked yet.',
    gone: 'RingCentral no longer lists this line.',
    notRead: 'Not read.',
    more: 'More lines of your account',
  },

  abilities: {
    heading: (isv: string) => `What ${isv} can and cannot do`,
    can: (isv: string) => `${isv} can list and download the faxes of the selected lines.`,
    /** Said once a job has got one. */
    jobs: 'For each job, it gets an access token that expires after an hour. It never gets the JWT.',
    cannot: [
      'No one can see your JWT here again, not even you. To change it, paste a new one.',
      'We cannot see which other apps your JWT allows, because RingCentral does not say.',
      'We never see your RingCentral password.',
    ],
  },

  next: {
    heading: 'What happens next',
    lastCheck: 'Last check',
    lastClear: 'Last clear answer',
    nextCheck: 'Next check',
    expires: 'JWT expires',
    reminder: 'Next reminder',
    never: 'Never',
    noneYet: 'None yet',
    none: 'None scheduled',
    running: 'Now',
    inWaitingList: 'When its turn comes',
    contact: 'Questions',
    mail: (address: string) => address,
  },
  support: {
    heading: 'For support',
    codes: (codes: string) => `RingCentral's code: ${codes}`,
    requestId: (id: string) => `RingCentral's request ID: ${id}`,
    cause: (cause: string) => `Cause: ${cause}`,
  },
};
