import type { CauseFacts, CauseStep } from '../causes.js';

type Isv = { isv: string };
type Tenant = Isv & { tenant: string };

const again = 'Sign in at RingCentral again, best as a service user.';
const checkAgain = 'Come back here and choose Check again.';

/** What is said in another way to a clinic that is connected by a sign-in at RingCentral instead of a JWT. */
export const bySignIn = {
  connections: {
    pasteNew: 'Sign in at RingCentral again',
    howToMake: 'Connect with a JWT instead',
    headings: {
      refused: 'The sign-in at RingCentral did not connect your clinic',
      checking: 'Your sign-in is being checked',
      othersFix: 'Your sign-in is kept until this is fixed',
      retry: 'Your sign-in could not be checked yet',
    },
    leads: {
      retry: (time: string) => [
        `We have kept your sign-in and will check again at ${time}.`,
        'You do not need to do anything.',
      ],
    },
    noAnswer: { ours: (isv: string) => `RingCentral refused the app of ${isv}, not your sign-in` },
    refusedAt: (time: string) => `The sign-in of ${time} could not be used, and nothing of it is kept here.`,
    suspect: (at: string, next: string | null) =>
      next === null
        ? `RingCentral refused the sign-in once at ${at}. We ask again before we believe it.`
        : `RingCentral refused the sign-in once at ${at}. It will be asked again at ${next}.`,
    suspectAccount: (at: string, next: string | null) =>
      next === null
        ? `At ${at} RingCentral named another user or account for the sign-in. We ask again before we believe it.`
        : `At ${at} RingCentral named another user or account for the sign-in. It will be asked again at ${next}.`,
    ownerChange: {
      seen: (at: string) => `RingCentral shows the user who signed in differently since our check of ${at}.`,
      may: {
        status: 'RingCentral may soon refuse the sign-in of a user that is not enabled.',
        type: 'Some types of user may not sign in. RingCentral may soon refuse the sign-in.',
      },
      meant: { status: 'If it was meant, sign in here as another user before this sign-in stops working.' },
    },
    fix: {
      kept: (date: string) =>
        `We keep your sign-in until ${date}. If it can be used by then, no one needs to sign in again.`,
    },
    replacement: {
      heading: 'The new sign-in',
      stillServes: 'What you had before still works and stays in use until the new sign-in is proved.',
      stillFails: 'What you had before stays in place until the new sign-in is proved.',
      checking: 'The new sign-in is being checked. This page shows the answer by itself.',
      turn: (isv: string, time: string) =>
        `RingCentral lets ${isv} ask only a few times a minute. The new sign-in has its turn at ${time}.`,
      retry: (time: string) => `We have kept the new sign-in and will check it again at ${time}.`,
      refused: 'The new sign-in could not be used',
    },
    lines: {
      why: {
        extension_not_visible: 'The user who signed in has no access to this line.',
        permission_missing: 'The user who signed in lacks a permission.',
      },
    },
    abilities: {
      jobs: 'For each job it gets an access token that ends after an hour. It never gets the key with which we renew your sign-in.',
      cannot: [
        'RingCentral gave us a key when you signed in. No one can see it here, not even you. To change it, sign in again.',
        'We never see your RingCentral password.',
      ],
    },
    next: {
      expires: 'End of the sign-in',
      never: 'No end, as long as we renew it every day',
    },
    causes: {
      third_party_access_missing: {
        title: () => 'The user who signed in may not use apps of other companies',
        steps: (): CauseStep[] => [
          'Ask a RingCentral administrator of your clinic to open the role of that user.',
          'Tick Third Party Apps Access and save the role.',
          checkAgain,
        ],
      },
      owner_inactive: {
        title: () => 'The user who signed in is switched off in RingCentral',
        what: () => ['We act as the user who signed in. RingCentral says that this user may not sign in.'],
        steps: (): CauseStep[] => [
          'Ask a RingCentral administrator of your clinic to enable the user, then choose Check again.',
          'If the user has left: sign in at RingCentral again as an active user.',
        ],
      },
      wrong_user_type: {
        title: () => 'The extension that signed in cannot be used',
        steps: (): CauseStep[] => [again],
      },
      owner_locked: { title: () => 'RingCentral has locked the user who signed in for a while' },
      permission_missing: {
        title: () => 'The user who signed in lacks a permission in RingCentral',
        what: () => ['The sign-in is fine, but it can do only what its user may do.'],
        steps: (): CauseStep[] => [
          'Ask a RingCentral administrator of your clinic to add the permission to the role of that user.',
          checkAgain,
        ],
      },
      extension_not_visible: { title: () => 'The user who signed in may not read the faxes of a ticked line' },
      scope_missing: {
        title: ({ isv }: CauseFacts) => `The app of ${isv} lacks a right at RingCentral`,
        what: ({ isv }: CauseFacts) => [`${isv} has to add it to its app. Your sign-in is fine.`],
      },
      app_misconfigured: {
        title: ({ isv }: CauseFacts) => `The app of ${isv} is not set up correctly at RingCentral`,
        what: ({ isv }: CauseFacts) => [
          `${isv} has to correct its settings at RingCentral. It has nothing to do with your sign-in.`,
          'When it is corrected, sign in at RingCentral again if your clinic is not connected by then.',
        ],
      },
      account_mismatch: {
        title: () => 'This sign-in is of another user or RingCentral account than before',
        what: ({ isv }: CauseFacts) => [`To keep your faxes safe, ${isv} looks at this before the sign-in is used.`],
        steps: ({ isv }: CauseFacts): CauseStep[] => [
          { text: `If the change is meant, tell ${isv}.`, with: 'support' },
          'If it is a mistake, sign in at RingCentral again as the user you had.',
        ],
      },
      account_shared: { what: () => ['The sign-in is fine. This is asked once, before an account is used here.'] },
      no_fax_line: { what: () => ['The sign-in works, but no one has said whose faxes are to be read.'] },
      unclassified: { title: () => 'RingCentral refused for a reason we do not know' },
      expires_soon: {
        title: ({ expires }: CauseFacts) =>
          expires === null ? 'The sign-in ends soon' : `The sign-in ends on ${expires}`,
        short: 'Sign-in ends soon',
        what: () => [
          'Your RingCentral account ends every sign-in after some time. After that day no faxes are read until someone signs in again.',
        ],
        steps: (): CauseStep[] => [
          'Sign in at RingCentral again. What you have now works until the new sign-in is proved.',
        ],
      },
    },
  },
  guide: {
    progress: {
      make_again: { text: 'Your last sign-in at RingCentral can no longer be used. Make a JWT, or sign in again.' },
      wait: { text: 'You signed in at RingCentral, and we are not connected yet. There is nothing to do now.' },
      fix: { text: 'We have kept your sign-in at RingCentral. Something needs a change before it works.' },
      connected: {
        text: 'You have connected RingCentral by signing in there. Follow these steps only to use a JWT instead.',
      },
    },
  },
  /** Said once it has not been renewed for days. */
  renewal: {
    ends: (since: string, on: string) =>
      `We have not been able to renew your sign-in since ${since}. RingCentral ends it on ${on}, unless we can renew it before.`,
    ended: (since: string, on: string) =>
      `We have not been able to renew your sign-in since ${since}. By what RingCentral told us, it ended on ${on}.`,
    signIn: 'Until it is renewed, no faxes are read. Sign in again, and the new sign-in takes its place.',
    wait: 'Until it is renewed, no faxes are read. If it ends, we write to you and ask you to sign in again.',
  },
  activity: { link: 'See each use of your sign-in, and each change' },
  mails: {
    /** It has not been renewed for days, and signing in again would help. */
    ends: {
      subject: ({ isv, tenant }: Tenant) => `${isv}: sign in at RingCentral again for ${tenant}`,
      paragraphs: ({ isv, tenant, since, on }: Tenant & { since: string; on: string }) => [
        `${isv} reads the faxes of ${tenant} with a sign-in at RingCentral. We have not been able to renew it since ${since}, and no faxes are read until it is renewed.`,
        `RingCentral ends it on ${on}, unless we can renew it before. You can sign in again now.`,
      ],
      button: 'Sign in again',
      once: 'We write once about this, and again only if the sign-in has ended.',
    },
    ownerChanged: {
      about: ({ isv, tenant }: Tenant) =>
        `${isv} reads the faxes of ${tenant} as a RingCentral user who signed in for that.`,
    },
    expires: {
      subject: ({ isv, tenant, on }: Tenant & { on: string }) => `${isv}: the sign-in of ${tenant} ends on ${on}`,
      paragraphs: ({ isv, tenant, on }: Tenant & { on: string }) => [
        `The sign-in with which ${isv} reads the faxes of ${tenant} ends on ${on}, because your RingCentral account limits it.`,
        'Sign in at RingCentral again before that day. Until then everything goes on working.',
      ],
      button: 'Sign in again',
      next: ({ on }: { on: string }) => `We remind you again on ${on}, unless someone has signed in again.`,
    },
  },
};
