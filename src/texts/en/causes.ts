/** The facts that a text about a cause may mention. */
export type CauseFacts = {
  isv: string;
  app: string;
  expires: string | null;
  /** The refused JWT had not expired. */
  unexpired: boolean;
  /** RingCentral, or the portal, did not answer the last sign-in in time. */
  unanswered: boolean;
};

/** A step, and what the page shows below it: a button to RingCentral's console, a text to copy, or our address. */
export type CauseStep = string | { text: string; with: 'console' | 'clientId' | 'appName' | 'support' };

export type CauseText = {
  /** A heading; also the reason shown beside a fax line. */
  title: (facts: CauseFacts) => string;
  /** Short, for staff, who read it often. */
  short: string;
  what: (facts: CauseFacts) => string[];
  /** The steps of the clinic, in order. Empty if the clinic cannot do anything. */
  steps: (facts: CauseFacts) => CauseStep[];
};

/** Keeps the keys exact, and lets another language use facts that the English text does not need. */
const all = <Cause extends string>(texts: Record<Cause, CauseText>) => texts;

const newJwt = ["Create a new JWT in RingCentral's console.", 'Paste it here.'];

/** One entry for each cause in connections/causes.ts. */
export const causes = all({
  app_not_permitted: {
    title: ({ isv }) => `RingCentral has not been told that ${isv} may use this JWT`,
    short: 'Client ID not added',
    what: () => ['The JWT itself is fine. Our client ID is not on its list of permitted apps yet.'],
    steps: ({ app }) => [
      { text: "Open your JWTs in RingCentral's console and choose the one you pasted.", with: 'console' },
      'Choose Only specific apps of my choice.',
      { text: 'Paste this client ID and choose Add app.', with: 'clientId' },
      { text: `Check that the table shows ${app}.`, with: 'appName' },
      'Choose Save, come back here and choose Check again.',
    ],
  },
  third_party_access_missing: {
    title: () => 'The user of this JWT may not use apps of other companies',
    short: 'Third Party Apps Access missing',
    what: () => ['The role of that user lacks the permission Third Party Apps Access.'],
    steps: () => [
      'Ask a RingCentral administrator of your clinic to open the role of that user.',
      'Tick Third Party Apps Access and save the role.',
      'Come back here and choose Check again.',
      "If you made the JWT with a free developer account: that account has no role to change. Create a new JWT in your clinic's own RingCentral account and paste it here.",
    ],
  },
  owner_inactive: {
    title: () => 'The user of this JWT is switched off in RingCentral',
    short: 'User switched off',
    what: () => ['A JWT acts as the user who made it. RingCentral says that user may not sign in.'],
    steps: () => [
      'Ask a RingCentral administrator of your clinic to enable the user, then choose Check again.',
      'If the user has left: create a new JWT as an active user and paste it here.',
    ],
  },
  account_inactive: {
    title: () => 'RingCentral has suspended your account',
    short: 'Account suspended',
    what: () => ['RingCentral lets nobody of this account sign in at the moment.'],
    steps: () => [
      'Ask whoever pays your RingCentral bill to talk to RingCentral.',
      'When the account works again, come back here and choose Check again.',
    ],
  },
  wrong_user_type: {
    title: () => 'This JWT belongs to an extension that cannot sign in',
    short: 'Extension cannot sign in',
    what: () => ['It may be a call queue or another extension that is no person.'],
    steps: () => [
      "Sign in to RingCentral's console as a user, best a service user.",
      'Create a new JWT there and paste it here.',
    ],
  },
  owner_locked: {
    title: () => 'RingCentral has locked the user of this JWT for a while',
    short: 'User locked for a while',
    what: () => ['This happens after several wrong sign-ins. RingCentral opens the lock by itself.'],
    steps: () => [],
  },
  account_restricted: {
    title: () => 'RingCentral restricts where this account may be used',
    short: 'Account restricted',
    what: () => ['Only RingCentral can lift this restriction.'],
    steps: () => [
      'Write to the support of RingCentral and give the code at the foot of this page.',
      'When they have lifted it, choose Check again.',
    ],
  },
  credential_damaged: {
    title: () => 'RingCentral could not read this JWT',
    short: 'JWT damaged',
    what: () => ['Some of its characters are missing or were changed on the way.'],
    steps: () => ['Copy the JWT again with the copy button in RingCentral, or create a new one.', 'Paste it here.'],
  },
  credential_expired: {
    title: ({ expires }) => (expires === null ? 'The JWT has expired' : `The JWT expired on ${expires}`),
    short: 'JWT expired',
    what: () => ['RingCentral no longer accepts it.'],
    steps: () => newJwt,
  },
  credential_rejected: {
    title: () => 'RingCentral no longer takes this JWT',
    short: 'JWT no longer accepted',
    what: ({ unexpired }) => [
      unexpired
        ? 'It was revoked or deleted. RingCentral does not say which.'
        : 'It was revoked, deleted or has expired. RingCentral does not say which.',
    ],
    steps: () => newJwt,
  },
  sign_in_again: {
    title: ({ unanswered }) => (unanswered ? 'We could not finish your sign-in' : 'Sign in at RingCentral again'),
    short: 'Sign-in at RingCentral needed',
    what: ({ unanswered }) => [
      unanswered
        ? 'RingCentral or this portal did not answer in time. Nothing was connected. Your clinic did nothing wrong.'
        : 'RingCentral did not accept the last sign-in, or no longer accepts it. The password may have been changed, or access withdrawn at RingCentral.',
    ],
    steps: ({ unanswered }) => [
      unanswered
        ? 'Sign in at RingCentral again. If this page then says the same, wait a few minutes before you try again.'
        : 'Sign in at RingCentral again. Have the name and password of the same user ready.',
    ],
  },
  session_too_short: {
    title: () => 'Your RingCentral account ends sessions too soon',
    short: 'Sessions end too soon',
    what: () => [
      'A setting of your RingCentral account ends every session after a short time. Then no faxes can be read until someone signs in again.',
    ],
    steps: () => [
      'Connect your clinic with a JWT instead. A JWT does not have this limit.',
      'Or ask a RingCentral administrator of your clinic to raise the limits, then sign in again. A session must last 26 hours without use, and 30 days in all.',
    ],
  },
  permission_missing: {
    title: () => 'The user of this JWT lacks a permission in RingCentral',
    short: 'Permission missing',
    what: () => ['The JWT is fine, but it can do only what its user may do.'],
    steps: () => [
      'Ask a RingCentral administrator of your clinic to add the permission to the role of that user.',
      'Come back here and choose Check again.',
      "If you made the JWT with a free developer account: that account has no role to change. Create a new JWT in your clinic's own RingCentral account and paste it here.",
    ],
  },
  extension_not_visible: {
    title: () => 'The user of this JWT may not read the faxes of a ticked line',
    short: 'Fax line not visible',
    what: () => ['The user needs access to that extension, as super admin or with a custom role.'],
    steps: () => [
      'Ask a RingCentral administrator of your clinic to give the user access to the line.',
      'Or untick the line below, if its faxes are not wanted.',
      'Come back here and choose Check again.',
    ],
  },
  scope_missing: {
    title: ({ app }) => `${app} lacks a right at RingCentral`,
    short: 'App lacks a scope',
    what: ({ isv }) => [`${isv} has to add it to its app. Your JWT is fine.`],
    steps: () => [],
  },
  app_misconfigured: {
    title: ({ app }) => `RingCentral refuses ${app} itself`,
    short: 'App refused by RingCentral',
    what: ({ isv }) => [`${isv} has to fix its settings at RingCentral. It has nothing to do with your JWT.`],
    steps: () => [],
  },
  account_mismatch: {
    title: () => 'This JWT belongs to another user or RingCentral account than before',
    short: 'Other account than before',
    what: ({ isv }) => [`To keep your faxes safe, ${isv} looks at this before any job uses it.`],
    steps: ({ isv }) => [
      { text: `If the change is meant, tell ${isv}.`, with: 'support' },
      'If it is a mistake, create a JWT in the account you had and paste it here.',
    ],
  },
  account_shared: {
    title: ({ isv }) => `${isv} has to approve this RingCentral account first`,
    short: 'Account needs approval',
    what: () => ['The JWT is fine. This is asked once, before an account is used here.'],
    steps: () => [],
  },
  no_fax_line: {
    title: () => 'No fax line is ticked',
    short: 'No fax line',
    what: () => ['The JWT works, but nobody has said whose faxes are to be read.'],
    steps: () => ['Tick the lines below whose faxes you want read, then choose Save and check.'],
  },
  mailbox_filling: {
    title: () => 'A fax mailbox is full or nearly full',
    short: 'Mailbox filling up',
    what: () => [
      'RingCentral keeps 200 messages in a mailbox, faxes and voicemail together. When it is full, each new message pushes out the oldest one. A fax is lost if it is pushed out before it is fetched.',
    ],
    steps: ({ isv }) => [
      'In RingCentral, delete the faxes and the voicemail that you no longer need.',
      `If many faxes arrive every day, tell ${isv}, so that they are fetched more often.`,
    ],
  },
  expires_soon: {
    title: ({ expires }) => (expires === null ? 'The JWT expires soon' : `The JWT expires on ${expires}`),
    short: 'Expires soon',
    what: () => ['After that day no faxes are read until there is a new JWT.'],
    steps: () => [
      "Create a new JWT in RingCentral's console. Leave the old one in place.",
      'Paste the new one here. The old one serves until the new one is proved.',
    ],
  },
  old_credential_alive: {
    title: () => 'RingCentral still accepts your old JWT',
    short: 'Old JWT still works',
    what: () => [
      'You said that it was deleted. We tried it, and RingCentral accepted it. We ended that session at once.',
      'Your connection does not use it any more. No job gets a token with it.',
    ],
    steps: () => [
      { text: 'Open your list of JWTs in RingCentral.', with: 'console' },
      'Delete the JWT that you replaced. If more than one has the same name, delete the older one.',
      'Come back to this page and choose “I deleted it”.',
    ],
  },
  environment_differs: {
    title: () => 'The JWT names another RingCentral address than we expected',
    short: 'Other environment than expected',
    what: () => ['It works all the same. Accounts of AT&T and Verizon have an address of their own.'],
    steps: ({ isv }) => [`Tell ${isv} whether your phone company is AT&T or Verizon.`],
  },
  rate_limited: {
    title: () => 'RingCentral asks us to wait',
    short: 'RingCentral asks us to wait',
    what: () => ['It was asked too often in a short while. That is not the fault of your clinic.'],
    steps: () => [],
  },
  ringcentral_unavailable: {
    title: () => 'RingCentral answers with an error',
    short: 'RingCentral answers with an error',
    what: () => ['RingCentral has a disturbance or is being maintained.'],
    steps: () => [],
  },
  unreachable: {
    title: () => 'We cannot reach RingCentral',
    short: 'RingCentral not reachable',
    what: ({ isv }) => [`The way between us and RingCentral is interrupted. ${isv} has to look at it.`],
    steps: () => [],
  },
  unclassified: {
    title: () => 'RingCentral refused for a reason we do not know',
    short: 'Refused, reason unknown',
    what: ({ isv }) => [`${isv} has to find out what it means. The code at the foot of this page helps.`],
    steps: () => [],
  },
});
