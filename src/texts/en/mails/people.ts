type Isv = { isv: string };
type Tenant = Isv & { tenant: string };

/** About who belongs to a clinic, and in which role. */
export const peopleMails = {
  personAdded: {
    subject: ({ isv }: Isv) => `${isv}: a person joined your organization`,
    paragraphs: ({
      isv,
      tenant,
      email,
      role,
      proved,
    }: Isv & { tenant: string; email: string; role: string; proved: boolean }) => [
      `${email} has accepted an invitation to ${tenant} at ${isv}.`,
      ...(proved ? [] : ['The address is not confirmed yet: one of us handed the link over.']),
      `They can now see the connection to RingCentral. Their role: ${role}.`,
    ],
    button: 'See who has access',
    after: ({ support, isOwner }: { support: string; isOwner: boolean }) => [
      "If you know this person, you don't need to do anything.",
      isOwner
        ? `If not, remove them on that page and tell us: ${support}.`
        : `If not, tell an owner of your clinic, and us: ${support}.`,
    ],
  },
  /** To the person, and to the other owners of the clinic. Contains no link, because attackers imitate such mails. */
  roleChanged: {
    subject: ({ isv }: Isv) => `${isv}: a role was changed`,
    what: ({ by, email, tenant, at }: { by: string; email: string; tenant: string; at: string }) =>
      `${by} changed the role of ${email} at ${tenant} on ${at}.`,
    role: (role: string) => `The new role: ${role}.`,
    after: ({ support }: { support: string }) => `If you did not expect this, write to ${support}.`,
  },
  personRemoved: {
    subject: ({ isv }: Isv) => `${isv}: your access was removed`,
    paragraphs: ({ isv, tenant }: Isv & { tenant: string }) => [
      `You no longer have access to ${tenant} at ${isv}.`,
      'You still have your account. Invitations you sent that were not accepted were revoked.',
    ],
    after: ({ support }: { support: string }) => [`If you did not expect this, write to ${support}.`],
  },
  /** To the members of a clinic, after staff or an owner changed whether they need a second factor. */
  secondFactorRule: {
    subject: ({ isv }: Isv) => `${isv}: a change in how you sign in`,
    needed: {
      what: ({ isv, tenant, at }: Tenant & { at: string }) =>
        `${isv} has required an authenticator app from everyone at ${tenant} since ${at}.`,
      then: 'If you have not set one up, we will ask you to when you next open a page.',
    },
    notNeeded: {
      what: ({ isv, tenant, at }: Tenant & { at: string }) =>
        `${isv} stopped requiring an authenticator app from everyone at ${tenant} on ${at}.`,
      then: 'If you have set one up, we will keep asking for its code.',
    },
    after: ({ support }: { support: string }) => `If you did not expect this, write to ${support}.`,
  },
};
