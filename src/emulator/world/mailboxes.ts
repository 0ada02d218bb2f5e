import {
  assumedRules,
  type Attachment,
  type FaxInput,
  type MailboxRules,
  type Message,
  type MessageInput,
} from './mailbox-types.js';
import { NotInWorld, type Account, type Extension } from './world-types.js';

/*
 * What a test does to mailboxes. In process, on the emulator (control.ts); over HTTP, by the calls in brackets:
 *
 *   deliverFax(extensionId, input?)  one inbound fax, with everything a fax can lack or be late with (FaxInput)
 *                                    [POST /extensions/:id/faxes]
 *   addMessage({ extensionId, … })   any message: a voicemail that fills the cap, an outbound fax [POST /messages]
 *   changeMessage(id, change)        `availability` Deleted or Purged, `readStatus` [PATCH /messages/:id]
 *   setMailboxRules(rules)           cap, purge and the answers that are unknown (MailboxRules)
 *                                    [PATCH /settings { "mailboxes": … }]
 *   documentOf(id, attachmentId?)    the exact bytes of a document [GET /messages/:id/content/:attachmentId]
 *   messagesOf(extensionId)          all that the mailbox lists now, in order of arrival [GET /extensions/:id/messages]
 *   beforePage(listener)             called before each page of a message list is answered, to change the mailbox
 *                                    between two pages; in process only
 *   advance(seconds)                 moves the clock on which faxes appear, complete, and are purged [POST /clock]
 *   faults.add({ kind: 'document_cut', path: contentPath(message) })  a broken download [POST /faults]
 */

const DAY_MS = 86_400_000;
const FIRST_ID = 1724099032019;

const purge = { availability: 'Purged' } as const;
const byArrival = (a: Message, b: Message) => a.appearsAt - b.appearsAt;
const byCreation = (a: Message, b: Message) => a.createdAt.getTime() - b.createdAt.getTime();
const secondsOf = (value: number | 'never' | undefined) => (value === 'never' ? Infinity : (value ?? 0));

type Known = { extensions: ReadonlyMap<string, Extension>; accounts: ReadonlyMap<string, Account> };

/**
 * The messages of all extensions. Time passes when a mailbox is read: what is due appears, and what is beyond the cap
 * or too old is dropped, in the order in which it would have happened.
 */
export class Mailboxes {
  rules: MailboxRules = { ...assumedRules };
  /** version of the newest change in any mailbox */
  version = 0;
  private count = 0;
  private readonly listed = new Map<string, Message[]>();
  private readonly coming = new Map<string, Message[]>();

  constructor(
    private readonly known: Known,
    private readonly now: () => Date,
  ) {}

  add(input: MessageInput): Message {
    const extension = this.known.extensions.get(input.extensionId);
    if (!extension) throw new NotInWorld(`no extension ${input.extensionId}`);
    const now = this.now().getTime();
    const appearsAt = input.appearsAt ?? now;
    const id = input.id ?? String(FIRST_ID + ++this.count);
    const createdAt = input.createdAt ?? new Date(appearsAt);
    const message: Message = {
      type: 'Fax',
      direction: 'Inbound',
      modifiedAt: createdAt,
      readStatus: 'Unread',
      availability: 'Alive',
      pages: 2,
      from: { phoneNumber: '+12135550100', name: 'Example Lab', location: 'Los Angeles, CA' },
      to: { phoneNumber: extension.phoneNumber, name: extension.name, location: 'Belmont, CA' },
      omit: [],
      text: 'No patient data.',
      attachmentsAt: appearsAt,
      documentAt: appearsAt,
      ...input,
      id,
      createdAt,
      appearsAt,
      attachments: (input.attachments ?? [{}]).map((one, index) => attachment(one, id, index, extension)),
      version: ++this.version,
    };
    if (appearsAt > now) this.in(this.coming, extension.id).push(message);
    else this.enter(this.settled(extension.id), message);
    return message;
  }

