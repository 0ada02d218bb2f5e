import type {
  Attachment,
  Availability,
  DocumentAnswer,
  FaxLine,
  Gone,
  ListedFax,
  MailboxCalls,
  PageRequest,
  Unanswered,
} from '../../src/faxes/fax-types.js';

/** A message of the model. Times are milliseconds. */
export type ModelMessage = {
  id: string;
  isFax: boolean;
  createdAt: number;
  arrivedAt: number;
  availability: Availability;
  /** Dropped and not listed at all. */
  isHidden: boolean;
  attachments: Attachment[];
  /** By the attachment's id; the answer of the document call in place of the usual one. */
  answers: Map<string, (from: number) => DocumentAnswer>;
};

type Rules = {
  cap: number;
  drops: 'oldest' | 'first_arrived';
  /** What the cap drops is listed as purged, or not at all. */
  dropsAre: 'purged' | 'hidden';
  countsDeleted: boolean;
};

export const line: FaxLine = { accountId: '37439510', extensionId: '63304567004', externalRef: 'clinic-1' };

/** A mailbox of RingCentral in memory, with a clock that only the test moves. */
export class ModelMailbox {
  messages: ModelMessage[] = [];
  rules: Rules = { cap: 200, drops: 'oldest', dropsAre: 'purged', countsDeleted: false };
  /** What was asked for, in order. */
  asked: string[] = [];
  /** Called before each answer to a page. */
  beforePage: (request: PageRequest) => void = () => undefined;
  /** In place of the usual answers. */
  pageAnswer: ((request: PageRequest) => Unanswered | undefined) | null = null;
  countAnswer: Unanswered | null = null;
  private nextId = 1_724_099_032_020;

  constructor(public now: number) {}

  add(fields: Partial<ModelMessage> = {}): ModelMessage {
    const id = fields.id ?? String(this.nextId++);
    const message: ModelMessage = {
      id,
      isFax: true,
      createdAt: this.now,
      arrivedAt: this.now,
      availability: 'alive',
      isHidden: false,
      attachments: [attachmentOf(id)],
      answers: new Map(),
      ...fields,
    };
    this.messages.push(message);
    this.dropOverCap();
    return message;
  }

  private dropOverCap(): void {
    const { cap, drops, dropsAre, countsDeleted } = this.rules;
    const kept = this.messages.filter(
      ({ availability }) => availability === 'alive' || (countsDeleted && availability === 'deleted'),
    );
    const age = ({ createdAt, arrivedAt }: ModelMessage) => (drops === 'oldest' ? createdAt : arrivedAt);
    const order = kept.map((message, index) => ({ message, index }));
    order.sort((a, b) => age(a.message) - age(b.message) || a.index - b.index);
    for (const { message } of order.slice(0, Math.max(0, kept.length - cap))) {
      message.availability = 'purged';
      message.isHidden = dropsAre === 'hidden';
    }
  }

  private at = (): string => new Date(this.now).toISOString();

  private within(dateFrom: string | null, dateTo: string | null, availability: Availability[]): ModelMessage[] {
    return this.messages.filter(
      (message) =>
        !message.isHidden &&
        availability.includes(message.availability) &&
        message.createdAt >= Date.parse(dateFrom ?? '1970-01-01') &&
        message.createdAt <= Date.parse(dateTo ?? '9999-01-01'),
    );
  }

  listed = ({ id, createdAt, availability, attachments }: ModelMessage): ListedFax => ({
    id,
    creationTime: new Date(createdAt).toISOString(),
    availability,
    attachments,
    record: { id, from: { name: 'Planted Patient' } },
  });

  calls: MailboxCalls = {
    page: (_line, request) => {
      this.beforePage(request);
      this.asked.push(`page ${request.page}`);
      const other = this.pageAnswer?.(request);
      if (other) return Promise.resolve(other);
      const found = this.within(request.dateFrom, request.dateTo, request.availability).filter(({ isFax }) => isFax);
      const newestFirst = found.sort((a, b) => b.createdAt - a.createdAt || b.arrivedAt - a.arrivedAt);
      const start = (request.page - 1) * request.perPage;
      return Promise.resolve({
        kind: 'page' as const,
        faxes: newestFirst.slice(start, start + request.perPage).map(this.listed),
        others: [],
        unreadable: 0,
        paging: { totalElements: found.length, totalPages: Math.ceil(found.length / request.perPage) },
        at: this.at(),
      });
    },
    message: (_line, id) => {
      this.asked.push(`message ${id}`);
      const found = this.messages.find((message) => message.id === id && !message.isHidden);
      const gone: Gone = { kind: 'gone', status: 404 };
      return Promise.resolve(found ? { kind: 'fax' as const, fax: this.listed(found) } : gone);
    },
    document: (_line, messageId, attachment, { from }) => {
      this.asked.push(`document ${messageId}-${attachment.id}${from > 0 ? ` from ${from}` : ''}`);
      const message = this.messages.find(({ id }) => id === messageId);
      const isThere = message && !message.isHidden && message.availability !== 'purged';
      if (!isThere) return Promise.resolve({ kind: 'gone' as const, status: 404 as const });
      const usual = (): DocumentAnswer => answerWith(pdfOf(attachment.id));
      return Promise.resolve((message.answers.get(attachment.id) ?? usual)(from));
    },
    mailboxCount: (_line, { availability, dateTo }) => {
      this.asked.push('count');
      const messages = this.within(null, dateTo, availability).length;
      return Promise.resolve(this.countAnswer ?? { kind: 'count' as const, messages, at: this.at() });
    },
  };

  documentsAsked = (): string[] => this.asked.filter((one) => one.startsWith('document'));
}

export const attachmentOf = (id: string): Attachment => ({ id, uri: null, size: pdfOf(id).length });
export const pdfOf = (id: string): Buffer => Buffer.from(`%PDF-1.4\nthe synthetic fax ${id}\n%%EOF\n`);

type Answer = Extract<DocumentAnswer, { kind: 'document' }>;

/** The answer that holds these bytes, in two pieces. */
export const answerWith = (bytes: Buffer, head: Partial<Omit<Answer, 'kind'>> = {}): Answer => ({
  kind: 'document',
  status: 200,
  contentLength: bytes.length,
  contentRange: null,
  contentEncoding: null,
  body: pieces([bytes.subarray(0, 7), bytes.subarray(7)]),
  ...head,
});

/** @param breaks whether the connection breaks after the last piece */
export async function* pieces(parts: Buffer[], breaks = false): AsyncGenerator<Buffer, void> {
  for (const part of parts) yield await Promise.resolve(part);
  if (breaks) throw Object.assign(new Error('broken'), { code: 'ECONNRESET' });
}
