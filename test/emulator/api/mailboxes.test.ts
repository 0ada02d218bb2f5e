import { assumedRules } from '../../../src/emulator/world/mailbox-types.js';
import { aRingCentral, type Cast } from '../cast.js';

let cast: Cast;
beforeEach(async () => {
  cast = await aRingCentral({ limits: 'generous' });
});
afterEach(() => cast.emulator.close());

const DAY = 86_400;
const all = 'availability=Alive&availability=Deleted&availability=Purged&dateFrom=2026-01-01T00:00:00Z';
type Attachment = { id: number; uri: string; type: string; contentType: string; size?: number };
type Record = { id: number; availability: string; creationTime: string; attachments?: Attachment[] };
type List = { records: Record[]; paging: { totalElements: number; totalPages: number } };

/** A token of this moment: most tests outlast an hour. */
const token = async () => (await cast.mint())['access_token'] ?? '';
const text = async (query: string) =>
  (await cast.get(`/restapi/v1.0/account/~/extension/${cast.line.id}/message-store?${query}`, await token())).text();
const list = async (query = all) => JSON.parse(await text(query)) as List;
const idsOf = ({ records }: List) => records.map(({ id }) => String(id));
const availability = async (id: string) => (await list()).records.find((one) => String(one.id) === id)?.availability;
const content = async (uri: string) => fetch(uri, { headers: { authorization: `Bearer ${await token()}` } });
const deliver = (count: number) => Array.from({ length: count }, () => cast.emulator.deliverFax(cast.line.id).id);

/** Ten messages for a cap of ten; the oldest was created first but arrived last. */
function aFullMailbox() {
  const ids = deliver(4);
  for (let voicemails = 0; voicemails < 5; voicemails += 1)
    ids.push(cast.emulator.addMessage({ extensionId: cast.line.id, type: 'VoiceMail' }).id);
  cast.later(60);
  const late = cast.emulator.deliverFax(cast.line.id, { lateSeconds: 3600 }).id;
  return { first: ids[0] ?? '', late };
}

describe('a full mailbox', () => {
  it('keeps 200 messages, and 30 days, unless told otherwise', () => {
    expect(assumedRules.cap).toBe(200);
    expect(cast.clinic.keepsMessagesDays).toBe(30);
  });

  it('holds faxes and voicemails together, and no more of them than the cap', async () => {
    cast.emulator.setMailboxRules({ cap: 10 });
    const { late } = aFullMailbox();
    expect((await list('messageType=Fax&dateFrom=2026-01-01T00:00:00Z')).paging.totalElements).toBe(5);
    cast.emulator.addMessage({ extensionId: cast.line.id, type: 'VoiceMail' });
    expect((await list('dateFrom=2026-01-01T00:00:00Z')).paging.totalElements).toBe(10);
    expect(await availability(late)).toBe('Purged');
  });

  it.each([
    ['oldest', 'purged', 'Alive', 'Purged'],
    ['oldest', 'unlisted', 'Alive', undefined],
    ['first_arrived', 'purged', 'Purged', 'Alive'],
    ['first_arrived', 'unlisted', undefined, 'Alive'],
  ] as const)('drops the %s, which is then %s', async (capDrops, droppedAre, ofFirst, ofLate) => {
    cast.emulator.setMailboxRules({ cap: 10, capDrops, droppedAre });
    const { first, late } = aFullMailbox();
    expect([await availability(first), await availability(late)]).toEqual(['Alive', 'Alive']);
    const [newest = ''] = deliver(1);
    expect([await availability(first), await availability(late)]).toEqual([ofFirst, ofLate]);
    expect(await availability(newest)).toBe('Alive');
  });

  it.each([
    [true, 'Purged'],
    [false, 'Alive'],
  ])('counts deleted messages toward the cap: %s', async (capCountsDeleted, expected) => {
    cast.emulator.setMailboxRules({ cap: 3, capCountsDeleted });
    const [first = '', second = ''] = deliver(3);
    cast.emulator.changeMessage(second, { availability: 'Deleted' });
    deliver(1);
    expect(await availability(first)).toBe(expected);
  });
});

