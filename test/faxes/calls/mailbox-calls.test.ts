import type { TokenAnswer } from '../../../src/client/client.js';
import { tokenSource } from '../../../src/client/token-source.js';
import { mailboxCalls } from '../../../src/faxes/calls/mailbox-calls.js';
import { rateLimiter } from '../../../src/faxes/calls/rate-limiter.js';
import { tokenCalls } from '../../../src/faxes/calls/token-calls.js';
import { documentedLimits } from '../../../src/faxes/calls/user-limits.js';
import type { StreamedAnswer, StreamedGet } from '../../../src/platform/outbound/streamed-get.js';
import { aToken } from '../../client/stub-portal.js';
import { virtualClock } from '../virtual-clock.js';

type Told = { status: number; headers?: Record<string, string>; body?: string } | 'network' | 'redirected';
const page = JSON.stringify({ records: [], paging: { totalElements: 0, totalPages: 1, perPage: 100 } });
const error = (code: string) => JSON.stringify({ errorCode: code, errors: [{ errorCode: code }] });
const line = { accountId: '37439510', extensionId: '63304567004', externalRef: 'EHR-1' };
const request = {
  dateFrom: '2026-11-01T00:00:00.000Z',
  dateTo: '2026-11-30T00:00:00.000Z',
  page: 2,
  perPage: 100,
  availability: ['alive', 'deleted', 'purged'] as ('alive' | 'deleted' | 'purged')[],
};
const attachment = { id: '7', uri: 'https://media.ringcentral.com/elsewhere', size: 3 };

/** The mailbox of a clinic at a RingCentral that gives scripted answers; tokens are `token-1`, `token-2` and so on. */
function aMailbox(script: Told[], tokens?: () => TokenAnswer, until = Infinity) {
  const time = virtualClock();
  const sent: StreamedGet[] = [];
  const reports: (string | undefined)[] = [];
  const stop = new AbortController();
  const get = (
    asked: StreamedGet,
  ): Promise<StreamedAnswer | { kind: 'failure'; failure: 'network' | 'redirected' }> => {
    sent.push(asked);
    const told = script.shift() ?? { status: 500 };
    if (typeof told === 'string') return Promise.resolve({ kind: 'failure', failure: told });
    const { status, headers = {}, body = '' } = told;
    return Promise.resolve({
      kind: 'answer',
      status,
      header: (name) => headers[name] ?? null,
      // eslint-disable-next-line @typescript-eslint/require-await -- a body is read asynchronously
      async *body() {
        yield Buffer.from(body);
      },
      close: () => undefined,
    });
  };
  const given = (): TokenAnswer => ({
    kind: 'token',
    token: aToken({ access_token: `token-${reports.length}` }),
  });
  const source = tokenSource(({ rejected_token_sha256: report }) => {
    reports.push(report);
    return Promise.resolve({ ...(tokens ?? given)(), sentAt: time.clock() });
  }, time.clock);
  const store = { recall: () => documentedLimits, keep: () => undefined };
  const limiter = rateLimiter({ clock: time.clock, wait: time.world.wait, store });
  const calls = tokenCalls({ tokens: source, limiter, get, world: time.world, until, signal: stop.signal });
  const mailbox = mailboxCalls(calls);
  return { mailbox, calls, sent, reports, time, stop };
}

it('lists inbound faxes of every availability at the server of the token', async () => {
  const { mailbox, sent, time } = aMailbox([
    { status: 200, body: page, headers: { date: 'Mon, 30 Nov 2026 01:02:03 GMT' } },
  ]);
  expect(await time.run(mailbox.page(line, request))).toMatchObject({
    kind: 'page',
    faxes: [],
    at: '2026-11-30T01:02:03.000Z',
  });
  expect(sent[0]?.url).toBe(
    'https://platform.ringcentral.com/restapi/v1.0/account/37439510/extension/63304567004/message-store' +
      '?messageType=Fax&availability=Alive&availability=Deleted&availability=Purged&direction=Inbound' +
      '&dateFrom=2026-11-01T00%3A00%3A00.000Z&dateTo=2026-11-30T00%3A00%3A00.000Z&page=2&perPage=100',
  );
  expect(sent[0]?.headers['authorization']).toBe('Bearer token-1');
});

