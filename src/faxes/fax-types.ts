/*
 * What the parts of the pull tell each other. Ids are the digits that RingCentral wrote, as text; times are ISO 8601 UTC
 * text. What RingCentral says is data, never an exception.
 */

/** An extension whose faxes are read, and whose clinic it is. */
export type FaxLine = {
  accountId: string;
  extensionId: string;
  /** The ISV's own id of the clinic. */
  externalRef: string;
};

export type Availability = 'alive' | 'deleted' | 'purged';

export type Attachment = {
  id: string;
  /** Where RingCentral says the document is. Only its host may be used, and only if it is an allowed one. */
  uri: string | null;
  /** In bytes. */
  size: number | null;
};

/** An inbound fax as the message store lists it. */
export type ListedFax = {
  id: string;
  /** As listed; null if it is missing or no time. */
  creationTime: string | null;
  availability: Availability;
  attachments: Attachment[];
  /** The whole record with exact ids, for the JSON file beside the document. It names people. */
  record: unknown;
};

/** Why RingCentral's answer is missing. */
export type Unanswered =
  /** RingCentral refused: asking again in this run is useless. `code` is RingCentral's, such as `CMN-419`. */
  | { kind: 'refused'; status: number; code: string | null }
  /** No usable answer, after the repetitions that are worth it: network, 5xx, a body that is no JSON. */
  | { kind: 'inconclusive'; reason: string }
  /** The line can ask nothing more in this run: there is no token, or the time of the run is over. */
  | { kind: 'over'; reason: string };

/** `at` is the `Date` of the answer: RingCentral's clock, so that ours may be wrong. Null without one. */
export type ListedPage = {
  kind: 'page';
  /** The inbound faxes of the page. */
  faxes: ListedFax[];
  /** Ids of records that are no inbound faxes; they count towards `totalElements`. */
  others: string[];
  /** How many records are refused because their ids are no ids. */
  unreadable: number;
  paging: { totalElements: number; totalPages: number };
  at: string | null;
};

export type DocumentAnswer =
  | {
      kind: 'document';
      status: 200 | 206;
      contentLength: number | null;
      /** The header as it came. */
      contentRange: string | null;
      /** The header as it came. */
      contentEncoding: string | null;
      /** Leaving the loop over it closes the connection. An error in it means that the connection broke. */
      body: AsyncIterable<Uint8Array>;
    }
  /** MSG-368: the document is still being made. */
  | { kind: 'pending' }
  /** 404 or 410. */
  | { kind: 'gone'; status: 404 | 410 }
  | Unanswered;

export type PageRequest = {
  dateFrom: string;
  dateTo: string;
  /** From 1. */
  page: number;
  perPage: number;
  availability: Availability[];
};

/**
 * RingCentral, as the pull of a line sees it. Tokens, rate limits, repetitions, allowed hosts and limits on the size and
 * time of an answer are behind it.
 */
export type MailboxCalls = {
  /** `messageType=Fax&direction=Inbound`. The body is read with `readListedPage`. */
  page: (line: FaxLine, request: PageRequest) => Promise<ListedPage | Unanswered>;
  /** One message, to see whether it has attachments by now. The body is read with `readListedFax`. */
  message: (line: FaxLine, messageId: string) => Promise<{ kind: 'fax'; fax: ListedFax } | Gone | Unanswered>;
  /** Sends `Accept-Encoding: identity` always, and `Range: bytes=<from>-` if `from` is above 0. */
  document: (
    line: FaxLine,
    messageId: string,
    attachment: Attachment,
    options: { from: number },
  ) => Promise<DocumentAnswer>;
  /**
   * How many faxes and voicemails the mailbox holds: `totalElements` of a list with
   * `messageType=Fax&messageType=VoiceMail&direction=Inbound&perPage=1`, a `dateFrom` that is long past, and `dateTo` if
   * one is given. The body is read with `readListedPage`.
   */
  mailboxCount: (
    line: FaxLine,
    options: { availability: Availability[]; dateTo: string | null },
  ) => Promise<{ kind: 'count'; messages: number; at: string | null } | Unanswered>;
};

export type Gone = { kind: 'gone'; status: 404 | 410 };

/** What one run did and found on one line. Names no one, so it may be printed and reported. */
export type LineResult = {
  line: FaxLine;
  /** When the line was listed, by RingCentral's clock if it told the time. */
  at: string;
  /** Whether the listing is complete. Documents may be missing all the same. */
  isComplete: boolean;
  /** Why the line was not read to its end, such as `refused CMN-419`; null if it was. */
  problem: string | null;
  /** Faxes in the window. */
  listed: number;
  /** Those of them that were never seen before. */
  new: number;
  /** Faxes whose last document came in this run. */
  fetched: number;
  /** As of now, outside the window too: not there yet, could not be fetched, can no longer be fetched. */
  pending: number;
  failed: number;
  lost: number;
  /** Periods in which the mailbox may have dropped faxes that were never listed. */
  gaps: number;
  oldestPendingAt: string | null;
  oldestFailedAt: string | null;
  /** Alive faxes and voicemails in the mailbox; null if it could not be counted. */
  fill: number | null;
  /** The line used to receive faxes and has received none for several of its usual gaps. */
  isUnusuallyQuiet: boolean;
  /** How long the next run may wait for this line, in minutes. */
  nextRunMinutes: number;
};

/** 1 if the run is not to be called good: a problem, a failed fax, or one that has been pending for a day. */
export type LineExit = 0 | 1;

export type LineProgress = {
  line: FaxLine;
  /** Faxes still to be asked for in this run. */
  open: number;
  fetched: number;
};