describe('what is no longer there', () => {
  it('a deleted message keeps its document for five days, and is then purged', async () => {
    const fax = cast.emulator.deliverFax(cast.line.id);
    const uri = (await list()).records[0]?.attachments?.[0]?.uri ?? '';
    cast.later(DAY);
    cast.emulator.changeMessage(fax.id, { availability: 'Deleted' });
    cast.later(5 * DAY - 1);
    expect(await availability(fax.id)).toBe('Deleted');
    expect((await content(uri)).status).toBe(200);
    cast.later(1);
    expect((await list()).records).toMatchObject([{ availability: 'Purged' }]);
    expect((await list()).records[0]).not.toHaveProperty('attachments');
    expect((await content(uri)).status).toBe(404);
    cast.emulator.setMailboxRules({ purgedKeepAttachments: true, goneStatus: 410 });
    expect((await list()).records[0]?.attachments).toHaveLength(1);
    expect((await content(uri)).status).toBe(410);
  });

  it('a HIPAA account keeps a message for 30 days, other accounts as long as their policy says', async () => {
    const [id = ''] = deliver(1);
    cast.later(30 * DAY - 1);
    expect(await availability(id)).toBe('Alive');
    cast.later(1);
    expect(await availability(id)).toBe('Purged');
    cast.clinic.keepsMessagesDays = 90;
    cast.emulator.setMailboxRules({ droppedAre: 'unlisted' });
    const [other = ''] = deliver(1);
    cast.later(90 * DAY - 1);
    expect(await availability(other)).toBe('Alive');
    cast.later(1);
    expect(await availability(other)).toBeUndefined();
  });
});

describe('what is late', () => {
  it('a fax can appear at a later time, with a creation time up to 48 hours before', async () => {
    const fax = cast.emulator.deliverFax(cast.line.id, { appearsAfterSeconds: 600, lateSeconds: 2 * DAY });
    cast.later(599);
    expect(idsOf(await list())).toEqual([]);
    cast.later(1);
    expect((await list()).records).toMatchObject([
      { id: Number(fax.id), creationTime: '2026-08-31T09:10:00.000Z', availability: 'Alive' },
    ]);
  });

  it('faxes that became due while no one looked fill the mailbox in the order of their arrival', () => {
    cast.emulator.setMailboxRules({ cap: 2 });
    const at = (appearsAfterSeconds: number) => cast.emulator.deliverFax(cast.line.id, { appearsAfterSeconds }).id;
    const [third, first, second] = [at(30), at(10), at(20)];
    cast.later(60);
    expect(cast.emulator.messagesOf(cast.line.id).map(({ id, availability: is }) => [id, is])).toEqual([
      [first, 'Purged'],
      [second, 'Alive'],
      [third, 'Alive'],
    ]);
  });

  it('a record can be without attachments for a time or for good', async () => {
    cast.emulator.deliverFax(cast.line.id, { attachmentsAfterSeconds: 120 });
    cast.emulator.deliverFax(cast.line.id, { attachmentsAfterSeconds: 'never' });
    const counts = async () => (await list()).records.map(({ attachments }) => attachments?.length);
    expect(await counts()).toEqual([undefined, undefined]);
    cast.later(120);
    expect(await counts()).toEqual([1, undefined]);
    cast.later(10 * DAY);
    expect(await counts()).toEqual([1, undefined]);
  });

  it.each([404, 409, 503])('a document that is still processed answers MSG-368, here with %d', async (status) => {
    cast.emulator.setMailboxRules({ processingStatus: status });
    cast.emulator.deliverFax(cast.line.id, { documentAfterSeconds: 30 });
    const uri = (await list()).records[0]?.attachments?.[0]?.uri ?? '';
    cast.later(29);
    const early = await content(uri);
    expect([early.status, await early.json()]).toMatchObject([status, { errorCode: 'MSG-368' }]);
    cast.later(1);
    expect((await content(uri)).status).toBe(200);
  });
});

describe('a list that is read while it changes', () => {
  const page = (number: number, perPage = 2) => list(`${all}&perPage=${perPage}&page=${number}`);

  it('shows a message on two pages when another arrives between them', async () => {
    const ids = deliver(4);
    ids.forEach((_id, index) => (cast.emulator.messagesOf(cast.line.id)[index]!.createdAt = new Date(index * 1000)));
    const every = `${all.replace('2026', '1970')}&perPage=2`;
    cast.emulator.beforePage((extensionId, number) => {
      if (number === 2) cast.emulator.deliverFax(extensionId);
    });
    const first = await list(`${every}&page=1`);
    const second = await list(`${every}&page=2`);
    expect(idsOf(first)).toEqual([ids[3], ids[2]]);
    expect(idsOf(second)).toEqual([ids[2], ids[1]]);
    expect([first.paging.totalElements, second.paging.totalElements]).toEqual([4, 5]);
  });

  it('skips a message when one that was listed leaves between two pages', async () => {
    cast.emulator.setMailboxRules({ cap: 4, droppedAre: 'unlisted' });
    const ids: string[] = [];
    for (let faxes = 0; faxes < 4; faxes += 1) {
      ids.push(...deliver(1));
      cast.later(1);
    }
    const [, , third = '', fourth = ''] = ids;
    const alive = 'dateFrom=2026-01-01T00:00:00Z&perPage=2&page=';
    const first = await list(`${alive}1`);
    cast.emulator.changeMessage(fourth, { availability: 'Deleted' });
    const second = await list(`${alive}2`);
    expect(idsOf(first)).toEqual([fourth, third]);
    expect(idsOf(second)).toEqual([ids[0]]);
  });

  it('gives at most 1000 records a page', async () => {
    expect((await page(1, 1000)).records).toEqual([]);
    expect(await page(1, 1001)).toMatchObject({ errorCode: 'CMN-101', parameterName: 'perPage' });
  });
});

