import type { CauseFacts, CauseStep } from '../causes.js';

type Isv = { isv: string };
type Tenant = Isv & { tenant: string };

const again = 'Sign in to RingCentral again. A service user is best.';
const checkAgain = 'Come back here and choose Check again.';

/** What is said in another way to a clinic that is connected by a RingCentral sign-in instead of a JWT. */
export const bySignIn = {
  connections: {
    pasteNew: 'Sign in to RingCentral again',
    howToMake: 'Connect with a JWT instead',
    headings: {
      refused: 'Signing in to RingCentral did not connect your clinic',
      checking: 'We are checking your sign-in',
      othersFix: 'We are keeping your sign-in until this is fixed',
      retry: 'We could not check your sign-in yet',
    },
    confirm: {
      userHeading: (user: string) => `The connection acts as ${user}`,
      userText: [
        'RingCentral does not tell us whether this user is a person or a service user.',
        'If it is a person who leaves, RingCentral turns the user off and we can no longer read faxes. A service user keeps working.',
        'You can confirm now and sign in as another user later.',
      ],
      noText: 'We revoke the sign-in, destroy its key and read nothing. You can then connect the right account.',
    },
    leads: {
      disowned: (isv: string, time: string) => [
        `Someone said ${time} that the RingCentral company is not your clinic. We revoked the sign-in and read nothing.`,
        `${isv} cannot read your faxes yet. Sign in to the RingCentral account of your clinic.`,
      ],
      confirm: (isv: string) => [
        `RingCentral accepted the sign-in. ${isv} reads no faxes until you confirm that this is your company.`,
      ],
      retry: (time: string) => [
        `We have kept your sign-in and will check it again ${time}.`,
        "You don't need to do anything.",
      ],
    },
    noAnswer: { ours: (isv: string) => `RingCentral rejected the app of ${isv}, not your sign-in` },
    refusedAt: (time: string) => `We could not use your sign-in ${time}, and we have kept nothing of it.`,
    suspect: (at: string, next: string | null) =>
      next === null
        ? `RingCentral rejected the sign-in once ${at}. We will ask again to make sure.`
        : `RingCentral rejected the sign-in once ${at}. We will ask again ${next}.`,
    suspectAccount: (at: string, next: string | null) =>
      next === null
        ? `RingCentral named another user or account for the sign-in ${at}. We will ask again to make sure.`
        : `RingCentral named another user or account for the sign-in ${at}. We will ask again ${next}.`,
    ownerChange: {
      seen: (at: string) =>
        `RingCentral has shown different details for the user who signed in since our check on ${at}.`,
      may: {
        status: 'RingCentral may soon reject the sign-in of a user who is not enabled.',
        type: 'Some types of users cannot sign in. RingCentral may soon reject the sign-in.',
      },
      meant: { status: 'If it was, sign in here as another user before this sign-in stops working.' },
    },
    fix: {
      kept: (date: string) =>
        `We will keep your sign-in until ${date}. If it works by then, no one needs to sign in again.`,
    },
    replacement: {
      heading: 'The new sign-in',
      stillServes: 'Your current connection still works. It stays in use until we have confirmed the new sign-in.',
      stillFails: 'The earlier connection stays in place until we have confirmed the new sign-in.',
      checking: 'We are checking the new sign-in. This page updates when we have the answer.',
      turn: (isv: string, time: string) =>
        `RingCentral lets ${isv} ask only a few times a minute. We will check the new sign-in ${time}.`,
      retry: (time: string) => `We have kept the new sign-in and will check it again ${time}.`,
      refused: 'We could not use the new sign-in',
    },
    lines: {
      why: {
        extension_not_visible: 'The user who signed in has no access to this line.',
        permission_missing: 'The user who signed in is missing a permission.',
      },
    },
    abilities: {
      jobs: 'For each job, it gets an access token that expires after an hour. It never gets the key that renews your sign-in.',
      cannot: [
        'RingCentral gave us a key when you signed in. No one can see it here, not even you. To change it, sign in again.',
        'We never see your RingCentral password.',
      ],
    },
    next: {
      expires: 'Sign-in ends',
      never: 'Never, as long as we renew it every day',
    },
    causes: {
      third_party_access_missing: {
        title: () => 'The user who signed in cannot use apps from other companies',
        steps: (): CauseStep[] => [
          'Ask a RingCentral administrator of your clinic to open the role of that user.',
          'Select Third Party Apps Access and save the role.',
          checkAgain,
        ],
      },
      owner_inactive: {
        title: () => 'The user who signed in is disabled in RingCentral',
        what: () => ['We act as the user who signed in. RingCentral says that this user cannot sign in.'],
        steps: (): CauseStep[] => [
          'Ask a RingCentral administrator of your clinic to enable the user, then choose Check again.',
          'If the user has left, sign in to RingCentral again as an active user.',
        ],
      },
      wrong_user_type: {
        title: () => 'The extension that signed in cannot be used',
        steps: (): CauseStep[] => [again],
      },
      owner_locked: { title: () => 'RingCentral has locked the user who signed in for now' },
      permission_missing: {
        title: () => 'The user who signed in is missing a permission in RingCentral',
        what: () => ['The sign-in is fine, but it can do only what its user may do.'],
        steps: (): CauseStep[] => [
          'Ask a RingCentral administrator of your clinic to add the permission to the role of that user.',
          checkAgain,
        ],
      },
      extension_not_visible: { title: () => 'The user who signed in cannot read the faxes of a selected line' },
      scope_missing: {
        title: ({ isv }: CauseFacts) => `The app of ${isv} is missing a permission at RingCentral`,
        what: ({ isv }: CauseFacts) => [`${isv} needs to add it to its app. Your sign-in is fine.`],
      },
      app_misconfigured: {
        title: ({ isv }: CauseFacts) => `The app of ${isv} is not set up correctly at RingCentral`,
        what: ({ isv }: CauseFacts) => [
          `${isv} needs to fix its settings at RingCentral. This has nothing to do with your sign-in.`,
          'If your clinic is still not connected after that, sign in to RingCentral again.',
        ],
      },
      not_confirmed: {
        what: () => [
          'RingCentral accepted the sign-in, and everything we need works.',
          'No faxes are read until someone at the clinic confirms that the company is theirs.',
        ],
      },
      account_mismatch: {
        title: () => 'This sign-in belongs to a different user or RingCentral account',
        what: ({ isv }: CauseFacts) => [`To keep your faxes safe, ${isv} reviews this before the sign-in is used.`],
        steps: ({ isv }: CauseFacts): CauseStep[] => [
          { text: `If you intended this change, tell ${isv}.`, with: 'support' },
          'If it is a mistake, sign in to RingCentral again as the earlier user.',
        ],
      },
      account_shared: {
        what: ({ isv }: CauseFacts) => [
          `The sign-in is fine. ${isv} approves each account once, before it is used here.`,
        ],
      },
      no_fax_line: { what: () => ['The sign-in works, but no one has selected whose faxes to read.'] },
      unclassified: { title: () => "RingCentral rejected the sign-in for a reason we don't know" },
      expires_soon: {
        title: ({ expires }: CauseFacts) =>
          expires === null ? 'The sign-in ends soon' : `The sign-in ends on ${expires}`,
        short: 'Sign-in ends soon',
        what: () => [
          'Your RingCentral account ends every sign-in after some time. After that day, we cannot read faxes until someone signs in again.',
        ],
        steps: (): CauseStep[] => [
          'Sign in to RingCentral again. The current sign-in stays in use until we have confirmed the new one.',
        ],
      },
    },
  },
  guide: {
    progress: {
      make_again: { text: 'Your last RingCentral sign-in can no longer be used. Make a JWT, or sign in again.' },
      wait: { text: "You signed in to RingCentral, and we are not connected yet. You don't need to do anything now." },
      fix: { text: 'We have kept your RingCentral sign-in. Something needs to change before it works.' },
      connected: {
        text: 'You have connected RingCentral by signing in. Follow these steps only to use a JWT instead.',
      },
    },
  },
  /** Said once it has not been renewed for days. */
  renewal: {
    ends: (since: string, on: string) =>
      `We have not been able to renew your sign-in since ${since}. RingCentral ends it on ${on}, unless we can renew it before.`,
    ended: (since: string, on: string) =>
      `We have not been able to renew your sign-in since ${since}. According to RingCentral, it ended on ${on}.`,
    signIn: 'Until it is renewed, we cannot read faxes. Sign in again to replace it.',
    wait: 'Until it is renewed, we cannot read faxes. If it ends, we will email you and ask you to sign in again.',
  },
  activity: { link: 'See each use of your sign-in, and each change' },
  mails: {
    /** It has not been renewed for days, and signing in again would help. */
    ends: {
      subject: ({ isv, tenant }: Tenant) => `${isv}: sign in to RingCentral again for ${tenant}`,
      paragraphs: ({ isv, tenant, since, on }: Tenant & { since: string; on: string }) => [
        `${isv} reads the faxes of ${tenant} through a RingCentral sign-in. We have not been able to renew it since ${since}. Until then, we cannot read faxes.`,
        `RingCentral ends it on ${on}, unless we can renew it before. You can sign in again now.`,
      ],
      button: 'Sign in again',
      once: 'We email you once about this, and again only if the sign-in ends.',
    },
    ownerChanged: {
      about: ({ isv, tenant }: Tenant) => `${isv} reads the faxes of ${tenant} as the RingCentral user who signed in.`,
    },
    expires: {
      subject: ({ isv, tenant, on }: Tenant & { on: string }) =>
        `${isv}: action needed – the sign-in of ${tenant} ends on ${on}`,
      paragraphs: ({ isv, tenant, on }: Tenant & { on: string }) => [
        `${isv} reads the faxes of ${tenant} through a sign-in that ends on ${on}. Your RingCentral account limits it.`,
        'Sign in to RingCentral again before that day. Until then, everything keeps working.',
      ],
      button: 'Sign in again',
      next: ({ on }: { on: string }) => `We will remind you again on ${on}, unless someone signs in before then.`,
    },
  },
};
