/** What the program that fetches faxes reported. All of it was so at its last complete run. */
export const faxes = {
  lastFetched: (time: string) => `Faxes were last fetched on ${time}.`,
  /** Of one line, if the last run did not read all of them. */
  lineFetched: (time: string) => `Its faxes were last fetched on ${time}.`,
  lineNeverFetched: 'Its faxes were not fetched yet.',
  mailbox: {
    fine: (count: string) => `Its mailbox held ${count} of 200 messages.`,
    filling: (count: string) => `Its mailbox was filling up, with ${count} of 200 messages.`,
    full: (count: string) => `Its mailbox was full, with ${count} messages. RingCentral keeps 200.`,
    willBeFull: (date: string) => `At that pace it is full on ${date}.`,
    shouldBeFull: (date: string) => `At that pace it has been full since ${date}.`,
  },
  quiet: (date: string, days: string) =>
    `It is unusually quiet: the last new fax was fetched on ${date}. Until then one came about ${days}.`,
  every: (days: number) => (days === 1 ? 'every day' : `every ${days} days`),
  quietNote: (line: string, date: string) =>
    `No new fax has come in on ${line} since ${date}, which is unusual. If that surprises you, send a fax to it to try it.`,
  /** Faxes that the last run left behind. */
  left: (count: number) =>
    count === 1 ? '1 fax could not be fetched yet.' : `${count} faxes could not be fetched yet.`,
  lost: (count: number) =>
    count === 1
      ? '1 fax was gone before it could be fetched.'
      : `${count} faxes were gone before they could be fetched.`,
  gaps: 'Some faxes may have been pushed out of the mailbox before they could be fetched.',
};