it.each([
  ['https://media.ringcentral.com/restapi/other', 'https://media.ringcentral.com'],
  ['https://platform.ringcentral.com/x', 'https://platform.ringcentral.com'],
  ['https://media.ringcentral.com.isv.example/x', 'https://media.ringcentral.com'],
  ['http://media.ringcentral.com/x', 'https://media.ringcentral.com'],
  ['https://media.ringcentral.com:8443/x', 'https://media.ringcentral.com'],
  [null, 'https://media.ringcentral.com'],
])('fetches a document that is listed at %s from %s, by its ids only', async (uri, host) => {
  const { mailbox, sent, time } = aMailbox([{ status: 206, headers: { 'content-range': 'bytes 1-2/3' }, body: 'df' }]);
  const got = await time.run(mailbox.document(line, '5', { ...attachment, uri }, { from: 1 }));
  expect(got).toMatchObject({ kind: 'document', status: 206, contentRange: 'bytes 1-2/3' });
  expect(sent[0]).toMatchObject({
    url: `${host}/restapi/v1.0/account/37439510/extension/63304567004/message-store/5/content/7`,
    headers: { range: 'bytes=1-' },
  });
});

it('never makes an address of what is no id', async () => {
  const { mailbox, sent } = aMailbox([]);
  await expect(mailbox.document(line, '../../5', attachment, { from: 0 })).rejects.toThrow('digits');
  await expect(mailbox.page({ ...line, extensionId: '~' }, request)).rejects.toThrow('digits');
  expect(sent).toEqual([]);
});

it.each([
  [
    { status: 404, body: error('CMN-102') },
    { kind: 'gone', status: 404 },
  ],
  [{ status: 410 }, { kind: 'gone', status: 410 }],
  [{ status: 400, body: error('MSG-368') }, { kind: 'pending' }],
  [{ status: 503, body: error('MSG-368') }, { kind: 'pending' }],
  [{ status: 200, headers: { 'content-type': 'application/json' }, body: error('MSG-368') }, { kind: 'pending' }],
  [{ status: 200, headers: { 'content-type': 'application/json' }, body: '{}' }, { kind: 'inconclusive' }],
  [
    { status: 403, body: error('CMN-408') },
    { kind: 'refused', status: 403, code: 'CMN-408' },
  ],
  ['redirected', { kind: 'inconclusive', reason: 'redirected' }],
] as [Told, object][])('reads what RingCentral answers about a document: %j', async (told, read) => {
  const { mailbox, sent, time } = aMailbox([told]);
  expect(await time.run(mailbox.document(line, '5', attachment, { from: 0 }))).toMatchObject(read);
  expect(sent).toHaveLength(1);
});

it('asks again after an answer that says nothing, in growing pauses, and gives up after the fourth', async () => {
  const { mailbox, sent, time } = aMailbox([{ status: 502, body: '<html>' }, 'network', { status: 200, body: page }]);
  expect(await time.run(mailbox.page(line, request))).toMatchObject({ kind: 'page' });
  expect(time.clock()).toBe(12_000);
  expect(await time.run(mailbox.page(line, request))).toEqual({
    kind: 'inconclusive',
    reason: 'ringcentral_unavailable',
  });
  expect(sent).toHaveLength(3 + 4);
});