describe('the filter', () => {
  it('accepts several availabilities as repeated keys; without them only Alive', async () => {
    const [alive, deleted = '', purged = ''] = deliver(3);
    cast.emulator.changeMessage(deleted, { availability: 'Deleted' });
    cast.emulator.changeMessage(purged, { availability: 'Purged' });
    expect(idsOf(await list('messageType=Fax'))).toEqual([alive]);
    expect(idsOf(await list('availability=Deleted&availability=Purged')).sort()).toEqual([deleted, purged].sort());
    expect(idsOf(await list(all))).toHaveLength(3);
    expect(await list('availability=Gone')).toMatchObject({ parameterName: 'availability' });
  });

  it('begins 24 hours before `dateTo`, if it has no `dateFrom`', async () => {
    const create = (hours: number) => cast.emulator.deliverFax(cast.line.id, { lateSeconds: hours * 3600 }).id;
    const [recent, yesterday] = [create(1), create(30)];
    expect(idsOf(await list('messageType=Fax'))).toEqual([recent]);
    expect(idsOf(await list('dateTo=2026-09-01T10:00:00.000Z'))).toEqual([yesterday]);
  });
});

it('every answer says the time of the emulator, not of the machine', async () => {
  cast.emulator.advance(3600);
  const answers = [await cast.get('/restapi/v1.0/account/~/extension/~/message-store'), await cast.ask()];
  for (const { headers } of answers) expect(headers.get('date')).toBe('Wed, 02 Sep 2026 10:00:00 GMT');
});

describe('a record', () => {
  it('lacks the members that it omits', async () => {
    const omit = ['to', 'from.name', 'size', 'faxPageCount'] as const;
    cast.emulator.deliverFax(cast.line.id, { omit });
    const [record] = (await list()).records;
    expect(record).not.toHaveProperty('to');
    expect(record).not.toHaveProperty('faxPageCount');
    expect(record).toHaveProperty('from', { phoneNumber: '+12135550100', location: 'Los Angeles, CA' });
    expect(record?.attachments?.[0]).not.toHaveProperty('size');
    cast.emulator.deliverFax(cast.line.id, { omit: ['from', 'attachments'] });
    const [, second] = (await list()).records;
    expect(second).not.toHaveProperty('from');
    expect(second).not.toHaveProperty('attachments');
  });

  it('has all digits of an id beyond 2^53, also under a fault that changes members', async () => {
    cast.emulator.deliverFax(cast.line.id, {
      id: '9007199254740993001',
      attachments: [{}, { id: '18446744073709551617' }],
    });
    for (const fault of [false, true]) {
      if (fault) cast.emulator.faults.add({ kind: 'changed_members', call: 'messages', set: { extra: 1 } });
      const answer = await text(all);
      expect(answer).toContain('"id":9007199254740993001,');
      expect(answer).toContain('"id":18446744073709551617,');
      expect(answer.includes('"extra":1')).toBe(fault);
    }
    const path = `/restapi/v1.0/account/~/extension/${cast.line.id}/message-store/9007199254740993001`;
    expect(await (await cast.get(path, await token())).text()).toContain('"id":9007199254740993001,');
    expect((await cast.get(`${path}/content/18446744073709551617`, await token())).status).toBe(200);
  });

  it('has several attachments of several types, each with its own document', async () => {
    const attachments = [{}, { type: 'SourceDocument', format: 'tiff' }, { type: 'Text' }] as const;
    const fax = cast.emulator.deliverFax(cast.line.id, { attachments: [...attachments] });
    const [record] = (await list()).records;
    const found = record?.attachments ?? [];
    expect(found.map(({ type, contentType }) => [type, contentType])).toEqual([
      ['RenderedDocument', 'application/pdf'],
      ['SourceDocument', 'image/tiff'],
      ['Text', 'application/pdf'],
    ]);
    const documents = await Promise.all(
      found.map(async ({ uri }) => Buffer.from(await (await content(uri)).arrayBuffer())),
    );
    expect(documents.map(({ length }) => length)).toEqual(found.map(({ size }) => size));
    expect(documents).toEqual(fax.attachments.map(({ id }) => cast.emulator.documentOf(fax, id)));
    expect(new Set(documents.map((one) => one.toString('latin1'))).size).toBe(3);
  });

  it('can have an id that is no number, and an address at another host', async () => {
    const uri = 'https://media.attacker.example/document';
    cast.emulator.deliverFax(cast.line.id, { id: '../../escape', attachments: [{ uri }] });
    const answer = await text(all);
    expect(answer).toContain('"id":"../../escape"');
    expect(answer).toContain(`"uri":"${uri}"`);
  });
});
