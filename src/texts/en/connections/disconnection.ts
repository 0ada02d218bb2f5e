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
    whatHappens: 'What happens immediately',
    points: ({ isv }: Isv) => [
      `${isv} gets no more access to your RingCentral account.`,
      'Access that a program already has is revoked within minutes. It expires after an hour at most.',
      'A JWT that is waiting for an answer is destroyed.',
      'Links for colleagues stop working.',
    ],
    jwt: 'We keep the JWT in use sealed for 7 days. We use it only to confirm that you deleted it.',
    signIn: 'The sign-in is revoked at RingCentral, and what we keep of it is destroyed.',
    stays: 'Accounts here stay as they are. You can connect again at any time.',
    faxes: 'Faxes that were not downloaded yet',
    faxesStay: ({ isv }: Isv) => `They stay at RingCentral. ${isv} can no longer download them.`,
    fetched: (time: string) => `All faxes were last downloaded on ${time}.`,
    notReported: "We don't know when faxes were last downloaded, because no program reported it.",
    mailbox: (line: string, count: string) => `${line}: ${count} messages when the mailbox was last counted.`,
    lostFrom: (date: string) =>
      `RingCentral keeps faxes for 30 days, or the newest 200. The first may be gone on ${date}.`,
    after: 'What is left for you to do',
    deleteIt: 'Delete the JWT in RingCentral: Developer Console, your name, Credentials.',
    tellUs: 'Then tell us on this page. We will try the JWT to confirm that RingCentral rejects it.',
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
      clinic: 'Someone at the clinic did this.',
      staff: ({ isv }: Isv) => `${isv} did this.`,
      program: ({ isv }: Isv) => `A program of ${isv} did this.`,
      operator: ({ isv }: Isv) => `An operator of ${isv} did this.`,
    },
    open: 'What is still open',
    revoking: 'Access that a program had is being revoked.',
    over: 'Nothing is open.',
    receiptSoon: 'We are preparing the receipt.',
    jwt: (time: string) => `The JWT that was pasted on ${time}`,
    signIn: (time: string) => `The sign-in of ${time}`,
    kept: (date: string) => `We keep it sealed until ${date}, only to confirm that it was deleted.`,
    previous: (ended: string) =>
      `This JWT is from the connection that ended on ${ended}. Your connection no longer uses it. If you have a newer JWT, keep that one.`,
    stepsTitle: 'Delete the JWT at RingCentral',
    steps: [
      "Open RingCentral's Developer Console. Choose your name, then Credentials.",
      'Delete the JWT that you made for us.',
      'Come back to this page and choose “I deleted it”.',
    ],
    deleted: 'I deleted it',
    stepsOfStaff: {
      heading: 'When the clinic has deleted the JWT',
      steps: [
        'Ask the clinic to open Credentials in the Developer Console of RingCentral and to delete the JWT.',
        'Once someone there says that it is deleted, choose “The clinic deleted it”. We then try the JWT.',
      ],
    },
    deletedForStaff: 'The clinic deleted it',
    saidDeleted: (time: string) => `On ${time}, someone said that it was deleted.`,
    tried: {
      works: (time: string) => `On ${time}, RingCentral still accepted it, so it was not deleted yet.`,
      refused: (time: string) => `On ${time}, RingCentral rejected it. We will try it again to make sure.`,
      refusedAgain: (time: string) =>
        `On ${time}, RingCentral rejected it again. We will try again when RingCentral accepts another JWT from us.`,
      unclear: (time: string) => `On ${time}, we got no clear answer. We will try again.`,
    },
    limited: (time: string) => `There were too many tries in a short time. We will try again on ${time}.`,
    destroyTitle: 'Destroy it now instead',
    destroyWhat: 'We then cannot confirm that it was deleted. The receipt says so.',
    destroy: 'Destroy now, unconfirmed',
    results: {
      nothing_kept: 'We kept nothing that could be destroyed.',
      never_exchanged:
        'Someone signed in to RingCentral, but we never asked for a session. There was nothing to revoke.',
      proved_dead: 'The JWT no longer works. RingCentral rejected it, or it expired. We destroyed it.',
      revoked: 'RingCentral ended the session of the sign-in, and we destroyed what we kept of it.',
      not_revoked: 'We destroyed what we kept of the sign-in. RingCentral did not say that it ended the session.',
      refused:
        'RingCentral rejected the JWT each time, but nothing showed that it accepted others from us. We destroyed the JWT.',
      destroyed_on_request: 'We destroyed the JWT on request. We did not confirm that RingCentral rejects it.',
      not_proved_dead: 'We destroyed the JWT. We could not confirm that RingCentral rejects it.',
      used_again: 'The same JWT was pasted again. It is in use.',
    },
    receipt: 'The receipt',
    download: 'Download the receipt',
    print: 'Or print this page.',
    keep: 'Keep the downloaded file with this page. Only the file can be checked, not the paper.',
    rows: {
      clinic: 'Clinic',
      isv: 'Was connected to',
      account: 'RingCentral account',
      at: 'Disconnected',
      by: 'By whom',
      proved: 'What was proved',
      made: 'Receipt made',
      signature: 'Signature',
      signed: 'Signed with the key that the receipt names.',
      unsigned: 'Unsigned: nothing shows whether the receipt was changed.',
    },
    verify: 'Anyone can check the file offline with latchkey receipt verify FILE --key KEYS. The keys:',
    earlier: 'Earlier receipts',
    again: 'Connect again',
  },
  receipt: {
    ended: ({ isv }: Isv) => `The connection of this clinic to ${isv} ended at the time shown above.`,
    results: {
      nothing_kept: ({ isv }: Isv) => [`${isv} kept no credential that could be destroyed.`],
      never_exchanged: () => [
        'Someone signed in to RingCentral, but no session was ever requested. There was nothing to revoke.',
      ],
      proved_dead: () => [
        'After the connection ended, RingCentral rejected each JWT while it accepted another one, or the JWT expired.',
        'Each was then destroyed. An earlier backup may still hold it, sealed.',
      ],
      revoked: () => [
        'RingCentral confirmed that it ended the sign-in session.',
        'Its token was then destroyed. An earlier backup may still hold it, sealed.',
      ],
      not_revoked: () => [
        'The sign-in token was destroyed. RingCentral did not confirm that it ended the session.',
        'A session that is not renewed ends automatically.',
      ],
      refused: ({ isv }: Isv) => [
        'RingCentral rejected the JWT each time it was tried. It was then destroyed.',
        `Nothing showed that RingCentral accepted other JWTs from the app of ${isv} at that time.`,
        'So it was not confirmed that the JWT was deleted. Anyone else who has a copy may be able to use it.',
      ],
      destroyed_on_request: () => [
        'The JWT was destroyed because someone asked for that.',
        'It was not confirmed that RingCentral rejects it. Anyone else who has a copy may be able to use it.',
      ],
      not_proved_dead: () => [
        'The JWT was destroyed. It was not confirmed that RingCentral rejects it.',
        'Anyone else who has a copy may be able to use it until it is deleted at RingCentral.',
      ],
      used_again: () => [
        'The same JWT was pasted again later and is in use. This receipt does not show that it ended.',
      ],
    },
    revoked: (count: number) =>
      count === 1
        ? 'RingCentral confirmed that it ended 1 program session.'
        : `RingCentral confirmed that it ended ${count} program sessions.`,
    notRevoked: (count: number) =>
      count === 1
        ? '1 program session was not revoked. It expires after an hour at most.'
        : `${count} program sessions were not revoked. They expire after an hour at most.`,
    faxes: 'This receipt says nothing about faxes that were downloaded before.',
    signed: 'The signature below shows that this text was not changed. The key named above made it.',
    unsigned: 'This receipt is unsigned: nothing shows whether this text was changed.',
  },
  mail: {
    subject: ({ isv, tenant }: Isv & { tenant: string }) => `${isv}: RingCentral was disconnected for ${tenant}`,
    what: ({ isv, tenant, at }: Isv & { tenant: string; at: string }) =>
      `${tenant} was disconnected on ${at}. ${isv} can no longer read its faxes at RingCentral.`,
    next: 'The page shows what is left to do. When everything is done, it has the receipt.',
    button: 'Open the page',
    notYou: 'If no one at your clinic asked for this, reply to this email. You can connect again at any time.',
  },
};
