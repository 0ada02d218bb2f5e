type Isv = { isv: string };

export const mails = {
  signature: ({ isv, support }: { isv: string; support: string }) => `${isv}. Questions? Write to ${support}.`,
  invitation: {
    subject: ({ isv }: Isv) => `${isv}: connect your RingCentral account`,
    paragraphs: ({ isv }: Isv) => [
      `${isv} asks you to connect your organization's RingCentral account.`,
      'It takes about 5 minutes. You never give us your RingCentral password.',
    ],
    button: 'Accept the invitation',
    after: ({ expires }: { expires: string }) => [
      `The link works once, until ${expires}.`,
      'If you did not expect this mail, delete it. Nothing happens without you.',
    ],
  },
  /** Told to a person after something that decides who can use their account. */
  security: {
    notices: {
      newDevice: {
        subject: ({ isv }: Isv) => `${isv}: sign-in from a new browser`,
        what: ({ isv, at }: Isv & { at: string }) =>
          `Somebody signed in to your ${isv} account from a browser we have not seen before, on ${at}.`,
      },
      secondFactorEnrolled: {
        subject: ({ isv }: Isv) => `${isv}: authenticator app added`,
        what: ({ isv, at }: Isv & { at: string }) =>
          `An authenticator app was added to your ${isv} account on ${at}. Signing in now needs its code.`,
      },
    },
    ifYou: 'If it was you, you do not need to do anything.',
    ifNotYou: ({ support }: { support: string }) => `If it was not you, tell us at once: ${support}.`,
  },
};
