type Isv = { isv: string };

/** To a person, after a change that affects who can use their account. */
export const securityMails = {
  notices: {
    newDevice: {
      subject: ({ isv }: Isv) => `${isv}: sign-in from a new browser`,
      what: ({ isv, at }: Isv & { at: string }) =>
        `Someone signed in to your ${isv} account on ${at}, from a browser we have not seen before.`,
    },
    passwordReset: {
      subject: ({ isv }: Isv) => `${isv}: your password was changed`,
      what: ({ isv, at }: Isv & { at: string }) =>
        `A new password was chosen for your ${isv} account on ${at}, through a link from an email. You are signed out everywhere.`,
    },
    passwordChanged: {
      subject: ({ isv }: Isv) => `${isv}: your password was changed`,
      what: ({ isv, at }: Isv & { at: string }) =>
        `The password of your ${isv} account was changed on ${at}. Every other browser is signed out.`,
    },
    addressChangeAsked: {
      subject: ({ isv }: Isv) => `${isv}: someone asked for a new address`,
      what: ({ isv, at }: Isv & { at: string }) =>
        `Someone asked to change the email address of your ${isv} account on ${at}. The change takes effect when the new address is confirmed.`,
    },
    addressChanged: {
      subject: ({ isv }: Isv) => `${isv}: your address was changed`,
      what: ({ isv, at }: Isv & { at: string }) =>
        `The email address of your ${isv} account was changed on ${at}. Use the new one to sign in.`,
    },
    secondFactorEnrolled: {
      subject: ({ isv }: Isv) => `${isv}: authenticator app added`,
      what: ({ isv, at }: Isv & { at: string }) =>
        `An authenticator app was added to your ${isv} account on ${at}. You now need its code to sign in.`,
    },
    secondFactorReplaced: {
      subject: ({ isv }: Isv) => `${isv}: authenticator app replaced`,
      what: ({ isv, at }: Isv & { at: string }) =>
        `Another authenticator app was set up for your ${isv} account on ${at}. The earlier one no longer works.`,
    },
    secondFactorRemoved: {
      subject: ({ isv }: Isv) => `${isv}: authenticator app removed`,
      what: ({ isv, at }: Isv & { at: string }) =>
        `The authenticator app was removed from your ${isv} account on ${at}. You now need only your password to sign in.`,
    },
    secondFactorReset: {
      subject: ({ isv }: Isv) => `${isv}: authenticator app reset by our staff`,
      what: ({ isv, at }: Isv & { at: string }) =>
        `Our staff removed the authenticator app from your ${isv} account on ${at}. Sign in soon and set up a new one.`,
    },
    staffDisabled: {
      subject: ({ isv }: Isv) => `${isv}: your staff account was disabled`,
      what: ({ isv, at }: Isv & { at: string }) =>
        `An administrator disabled your staff account at ${isv} on ${at}. You are signed out everywhere.`,
    },
    staffEnabled: {
      subject: ({ isv }: Isv) => `${isv}: your staff account was enabled`,
      what: ({ isv, at }: Isv & { at: string }) =>
        `An administrator enabled your staff account at ${isv} again on ${at}. You can sign in as before.`,
    },
    staffRoleChanged: {
      subject: ({ isv }: Isv) => `${isv}: your role was changed`,
      what: ({ isv, at }: Isv & { at: string }) =>
        `An administrator changed the role of your staff account at ${isv} on ${at}. Sign in again to use it.`,
    },
    companyAccountLinked: {
      subject: ({ isv }: Isv) => `${isv}: you now sign in with your company account`,
      what: ({ isv, at }: Isv & { at: string }) =>
        `Your ${isv} account was linked to your company account on ${at}. Your password no longer works.`,
    },
    companyAccountRemoved: {
      subject: ({ isv }: Isv) => `${isv}: your company account was removed`,
      what: ({ isv, at }: Isv & { at: string }) =>
        `An administrator removed the company account from your ${isv} account on ${at}. You get a link to set it up again.`,
    },
    recoveryCodeUsed: {
      subject: ({ isv }: Isv) => `${isv}: recovery code used`,
      what: ({ isv, at }: Isv & { at: string }) =>
        `A recovery code was used for your ${isv} account on ${at}. It cannot be used again.`,
    },
    recoveryCodesMade: {
      subject: ({ isv }: Isv) => `${isv}: new recovery codes`,
      what: ({ isv, at }: Isv & { at: string }) =>
        `New recovery codes were made for your ${isv} account on ${at}. The earlier ones no longer work.`,
    },
  },
  ifYou: "If this was you, you don't need to do anything.",
  ifNotYou: ({ support }: { support: string }) => `If this was not you, tell us immediately: ${support}.`,
};
