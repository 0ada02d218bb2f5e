import type { StreamedAnswer } from '../../platform/outbound/streamed-get.js';
import { codesOf } from '../../ringcentral/clients/classify-answer.js';
import type {
  Availability,
  DocumentAnswer,
  FaxLine,
  Gone,
  ListedPage,
  MailboxCalls,
  Unanswered,
} from '../fax-types.js';
import { readListedFax, readListedPage } from '../mailbox/mailbox-page.js';
import { originOfDocument } from './allowed-hosts.js';
import { smallBody, wholeBody, type Ask, type Asked, type TokenCalls } from './token-calls.js';

const MEBIBYTE = 1_048_576;
/** A record has about 1.5 KB. */
const LIST_BODY_BYTES = 8 * MEBIBYTE;
const LIST_DEADLINE_MS = 120_000;
/** RingCentral's faxes have at most 200 pages. */
const DOCUMENT_BYTES = 512 * MEBIBYTE;
const DOCUMENT_DEADLINE_MS = 1_800_000;
/** Read beyond the told length, so that a longer document is seen to be longer. */
const BEYOND_BYTES = 65_536;
/** Of a list that cannot be read. */
const TRIES = 3;
const PENDING = 'MSG-368';
/** No mailbox is older. */
const LONG_PAST = '2000-01-01T00:00:00.000Z';

const shown: Record<Availability, string> = { alive: 'Alive', deleted: 'Deleted', purged: 'Purged' };

/** The mailbox of one clinic at RingCentral. */
export function mailboxCalls({ ask }: Pick<TokenCalls, 'ask'>): MailboxCalls {
  const list = (path: string): Ask => ({
    kind: 'list',
    url: ({ server_url: server }) => server.replace(/\/$/, '') + path,
    headers: { accept: 'application/json' },
    maxBodyBytes: LIST_BODY_BYTES,
    deadlineMs: LIST_DEADLINE_MS,
  });

  /** @param read returns null if the text is not what was asked for: the call is repeated */
  async function listed<T>(path: string, read: (text: string, at: string | null) => T | null) {
    for (let tries = 0; tries < TRIES; tries += 1) {
      const asked = await ask(list(path));
      if (asked.kind !== 'open') return asked;
      const at = dateOf(asked.answer);
      const body = await wholeBody(asked.answer, LIST_BODY_BYTES);
      const value = body && read(body.toString('utf8'), at);
      if (value) return { kind: 'read', value } as const;
    }
    return unreadable;
  }

  return {
    async page(line, { dateFrom, dateTo, page, perPage, availability }) {
      const query = queryOf({
        messageType: ['Fax'],
        availability: availability.map((one) => shown[one]),
        direction: ['Inbound'],
        dateFrom: [dateFrom],
        dateTo: [dateTo],
        page: [String(page)],
        perPage: [String(perPage)],
      });
      const asked = await listed(`${storeOf(line)}?${query.toString()}`, pageOf);
      return asked.kind === 'read' ? asked.value : unanswered(asked);
    },

    async message(line, messageId) {
      const asked = await listed(`${storeOf(line)}/${digits(messageId)}`, readListedFax);
      return asked.kind === 'read' ? { kind: 'fax', fax: asked.value } : (goneOf(asked) ?? unanswered(asked));
    },

    async document(line, messageId, attachment, { from }) {
      const { id, uri, size } = attachment;
      const path = `${storeOf(line)}/${digits(messageId)}/content/${digits(id)}`;
      const asked = await ask({
        kind: 'document',
        url: (token, origins) => originOfDocument(uri, token, origins) + path,
        headers: { accept: '*/*', ...(from > 0 && { range: `bytes=${from}-` }) },
        maxBodyBytes: size === null ? DOCUMENT_BYTES : Math.min(DOCUMENT_BYTES, size + BEYOND_BYTES),
        deadlineMs: DOCUMENT_DEADLINE_MS,
      });
      if (asked.kind === 'open') return documentOf(asked.answer);
      if (asked.kind === 'answered' && asked.codes.includes(PENDING)) return { kind: 'pending' };
      return goneOf(asked) ?? unanswered(asked);
    },

    async mailboxCount(line, { availability, dateTo }) {
      const query = queryOf({
        messageType: ['Fax', 'VoiceMail'],
        availability: availability.map((one) => shown[one]),
        direction: ['Inbound'],
        dateFrom: [LONG_PAST],
        dateTo: dateTo === null ? [] : [dateTo],
        perPage: ['1'],
      });
      const asked = await listed(`${storeOf(line)}?${query.toString()}`, pageOf);
      if (asked.kind !== 'read') return unanswered(asked);
      const { paging, at } = asked.value;
      return { kind: 'count', messages: paging.totalElements, at };
    },
  };
}

const unreadable: Unanswered = { kind: 'inconclusive', reason: 'unreadable' };

function pageOf(text: string, at: string | null): ListedPage | null {
  const page = readListedPage(text, at);
  return page.kind === 'page' ? page : null;
}

/** @throws {Error} an id that is none never becomes part of an address */
function digits(id: string): string {
  if (!/^\d{1,20}$/.test(id)) throw new Error('an id of RingCentral is digits');
  return id;
}

const storeOf = ({ accountId, extensionId }: FaxLine): string =>
  `/restapi/v1.0/account/${digits(accountId)}/extension/${digits(extensionId)}/message-store`;

/** A list is the same name several times. */
function queryOf(lists: Record<string, readonly string[]>): URLSearchParams {
  const query = new URLSearchParams();
  for (const [name, values] of Object.entries(lists)) for (const value of values) query.append(name, value);
  return query;
}

function goneOf(asked: Exclude<Asked, { kind: 'open' }>): Gone | null {
  const { status } = asked.kind === 'answered' ? asked : { status: null };
  return status === 404 || status === 410 ? { kind: 'gone', status } : null;
}

const unanswered = (asked: Exclude<Asked, { kind: 'open' }>): Unanswered =>
  asked.kind === 'answered' ? asked.verdict : asked;

/** What has the status of a document; RingCentral may say that it is pending with any status. */
async function documentOf(answer: StreamedAnswer): Promise<DocumentAnswer> {
  const { status, header } = answer;
  const isJson = /\bjson\b/i.test(header('content-type') ?? '');
  if (isJson && codesOf(await smallBody(answer)).includes(PENDING)) return { kind: 'pending' };
  if (isJson || (status !== 200 && status !== 206)) {
    answer.close();
    return unreadable;
  }
  const length = header('content-length') ?? '';
  return {
    kind: 'document',
    status,
    contentLength: /^\d{1,15}$/.test(length) ? Number(length) : null,
    contentRange: header('content-range'),
    contentEncoding: header('content-encoding'),
    body: answer.body(),
  };
}

function dateOf({ header }: StreamedAnswer): string | null {
  const at = Date.parse(header('date') ?? '');
  return Number.isNaN(at) ? null : new Date(at).toISOString();
}
