type Tenant = { isv: string; tenant: string };

/** To the owners and staff when a clinic is offboarded. The clinic's people cannot open a page any more. */
export const offboarded = {
  subject: ({ isv, tenant }: Tenant) => `${isv}: the access of ${tenant} has ended`,
  what: ({ isv, tenant, at }: Tenant & { at: string }) => `${isv} ended the access of ${tenant} on ${at}.`,
  people: 'Its people can no longer sign in for this clinic. Open invitations and links no longer work.',
  stopped: ({ isv }: { isv: string }) =>
    `${isv} no longer fetches its faxes from RingCentral. Faxes that were not fetched stay there.`,
  undo: ({ isv, until }: { isv: string; until: string }) =>
    `${isv} can undo this until ${until}. The clinic then has to connect again.`,
  erased: ({ at }: { at: string }) => `After ${at} we erase names, addresses and other personal data of the clinic.`,
  receiptAttached: 'The receipt of the disconnection is attached.',
  receiptLater: 'We send the receipt of the disconnection in another email.',
  deleteJwt: 'Delete the JWT in RingCentral: Developer Console, your name, Credentials.',
  keptUntil: ({ on }: { on: string }) => `We keep the JWT sealed until ${on} at the latest, and no program can use it.`,
  noReceipt: 'No connection to RingCentral was in use, so there is no receipt.',
  button: 'Open the page',
  mistake: 'If this is a mistake, reply to this email.',
  undone: {
    subject: ({ isv, tenant }: Tenant) => `${isv}: ${tenant} has its access again`,
    what: ({ isv, tenant, at }: Tenant & { at: string }) => `${isv} gave ${tenant} its access back on ${at}.`,
    next: 'Its people can sign in again, and nothing was erased. The connection to RingCentral must be made again.',
    button: 'Open the page',
  },
  receipt: {
    subject: ({ isv, tenant }: Tenant) => `${isv}: receipt for ${tenant}`,
    what: ({ isv, tenant, at }: Tenant & { at: string }) =>
      `The connection of ${tenant} to ${isv} ended on ${at}. This is the receipt.`,
    keep: 'Keep the attached file. The pages of the clinic are closed.',
    verify: 'Anyone can check the file offline: latchkey receipt verify FILE --key KEYS.',
    keys: ({ url }: { url: string }) => `The keys: ${url}`,
    unsigned: 'The receipt is unsigned: nothing shows whether it was changed.',
  },
};
