type Isv = { isv: string };

/** The end of a connection, for the clinic and for staff. */
export const disconnection = {
  link: 'Disconnect RingCentral',
  backToConnection: 'Connection',
  linkAfter: 'What came of the disconnection',
  before: {
    title: 'Disconnect RingCentral',
    titleForStaff: (clinic: string) => `Disconnect ${clinic} from RingCentral`,
    lead: ({ isv }: Isv) => `${isv} then can no longer read your faxes at RingCentral.`,
    leadOfStaff: (clinic: string) => `This disconnects ${clinic} from RingCentral.`,
    forStaff: 'Below, "you" is the clinic. Its people read the same words.',
    whatHappens: 'What happens at once',
    points: ({ isv }: Isv) => [
      `${isv} gets no more access to your RingCentral account.`,
      'Access that a program already has is revoked within minutes. It ends by itself after an hour at most.',
      'A JWT that waits for an answer is destroyed.',
    ],
    jwt: 'The JWT in use is kept sealed for 7 days. It is used only to prove that you deleted it.',
    signIn: 'The sign-in is revoked at RingCentral, and what we keep of it is destroyed.',
    stays: 'Accounts here stay as they are. You can connect again at any time.',
    faxes: 'Faxes that were not fetched yet',
    faxesStay: ({ isv }: Isv) => `They stay at RingCentral. ${isv} can no longer fetch them.`,
    fetched: (time: string) => `Faxes were last fetched completely on ${time}.`,
    notReported: 'We do not know up to when faxes were fetched, because no program reported that.',
    mailbox: (line: string, count: string) => `${line}: ${count} messages when the mailbox was last counted.`,
    lostFrom: (date: string) =>
      `RingCentral keeps faxes for 30 days, or the newest 200. The first may be gone on ${date}.`,
    after: 'What is left for you to do',
    deleteIt: 'Delete the JWT in RingCentral: Developer Console, your name, Credentials.',
    tellUs: 'Then say so on this page. We try the JWT and prove that RingCentral refuses it.',
    nothingToDelete: 'Nothing. We revoke the sign-in.',
    button: 'Disconnect now',
    onlyOwners: 'Only an owner of the clinic can do this.',
    onlyOperators: 'Only operators and administrators can do this.',
    nothing: 'There is nothing to disconnect.',
  },
  /** The newest disconnection on the page of a clinic that staff see. */
  inShort: {
    at: 'Disconnected',
    open: 'Still open',
    deletion: 'The clinic has not proved that it deleted the JWT.',
    kept: (date: string) => `It is kept sealed until ${date}, only to prove that.`,
    proved: 'What was proved',
    receipt: 'Receipt',
    noReceipt: 'It is made when nothing is open.',
  },
  after: {
    title: 'Disconnection from RingCentral',
    titleForStaff: (clinic: string) => `Disconnection of ${clinic}`,
    since: (time: string) => `Disconnected on ${time}.`,
    by: {
      clinic: 'A person of the clinic did this.',
      staff: ({ isv }: Isv) => `${isv} did this.`,
      program: ({ isv }: Isv) => `A program of ${isv} did this.`,
      operator: ({ isv }: Isv) => `An operator of ${isv} did this.`,
    },
    open: 'What is still open',
    revoking: 'Access that a program had is being revoked.',
    over: 'Nothing is open.',
    receiptSoon: 'The receipt is being made.',
    jwt: (time: string) => `The JWT that was given on ${time}`,
    signIn: (time: string) => `The sign-in of ${time}`,
    kept: (date: string) => `It is kept sealed until ${date}, only to prove that it was deleted.`,
    stepsTitle: 'Delete the JWT at RingCentral',
    steps: [
      'Open the Developer Console of RingCentral, and choose your name, then Credentials.',
      'Delete the JWT that you made for us.',
      'Come back to this page and press the button.',
    ],
    deleted: 'I deleted it',
    saidDeleted: (time: string) => `On ${time} a person said that it was deleted.`,
    tried: {
      works: (time: string) => `On ${time} RingCentral still accepted it. So it was not deleted yet.`,
      refused: (time: string) => `On ${time} RingCentral refused it. We try it once more, to be sure.`,
      unclear: (time: string) => `On ${time} we got no clear answer. We try again.`,
    },
    limited: (time: string) => `We have tried often enough for now. The next try is on ${time}.`,
    destroyTitle: 'Destroy it now instead',
    destroyWhat: 'We then cannot prove that it was deleted. The receipt says so.',
    destroy: 'Destroy now, unproved',
    results: {
      nothing_kept: 'We kept nothing that could be destroyed.',
      proved_dead: 'The JWT is dead: RingCentral refused it, or it passed its own end. We destroyed it.',
      revoked: 'RingCentral ended the session of the sign-in, and we destroyed what we kept of it.',
      not_revoked: 'We destroyed what we kept of the sign-in. RingCentral did not say that it ended the session.',
      destroyed_on_request: 'We destroyed the JWT on request. It is not proved that RingCentral refuses it.',
      not_proved_dead: 'We destroyed the JWT. It is not proved that RingCentral refuses it.',
      used_again: 'The same JWT was given again. It is in use.',
    },
    receipt: 'The receipt',
    download: 'Download the receipt',
    print: 'Or print this page.',
    verify: 'Anyone can check the file offline: latchkey receipt verify FILE --key KEYS. The keys:',
    earlier: 'Earlier receipts',
    again: 'Connect again',
  },
  receipt: {
    ended: ({ isv }: Isv) => `The connection of this clinic to ${isv} was ended at the time named above.`,
    results: {
      nothing_kept: ({ isv }: Isv) => [`${isv} kept no credential that could be destroyed.`],
      proved_dead: () => [
        'After the end of the connection RingCentral refused each JWT, or the JWT passed its own end.',
        'Then each was destroyed. A backup that was made before may still hold it, sealed.',
      ],
      revoked: () => [
        'RingCentral answered that it ended the session of the sign-in.',
        'Then its token was destroyed. A backup that was made before may still hold it, sealed.',
      ],
      not_revoked: () => [
        'The token of the sign-in was destroyed. It was not proved that RingCentral ended the session.',
        'A session that is not renewed ends by itself.',
      ],
      destroyed_on_request: () => [
        'The JWT was destroyed because a person wanted it destroyed at once.',
        'It was not proved that RingCentral refuses it. Whoever else has a copy may be able to use it.',
      ],
      not_proved_dead: () => [
        'The JWT was destroyed. It was not proved that RingCentral refuses it.',
        'Whoever else has a copy may be able to use it until it is deleted at RingCentral.',
      ],
      used_again: () => ['The same JWT was given again later and is in use. This receipt proves no end of it.'],
    },
    revoked: (count: number) =>
      count === 1
        ? 'RingCentral answered that it ended 1 session of a program.'
        : `RingCentral answered that it ended ${count} sessions of programs.`,
    notRevoked: (count: number) =>
      count === 1
        ? '1 session of a program was not revoked. It ends by itself after an hour at most.'
        : `${count} sessions of programs were not revoked. They end by themselves after an hour at most.`,
    faxes: 'This receipt says nothing about faxes that were fetched before.',
    signed: 'The signature below shows that this text was not changed. The key named above made it.',
    unsigned: 'This receipt is unsigned: nothing shows whether this text was changed.',
  },
  mail: {
    subject: ({ isv, tenant }: Isv & { tenant: string }) => `${isv}: RingCentral was disconnected for ${tenant}`,
    what: ({ isv, tenant, at }: Isv & { tenant: string; at: string }) =>
      `On ${at} ${tenant} was disconnected. ${isv} can no longer read its faxes at RingCentral.`,
    next: 'The page says what is left to do, and has the receipt when all is done.',
    button: 'Open the page',
    notYou: 'If no one at your clinic wanted this, reply to this email. You can connect again at any time.',
  },
};
