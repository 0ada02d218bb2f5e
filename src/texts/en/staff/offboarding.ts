/** What is held on a clinic, and how a clinic leaves. */
export const dataExport = {
  link: 'Download the data of this clinic',
  title: 'Download the data of this clinic',
  what: 'The file contains everything that we hold about the clinic, as one JSON object.',
  without: 'It contains no JWT, token, password or key.',
  care: "It contains people's names and email addresses. Store it securely.",
  button: 'Download the file',
};

export const offboarding = {
  link: 'Offboard this clinic',
  plan: {
    title: (name: string) => `Offboard ${name}`,
    now: 'What happens immediately',
    connected: [
      'The connection is disconnected. Your programs get no more access tokens for the clinic.',
      'Its sessions at RingCentral are ended.',
    ],
    access: [
      'Its people lose access. Open invitations and links for colleagues stop working.',
      'API keys that are for this clinic alone are revoked.',
      'Emails to the clinic that are waiting are not sent.',
      'We email its owners and our staff, with the receipt.',
      "The clinic no longer appears in lists, counts or tonight's run.",
    ],
    later: (days: number) => `What happens after ${days} days`,
    erased: (days: number) => [
      'Names, addresses, secrets and everything typed about the clinic are erased.',
      'People without another clinic lose their account.',
      `Until then you can undo it. That brings back the clinic and its people, not the connection.`,
      `Your own ID for the clinic can be used again after ${days} days.`,
    ],
    stays: 'What stays',
    kept: ['IDs, times, counts and the audit trail. They name no person and no clinic.'],
    next: 'Continue',
  },
  confirmation: {
    title: (name: string) => `Confirm: offboard ${name}`,
    lead: 'Type the name of the clinic, or your own ID for it. Its access ends when you choose Offboard the clinic.',
    label: 'Name or ID of the clinic',
    hint: (ref: string) => `Your own ID for it is ${ref}.`,
    missing: 'Type the name of the clinic or your own ID for it.',
    different: 'This is neither the name of the clinic nor your own ID for it.',
    button: 'Offboard the clinic',
  },
  list: {
    title: 'Offboarded clinics',
    empty: 'No clinics were offboarded. One that leaves is listed here, with its receipt.',
    nameless: 'Erased clinic',
    columns: { name: 'Clinic', at: 'Offboarded', state: 'Data' },
    next: 'Older ones',
  },
  states: {
    until: (day: string) => `Kept until ${day}`,
    erasing: 'Being erased now',
    erased: (day: string) => `Erased on ${day}`,
  },
  tombstone: {
    nameless: 'Erased clinic',
    done: 'The clinic was offboarded. Its people no longer have access.',
    undoable: (day: string) => `The data of this clinic is erased on ${day}.`,
    gone: 'Names, addresses and secrets of this clinic are erased, or are being erased now. This cannot be undone.',
    id: 'ID',
    at: 'Offboarded',
    by: 'By',
    state: 'Data',
    undo: {
      heading: 'Bring it back',
      what: 'This restores the clinic, its settings and the access of its people. The clinic must connect again, and needs new invitations, links and API keys.',
      button: 'Undo the offboarding',
    },
    counts: 'Rows when the erasure began',
    table: 'Table',
    receipt: 'Receipt of the disconnection',
    receiptLater: 'We make the receipt when the JWT is destroyed. We email it to the former owners and to our staff.',
    erasedReceipts: {
      heading: 'What the erased receipts said',
      why: 'The text of each receipt was erased, because it named the clinic by your own ID. What was proved stays. Copies that people downloaded are not affected.',
      made: (day: string) => `Receipt of ${day}`,
    },
    rows: 'Rows',
  },
};
