/** What the program that fetches faxes reported. All of it was so at its last complete run. */
export const faxes = {
  lastFetched: (time: string) => `Faxes were last downloaded on ${time}.`,
  /** Of one line, if the last run did not read all of them. */
  lineFetched: (time: string) => `Its faxes were last downloaded on ${time}.`,
  lineNeverFetched: 'Its faxes have not been downloaded yet.',
  mailbox: {
    fine: (count: string) => `Its mailbox held ${count} of 200 messages.`,
    filling: (count: string) => `Its mailbox was filling up, with ${count} of 200 messages.`,
    full: (count: string) => `Its mailbox was full, with ${count} messages. RingCentral keeps 200.`,
    willBeFull: (date: string) => `At this pace, it will be full on ${date}.`,
    shouldBeFull: (date: string) => `At this pace, it has been full since ${date}.`,
  },
  quiet: (date: string, days: string) =>
    `It is unusually quiet. The last new fax was downloaded on ${date}. Before that, one arrived about ${days}.`,
  every: (days: number) => (days === 1 ? 'every day' : `every ${days} days`),
  quietNote: (line: string, date: string) =>
    `No new fax has arrived on ${line} since ${date}, which is unusual. If you did not expect that, send it a test fax.`,
  /** Faxes that the last run left behind. */
  left: (count: number) =>
    count === 1 ? '1 fax could not be downloaded yet.' : `${count} faxes could not be downloaded yet.`,
  lost: (count: number) =>
    count === 1
      ? '1 fax was gone before it could be downloaded.'
      : `${count} faxes were gone before they could be downloaded.`,
  gaps: 'Some faxes may have been pushed out of the mailbox before they could be downloaded.',
};