it('begins no call and no repetition after the end of the run', async () => {
  const { mailbox, sent, time } = aMailbox(
    [{ status: 502 }, 'network', { status: 200, body: page }],
    undefined,
    10_000,
  );
  expect(await time.run(mailbox.page(line, request))).toEqual({ kind: 'over', reason: 'time_over' });
  expect({ at: time.clock(), sent: sent.length }).toEqual({ at: 2000, sent: 2 });
  const later = aMailbox([{ status: 200, body: page }], undefined, 10_000);
  await later.time.run(later.time.world.wait(10_001));
  expect(await later.time.run(later.mailbox.document(line, '5', attachment, { from: 0 }))).toEqual({
    kind: 'over',
    reason: 'time_over',
  });
  expect(later.sent).toEqual([]);
});

it('asks again for a page that is no page', async () => {
  const { mailbox, time } = aMailbox([
    { status: 200, body: '<html>' },
    { status: 200, body: '{}' },
    { status: 200, body: page },
  ]);
  expect(await time.run(mailbox.page(line, request))).toMatchObject({ kind: 'page' });
});

it('waits out a penalty before it asks again', async () => {
  const limit = { 'x-rate-limit-group': 'light', 'x-rate-limit-limit': '50', 'x-rate-limit-window': '60' };
  const { mailbox, time } = aMailbox([
    { status: 429, headers: { ...limit, 'retry-after': '60' }, body: error('CMN-301') },
    { status: 200, body: page },
  ]);
  expect(await time.run(mailbox.page(line, request))).toMatchObject({ kind: 'page' });
  expect(time.clock()).toBe(61_000);
});

it('reports a rejected token once and goes on with the next one; then the clinic stops', async () => {
  const rejected = { status: 401, body: error('OAU-213') };
  const { mailbox, calls, sent, reports, time } = aMailbox([rejected, { status: 200, body: page }, rejected]);
  expect(await time.run(mailbox.page(line, request))).toMatchObject({ kind: 'page' });
  expect(reports).toEqual([undefined, expect.stringMatching(/^[\da-f]{64}$/)]);
  for (let call = 0; call < 3; call += 1)
    expect(await time.run(mailbox.page(line, request))).toEqual({ kind: 'over', reason: 'token_rejected' });
  expect({ sent: sent.length, tokens: reports.length, over: calls.over() }).toEqual({
    sent: 3,
    tokens: 2,
    over: 'token_rejected',
  });
});

it('makes no call once there is no token, and says why', async () => {
  const problem = { type: 'x', title: 'x', status: 409, instance: 'x', cause: 'credential_rejected' };
  const { mailbox, sent, time } = aMailbox([], () => ({ kind: 'fix_needed', by: 'tenant', problem }));
  expect(await time.run(mailbox.page(line, request))).toEqual({ kind: 'over', reason: 'credential_rejected' });
  expect(sent).toEqual([]);
});

it('makes no call of a clinic any more after RingCentral did not answer ten calls in a row', async () => {
  const { mailbox, sent, time } = aMailbox([]);
  for (let call = 1; call < 10; call += 1)
    expect(await time.run(mailbox.page(line, request))).toMatchObject({ kind: 'inconclusive' });
  expect(await time.run(mailbox.page(line, request))).toMatchObject({ kind: 'over' });
  expect(await time.run(mailbox.page(line, request))).toMatchObject({ kind: 'over' });
  expect(sent).toHaveLength(40);
});

it('counts faxes and voicemails of the whole mailbox', async () => {
  const counted = JSON.stringify({
    records: [{ id: 5, type: 'VoiceMail' }],
    paging: { totalElements: 207, totalPages: 207 },
  });
  const { mailbox, sent, time } = aMailbox([{ status: 200, body: counted }]);
  const got = await time.run(mailbox.mailboxCount(line, { availability: ['alive'], dateTo: null }));
  expect(got).toMatchObject({ kind: 'count', messages: 207 });
  expect(sent[0]?.url).toContain(
    'messageType=Fax&messageType=VoiceMail&availability=Alive&direction=Inbound&dateFrom=2000-01-01T00%3A00%3A00.000Z&perPage=1',
  );
});
