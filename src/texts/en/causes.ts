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
    title: () => 'The user of this JWT cannot use apps from other companies',
    short: 'Third Party Apps Access missing',
    what: () => ["That user's role does not have the permission Third Party Apps Access."],
    steps: () => [
      'Ask a RingCentral administrator of your clinic to open the role of that user.',
      'Select Third Party Apps Access and save the role.',
      'Come back here and choose Check again.',
      "If you made the JWT with a free developer account, there is no role to change. Create a new JWT in your clinic's own RingCentral account and paste it here.",
    ],
  },
  owner_inactive: {
    title: () => 'The user of this JWT is disabled in RingCentral',
    short: 'User disabled',
    what: () => ['A JWT acts as the user who made it. RingCentral says that this user cannot sign in.'],
    steps: () => [
      'Ask a RingCentral administrator of your clinic to enable the user, then choose Check again.',
      'If the user has left, create a new JWT as an active user and paste it here.',
    ],
  },
  account_inactive: {
    title: () => 'RingCentral has suspended your account',
    short: 'Account suspended',
    what: () => ['No one with this account can sign in to RingCentral right now.'],
    steps: () => [
      'Ask the person who pays your RingCentral bill to contact RingCentral.',
      'When the account works again, come back here and choose Check again.',
    ],
  },
  wrong_user_type: {
    title: () => 'This JWT belongs to an extension that cannot sign in',
    short: 'Extension cannot sign in',
    what: () => ['It may be a call queue, or another extension that is not a person.'],
    steps: () => [
      "Sign in to RingCentral's console as a user. A service user is best.",
      'Create a new JWT there and paste it here.',
    ],
  },
  owner_locked: {
    title: () => 'RingCentral has locked the user of this JWT for now',
    short: 'User locked for now',
    what: () => ['This happens after several failed sign-ins. RingCentral will unlock the user automatically.'],
    steps: () => [],
  },
  account_restricted: {
    title: () => 'RingCentral restricts where this account may be used',
    short: 'Account restricted',
    what: () => ['Only RingCentral can remove this restriction.'],
    steps: () => [
      'Contact RingCentral support and give them the code at the bottom of this page.',
      'When they have removed it, choose Check again.',
    ],
  },
  credential_damaged: {
    title: () => 'RingCentral could not read this JWT',
    short: 'JWT damaged',
    what: () => ['Some characters are missing or were changed.'],
    steps: () => ['Copy the JWT again with the copy button in RingCentral, or create a new one.', 'Paste it here.'],
  },
  credential_expired: {
    title: ({ expires }) => (expires === null ? 'The JWT has expired' : `The JWT expired on ${expires}`),
    short: 'JWT expired',
    what: () => ['RingCentral no longer accepts it.'],
    steps: () => newJwt,
  },
  credential_rejected: {
    title: () => 'RingCentral no longer accepts this JWT',
    short: 'JWT no longer accepted',
    what: ({ unexpired }) => [
      unexpired
        ? 'It was revoked or deleted. RingCentral does not say which.'
        : 'It was revoked or deleted, or it expired. RingCentral does not say which.',
    ],
    steps: () => newJwt,
  },
  sign_in_again: {
    title: ({ unanswered }) => (unanswered ? 'We could not finish your sign-in' : 'Sign in to RingCentral again'),
    short: 'RingCentral sign-in needed',
    what: ({ unanswered }) => [
      unanswered
        ? 'RingCentral or this portal did not answer in time, so nothing was connected. Your clinic did nothing wrong.'
        : 'RingCentral did not accept the last sign-in, or no longer accepts it. Someone may have changed the password or removed access.',
    ],
    steps: ({ unanswered }) => [
      unanswered
        ? 'Sign in to RingCentral again. If this page says the same afterward, wait a few minutes before you try again.'
        : 'Sign in to RingCentral again. Have the user name and password of the same user ready.',
    ],
  },
  session_too_short: {
    title: () => 'Your RingCentral account ends sessions too soon',
    short: 'Sessions end too soon',
    what: () => [
      'A setting in your RingCentral account ends every session after a short time. After that, we cannot read faxes until someone signs in again.',
    ],
    steps: () => [
      'Connect your clinic with a JWT instead. A JWT does not have this limit.',
      'Or ask a RingCentral administrator of your clinic to raise the limits, then sign in again. A session must last 26 hours without use, and 30 days in total.',
    ],
  },
  permission_missing: {
    title: () => 'The user of this JWT is missing a permission in RingCentral',
    short: 'Permission missing',
    what: () => ['The JWT is fine, but it can do only what its user may do.'],
    steps: () => [
      'Ask a RingCentral administrator of your clinic to add the permission to the role of that user.',
      'Come back here and choose Check again.',
      "If you made the JWT with a free developer account, there is no role to change. Create a new JWT in your clinic's own RingCentral account and paste it here.",
    ],
  },
  extension_not_visible: {
    title: () => 'The user of this JWT cannot read the faxes of a selected line',
    short: 'Fax line not visible',
    what: () => ['The user needs access to that extension, as a super admin or with a custom role.'],
    steps: () => [
      'Ask a RingCentral administrator of your clinic to give the user access to the line.',
      "Or clear the line below, if you don't need its faxes.",
      'Come back here and choose Check again.',
    ],
  },
  scope_missing: {
    title: ({ app }) => `${app} is missing a permission at RingCentral`,
    short: 'App is missing a scope',
    what: ({ isv }) => [`${isv} needs to add it to its app. Your JWT is fine.`],
    steps: () => [],
  },
  app_misconfigured: {
    title: ({ app }) => `RingCentral rejects the app ${app}`,
    short: 'App rejected by RingCentral',
    what: ({ isv }) => [`${isv} needs to fix its settings at RingCentral. This has nothing to do with your JWT.`],
    steps: () => [],
  },
  not_confirmed: {
    title: () => 'The clinic must confirm its company',
    short: 'Waiting for the clinic to confirm its company',
    what: () => [
      'RingCentral accepted the JWT, and everything we need works.',
      'No faxes are read until someone at the clinic confirms that the company is theirs.',
    ],
    steps: () => ['Open the Connection page and confirm the company, or say that it is not yours.'],
  },
  account_mismatch: {
    title: () => 'This JWT belongs to a different user or RingCentral account',
    short: 'Different account than before',
    what: ({ isv }) => [`To keep your faxes safe, ${isv} reviews this before any job uses it.`],
    steps: ({ isv }) => [
      { text: `If you intended this change, tell ${isv}.`, with: 'support' },
      'If it is a mistake, create a JWT in your earlier account and paste it here.',
    ],
  },
  account_shared: {
    title: ({ isv }) => `${isv} needs to approve this RingCentral account first`,
    short: 'Account needs approval',
    what: ({ isv }) => [`The JWT is fine. ${isv} approves each account once, before it is used here.`],
    steps: () => [],
  },
  no_fax_line: {
    title: () => 'No fax line is selected',
    short: 'No fax line',
    what: () => ['The JWT works, but no one has selected whose faxes to read.'],
    steps: () => ['Select the lines below whose faxes we should read, then choose Save and check.'],
  },
  mailbox_filling: {
    title: () => 'A fax mailbox is full or nearly full',
    short: 'Mailbox filling up',
    what: () => [
      'RingCentral keeps 200 messages in a mailbox, counting faxes and voicemail together. When it is full, each new message pushes out the oldest one. A fax is lost if that happens before we download it.',
    ],
    steps: ({ isv }) => [
      'In RingCentral, delete faxes and voicemail that you no longer need.',
      `If many faxes arrive every day, ask ${isv} to download them more often.`,
    ],
  },
  expires_soon: {
    title: ({ expires }) => (expires === null ? 'The JWT expires soon' : `The JWT expires on ${expires}`),
    short: 'Expires soon',
    what: () => ['After that day, we cannot read faxes until there is a new JWT.'],
    steps: () => [
      "Create a new JWT in RingCentral's console. Leave the old one in place.",
      'Paste the new one here. The old one stays in use until we have confirmed the new one.',
    ],
  },
  old_credential_alive: {
    title: () => 'RingCentral still accepts your old JWT',
    short: 'Old JWT still works',
    what: () => [
      'You said that you deleted it. We tried it, and RingCentral accepted it. We ended that session immediately.',
      'Your connection no longer uses it, and no job gets a token with it.',
    ],
    steps: () => [
      { text: 'Open your list of JWTs in RingCentral.', with: 'console' },
      'Delete the JWT that you replaced. If two have the same name, delete the older one.',
      'Come back to this page and choose “I deleted it”.',
    ],
  },
  environment_differs: {
    title: () => 'The JWT names a different RingCentral address than we expected',
    short: 'Different environment than expected',
    what: () => ['It works anyway. AT&T and Verizon accounts have their own address.'],
    steps: ({ isv }) => [`Tell ${isv} whether your phone company is AT&T or Verizon.`],
  },
  rate_limited: {
    title: () => 'RingCentral asks us to wait',
    short: 'RingCentral asks us to wait',
    what: () => ['RingCentral limits how often we may ask. Your clinic did nothing wrong.'],
    steps: () => [],
  },
  ringcentral_unavailable: {
    title: () => 'RingCentral is answering with an error',
    short: 'RingCentral is answering with an error',
    what: () => ['RingCentral has an outage or is under maintenance.'],
    steps: () => [],
  },
  unreachable: {
    title: () => 'We cannot reach RingCentral',
    short: 'RingCentral cannot be reached',
    what: ({ isv }) => [`The network between us and RingCentral is interrupted. ${isv} needs to fix it.`],
    steps: () => [],
  },
  unclassified: {
    title: () => "RingCentral rejected the JWT for a reason we don't know",
    short: 'Rejected, reason unknown',
    what: ({ isv }) => [`${isv} needs to find out why. The code at the bottom of this page helps.`],
    steps: () => [],
  },
});
