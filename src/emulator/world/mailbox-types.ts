/** The mailboxes of the emulated RingCentral. Every message is synthetic. */

export type Party = { phoneNumber?: string; name?: string; location?: string };

export const attachmentTypes = ['RenderedDocument', 'SourceDocument', 'AudioRecording', 'Text'] as const;
export type AttachmentType = (typeof attachmentTypes)[number];

/** The document format that a user sets for received faxes. */
export const faxFormats = ['pdf', 'tiff'] as const;
export type FaxFormat = (typeof faxFormats)[number];

export type Attachment = {
  id: string;
  type: AttachmentType;
  format: FaxFormat;
  /** bytes of padding that make the document larger */
  padding: number;
  /** replaces the address of the document, for example by one of another host; null: the real one */
  uri: string | null;
};

/** Members that a record may lack. */
export const omittable = ['to', 'from', 'from.name', 'attachments', 'size', 'faxPageCount'] as const;
export type Omitted = (typeof omittable)[number];

export type Message = {
  /** digits, of any length; other text is sent as a string */
  id: string;
  extensionId: string;
  type: 'Fax' | 'SMS' | 'VoiceMail' | 'Pager';
  direction: 'Inbound' | 'Outbound';
  from: Party;
  to: Party;
  createdAt: Date;
  readStatus: 'Read' | 'Unread';
  availability: 'Alive' | 'Deleted' | 'Purged';
  modifiedAt: Date;
  /** increases with every mailbox change; an incremental sync continues from it */
  version: number;
  pages: number;
  attachments: Attachment[];
  omit: readonly Omitted[];
  /** text of the document, besides its id */
  text: string;
  /** milliseconds: when the message is first listed, has attachments, and has its document; Infinity: never */
  appearsAt: number;
  attachmentsAt: number;
  documentAt: number;
};

export type MessageInput = Partial<Omit<Message, 'attachments'>> & {
  extensionId: string;
  attachments?: Partial<Attachment>[];
};

/** Times in seconds, so that the caller needs no clock. 'never' is for a record or document that stays incomplete. */
export type FaxInput = Partial<Pick<Message, 'id' | 'from' | 'to' | 'pages' | 'readStatus' | 'text' | 'omit'>> & {
  /** `creationTime` is this much before the moment the fax appears; default 0 */
  lateSeconds?: number;
  /** the fax appears this much after now; default 0 */
  appearsAfterSeconds?: number;
  /** the record has no attachments for this long after it appears; default 0 */
  attachmentsAfterSeconds?: number | 'never';
  /** the content call answers MSG-368 for this long after the fax appears; default 0 */
  documentAfterSeconds?: number | 'never';
  /** default: one `RenderedDocument` in the format that the user has set */
  attachments?: Partial<Attachment>[];
};

/** What RingCentral does to every mailbox. Where its behavior is unknown, tests try each value. */
export type MailboxRules = {
  /** most messages of a mailbox, inbound faxes and voicemails together; null: no cap */
  cap: number | null;
  /** which message a full mailbox drops: the one with the oldest `creationTime`, or the first that arrived; unknown */
  capDrops: 'oldest' | 'first_arrived';
  /** whether deleted messages count toward the cap; unknown */
  capCountsDeleted: boolean;
  /** whether a message that was dropped is listed as Purged or not at all; unknown */
  droppedAre: 'purged' | 'unlisted';
  /** days after which a deleted message is purged */
  purgeDeletedAfterDays: number;
  /** whether the record of a purged message still has attachments; unknown */
  purgedKeepAttachments: boolean;
  /** the answer to a content call while the document is processed; unknown */
  processingStatus: number;
  /** the answer to a content call of a message that is gone: 404 or 410; unknown */
  goneStatus: number;
};

export const assumedRules: MailboxRules = {
  cap: 200,
  capDrops: 'oldest',
  capCountsDeleted: false,
  droppedAre: 'purged',
  purgeDeletedAfterDays: 5,
  purgedKeepAttachments: false,
  processingStatus: 404,
  goneStatus: 404,
};
