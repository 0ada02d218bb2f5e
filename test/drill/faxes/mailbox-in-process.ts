import { messagePage, messageRecord } from '../../../src/emulator/api/message-records.js';
import { documentOf } from '../../../src/emulator/api/synthetic-fax.js';
import { jsonText } from '../../../src/emulator/traffic/exact-json.js';
import type { World } from '../../../src/emulator/world/world.js';
import type { Availability, DocumentAnswer, FaxLine, MailboxCalls, Unanswered } from '../../../src/faxes/fax-types.js';
import { readListedFax, readListedPage } from '../../../src/faxes/mailbox/mailbox-page.js';

export type MailboxOptions = {
  world: World;
  now: () => Date;
  /** records a page, so that few faxes fill several pages */
  perPage: number;
  /** called before each call: time passes, messages come and go */
  beforeCall: () => void;
  /** whether this call gets no answer */
  fails: () => boolean;
};

const noAnswer: Unanswered = { kind: 'inconclusive', reason: 'synthetic' };
const shown: Record<Availability, string> = { alive: 'Alive', deleted: 'Deleted', purged: 'Purged' };
const LONG_PAST = '2000-01-01T00:00:00.000Z';
const PIECE_BYTES = 700;

/** The emulator's mailbox as the pull of a line sees it, without a network between them. */
export function mailboxInProcess({ world, now, perPage, beforeCall, fails }: MailboxOptions): MailboxCalls {
  const core = { world, now, settings: { beforePage: null } };
  const targetOf = ({ extensionId }: FaxLine) => ({ origin: 'http://127.0.0.1', target: world.extension(extensionId) });
  const textOf = (line: FaxLine, query: Record<string, string | string[]>) =>
    jsonText(messagePage(core, targetOf(line), { query }));
  const listed = (line: FaxLine, query: Record<string, string | string[]>) => {
    beforeCall();
    return fails() ? noAnswer : readListedPage(textOf(line, query), now().toISOString());
  };
  const find = (line: FaxLine, id: string) => {
    beforeCall();
    return world.mailbox(line.extensionId).find((message) => message.id === id && message.availability !== 'Purged');
  };

  function document(line: FaxLine, messageId: string, attachmentId: string, from: number): DocumentAnswer {
    const message = find(line, messageId);
    if (fails()) return noAnswer;
    const attachment = message?.attachments.find(({ id }) => id === attachmentId);
    if (!message || !attachment) return { kind: 'gone', status: 404 };
    if (message.documentAt > now().getTime()) return { kind: 'pending' };
    const whole = documentOf(message, attachment);
    const bytes = whole.subarray(from);
    return {
      kind: 'document',
      status: from > 0 ? 206 : 200,
      contentLength: bytes.length,
      contentRange: from > 0 ? `bytes ${from}-${whole.length - 1}/${whole.length}` : null,
      contentEncoding: null,
      body: inPieces(bytes, fails),
    };
  }

  return {
    page: (line, { page, dateFrom, dateTo, availability }) => {
      const filter = { messageType: 'Fax', direction: 'Inbound', availability: availability.map((one) => shown[one]) };
      return Promise.resolve(
        listed(line, { ...filter, dateFrom, dateTo, page: String(page), perPage: String(perPage) }),
      );
    },
    message: (line, id) => {
      const message = find(line, id);
      if (!message) return Promise.resolve({ kind: 'gone', status: 404 });
      const fax = readListedFax(jsonText(messageRecord(core, targetOf(line), message)));
      return Promise.resolve(fax === null || fails() ? noAnswer : { kind: 'fax', fax });
    },
    document: (line, messageId, attachment, { from }) =>
      Promise.resolve(document(line, messageId, attachment.id, from)),
    mailboxCount: (line, { availability, dateTo }) => {
      const filter = { messageType: ['Fax', 'VoiceMail'], direction: 'Inbound', dateFrom: LONG_PAST, perPage: '1' };
      const query = { ...filter, availability: availability.map((one) => shown[one]), ...(dateTo && { dateTo }) };
      const page = listed(line, query);
      if (page.kind !== 'page') return Promise.resolve(page);
      return Promise.resolve({ kind: 'count', messages: page.paging.totalElements, at: page.at });
    },
  };
}

/** The connection may break after any piece. */
// eslint-disable-next-line @typescript-eslint/require-await -- a body is read piece by piece
async function* inPieces(bytes: Buffer, fails: () => boolean): AsyncGenerator<Uint8Array, void> {
  for (let sent = 0; sent < bytes.length; sent += PIECE_BYTES) {
    if (fails()) throw new Error('the connection broke');
    yield bytes.subarray(sent, sent + PIECE_BYTES);
  }
}