  deliverFax(extensionId: string, input: FaxInput = {}): Message {
    const { lateSeconds = 0, appearsAfterSeconds = 0, attachmentsAfterSeconds, documentAfterSeconds, ...fax } = input;
    const appearsAt = this.now().getTime() + appearsAfterSeconds * 1000;
    return this.add({
      ...fax,
      extensionId,
      appearsAt,
      createdAt: new Date(appearsAt - lateSeconds * 1000),
      attachmentsAt: appearsAt + secondsOf(attachmentsAfterSeconds) * 1000,
      documentAt: appearsAt + secondsOf(documentAfterSeconds) * 1000,
    });
  }

  change(message: Message, change: Partial<Pick<Message, 'readStatus' | 'availability'>>, at = this.now()): void {
    Object.assign(message, change, { modifiedAt: at, version: ++this.version });
  }

  /** The messages that a mailbox lists now, in order of arrival. */
  settled(extensionId: string): Message[] {
    const now = this.now().getTime();
    const coming = this.in(this.coming, extensionId);
    const due = coming.filter(({ appearsAt }) => appearsAt <= now).sort(byArrival);
    const mailbox = this.in(this.listed, extensionId);
    for (const message of due) {
      coming.splice(coming.indexOf(message), 1);
      this.expire(mailbox, message.appearsAt);
      this.enter(mailbox, message);
    }
    this.expire(mailbox, now);
    return mailbox;
  }

  /** @throws {NotInWorld} unless some mailbox lists it */
  message(id: string): Message {
    for (const extensionId of this.known.extensions.keys()) {
      const found = this.settled(extensionId).find((message) => message.id === id);
      if (found) return found;
    }
    throw new NotInWorld(`no message ${id}`);
  }

  private in(of: Map<string, Message[]>, extensionId: string): Message[] {
    const known = of.get(extensionId);
    if (known) return known;
    const empty: Message[] = [];
    of.set(extensionId, empty);
    return empty;
  }

  private enter(mailbox: Message[], message: Message): void {
    const { cap, capDrops, capCountsDeleted } = this.rules;
    mailbox.push(message);
    message.version = ++this.version;
    if (cap === null || !countsTowardCap(message)) return;
    const kept = mailbox.filter(
      (one) => countsTowardCap(one) && (one.availability === 'Alive' || (capCountsDeleted && isDeleted(one))),
    );
    if (capDrops === 'oldest') kept.sort(byCreation);
    for (const dropped of kept.slice(0, Math.max(0, kept.length - cap)))
      this.drop(mailbox, dropped, new Date(message.appearsAt));
  }

  private expire(mailbox: Message[], at: number): void {
    const deletedFor = this.rules.purgeDeletedAfterDays * DAY_MS;
    for (const message of [...mailbox]) {
      if (message.availability === 'Purged') continue;
      const { accountId = '' } = this.known.extensions.get(message.extensionId) ?? {};
      const days = this.known.accounts.get(accountId)?.keepsMessagesDays ?? null;
      const tooOld = days === null ? Infinity : message.createdAt.getTime() + days * DAY_MS;
      const purged = isDeleted(message) ? message.modifiedAt.getTime() + deletedFor : Infinity;
      if (tooOld <= at) this.drop(mailbox, message, new Date(Math.max(tooOld, message.appearsAt)));
      else if (purged <= at) this.change(message, purge, new Date(purged));
    }
  }

  private drop(mailbox: Message[], message: Message, at: Date): void {
    if (this.rules.droppedAre === 'purged') this.change(message, purge, at);
    else mailbox.splice(mailbox.indexOf(message), 1);
  }
}

const isDeleted = (message: Message) => message.availability === 'Deleted';
const countsTowardCap = ({ type, direction }: Message) =>
  direction === 'Inbound' && (type === 'Fax' || type === 'VoiceMail');

/** The first attachment has the id of its message, as RingCentral's have; the others count on from it. */
function attachment(input: Partial<Attachment>, messageId: string, index: number, extension: Extension): Attachment {
  const id = /^\d+$/.test(messageId) ? String(BigInt(messageId) + BigInt(index)) : `${messageId}-${index}`;
  return { id, type: 'RenderedDocument', format: extension.faxFormat, padding: 0, uri: null, ...input };
}
