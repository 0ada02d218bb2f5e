/** What is held on a clinic, and how a clinic leaves. */
export const dataExport = {
  link: 'Download the data of this clinic',
  title: 'Download the data of this clinic',
  what: 'The file holds everything that we hold on the clinic, as one JSON object.',
  without: 'It holds no JWT, no token, no password and no key.',
  care: 'It has names and email addresses of people. Store it with care.',
  button: 'Download the file',
};

export const offboarding = {
  link: 'Offboard this clinic',
  plan: {
    title: (name: string) => `Offboard ${name}`,
    now: 'What happens at once',
    connected: [
      'The connection is disconnected. Your programs get no more access tokens for the clinic.',
      'Its sessions at RingCentral are ended.',
    ],
    access: [
      'Its people lose access. Open invitations and links for colleagues stop working.',
      'API keys that are for this clinic alone are revoked.',
      'Emails to the clinic that wait are not sent.',
      'Its owners and our staff are told by email, and get the receipt too.',
      'The clinic is in no list, no count and no preflight any more.',
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
    lead: 'Type the name of the clinic, or your own ID for it. Its access ends when you press the button.',
    label: 'Name or ID of the clinic',
    hint: (ref: string) => `Your own ID for it is ${ref}.`,
    missing: 'Type the name of the clinic or your own ID for it.',
    different: 'This is neither the name of the clinic nor your own ID for it.',
    button: 'Offboard the clinic',
  },
  list: {
    title: 'Offboarded clinics',
    empty: 'No clinic was offboarded.',
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
    done: 'The clinic was offboarded. Its people have no access any more.',
    undoable: (day: string) => `The data of this clinic is erased on ${day}.`,
    gone: 'Names, addresses and secrets of this clinic are erased, or are being erased now. This cannot be undone.',
    id: 'ID',
    at: 'Offboarded',
    by: 'By',
    state: 'Data',
    undo: {
      heading: 'Bring it back',
      what: 'The clinic, its settings and the access of its people come back. It must connect again, and needs new invitations, links and API keys.',
      button: 'Undo the offboarding',
    },
    counts: 'Rows when the erasure began',
    table: 'Table',
    receipt: 'Receipt of the disconnection',
    rows: 'Rows',
  },
};
