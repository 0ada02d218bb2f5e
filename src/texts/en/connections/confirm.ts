/** The question whether a proved account is the clinic's, before anything is read. */
export const confirm = {
  company: 'Company',
  account: 'Account number',
  user: 'User',
  unnamed: 'RingCentral gave no name',
  extension: (number: string) => `Extension ${number}`,
  linesLegend: 'Whose faxes should we read?',
  linesHint: "Fax users are selected. A person's own line is yours to select.",
  noLines: 'RingCentral lists no line in this account that can receive faxes.',
  service: 'Fax user',
  person: "A person's own line",
  userHeading: (user: string) => `The JWT acts as ${user}`,
  userText: [
    'RingCentral does not tell us whether this user is a person or a service user.',
    'If it is a person who leaves, RingCentral turns the user off and we can no longer read faxes. A JWT of a service user keeps working.',
    'You can confirm now and replace the JWT later.',
  ],
  thisUser: 'this user',
  yes: 'Yes, this is our company',
  no: 'No, this is not us',
  noHeading: 'Not your company?',
  noText: 'We destroy the JWT and read nothing. You can then connect the right account.',
  forStaff: 'Below, "you" is the clinic. Ask its people before you answer for them.',
  viewer: 'An owner or a member of your clinic must answer this.',
  stale: 'Something changed while this page was open, so your answer was not used. Look at the page again and answer.',
  done: {
    title: 'You are connected',
    text: (isv: string, lines: number) =>
      lines === 0
        ? `You confirmed the company. Select a fax line below, so that ${isv} can read faxes.`
        : `You confirmed the company. ${isv} can now read the faxes of ${lines === 1 ? 'one line' : `${lines} lines`}. There is nothing more to do.`,
  },
  /** Whose company it is was asked of the clinic; for the staff. */
  staffHeading: 'The clinic has not confirmed its company',
  staffText: 'We give out no access until someone at the clinic, or you, confirms it.',
};
