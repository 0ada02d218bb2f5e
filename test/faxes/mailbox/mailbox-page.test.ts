import fc from 'fast-check';
import { readListedFax, readListedPage } from '../../../src/faxes/mailbox/mailbox-page.js';

const AT = '2026-11-30T02:00:00.000Z';
const paging = '"paging":{"page":1,"totalPages":1,"perPage":100,"totalElements":1}';
const pageWith = (record: string) => readListedPage(`{"records":[${record}],${paging}}`, AT);

it('a record of RingCentral is read with every digit of its ids', () => {
  const record = `{"id":9007199254740993123,"type":"Fax","direction":"Inbound","availability":"Alive",
    "creationTime":"2026-09-02T09:17:27.000Z","from":{"name":"City Lab"},
    "attachments":[{"id":9007199254740993125,"uri":"https://media.ringcentral.com/x","type":"Other","size":48211}]}`;
  expect(pageWith(record)).toEqual({
    kind: 'page',
    faxes: [
      {
        id: '9007199254740993123',
        creationTime: '2026-09-02T09:17:27.000Z',
        availability: 'alive',
        attachments: [{ id: '9007199254740993125', uri: 'https://media.ringcentral.com/x', size: 48211 }],
        record: expect.objectContaining({ id: '9007199254740993123', from: { name: 'City Lab' } }),
      },
    ],
    others: [],
    unreadable: 0,
    paging: { totalElements: 1, totalPages: 1 },
    at: AT,
  });
});

it('a record with nothing but an id is a fax', () => {
  expect(pageWith('{"id":5}')).toMatchObject({
    faxes: [{ id: '5', creationTime: null, availability: 'alive', attachments: [] }],
  });
});

it.each([
  ['2026-09-02T09:17:27.000Z', '2026-09-02T09:17:27.000Z'],
  ['2026-09-01T23:30:00.000-0500', '2026-09-02T04:30:00.000Z'],
  ['2026-09-01T23:30:00+02:00', '2026-09-01T21:30:00.000Z'],
  ['2026-12-31T23:59:59', '2026-12-31T23:59:59.000Z'],
  ['../../2026', null],
  ['2026-09-02', null],
  ['2026-99-02T00:00:00Z', null],
  ['+275760-09-13T00:00:00Z', null],
])('the creationTime %s is %s in UTC', (creationTime, time) => {
  expect(pageWith(JSON.stringify({ id: '5', creationTime }))).toMatchObject({ faxes: [{ creationTime: time }] });
});

it.each([
  ['{"id":"../../5"}'],
  ['{"id":5.5}'],
  ['{"id":null}'],
  ['{}'],
  ['null'],
  ['7'],
  ['{"id":5,"attachments":[{"id":".."}]}'],
])('a record whose ids are no ids is refused: %s', (record) => {
  expect(pageWith(record)).toMatchObject({ faxes: [], others: [], unreadable: 1 });
});

it('other messages than inbound faxes count, but are no faxes', () => {
  expect(pageWith('{"id":5,"type":"VoiceMail"},{"id":6,"type":"Fax","direction":"Outbound"}')).toMatchObject({
    faxes: [],
    others: ['5', '6'],
  });
  expect(readListedFax('{"id":5,"type":"VoiceMail"}')).toBeNull();
  expect(readListedFax('{"id":5,"type":"Fax"}')).toMatchObject({ id: '5' });
});

it.each([
  ['<html>'],
  [''],
  ['[]'],
  ['{"records":[]}'],
  ['{"paging":{"totalElements":0,"totalPages":0}}'],
  ['{"records":{},"paging":{"totalElements":0,"totalPages":0}}'],
  ['{"records":[],"paging":{}}'],
  ['{"records":[],"paging":{"totalElements":"0","totalPages":0}}'],
  ['{"records":[],"paging":{"totalElements":5}}'],
])('%s is no page', (text) => {
  expect(readListedPage(text, AT)).toEqual({ kind: 'inconclusive', reason: 'not_a_page' });
});

it('every record of a page is a fax, another message, or refused', () => {
  const id = fc.oneof(fc.nat(), fc.string(), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(String));
  const record = fc.record({ id, type: fc.constantFrom('Fax', 'SMS', undefined) }, { requiredKeys: [] });
  fc.assert(
    fc.property(fc.array(fc.oneof(record, fc.jsonValue())), (records) => {
      const page = readListedPage(`{"records":${JSON.stringify(records)},${paging}}`, null);
      if (page.kind !== 'page') throw new Error('not a page');
      expect(page.faxes.length + page.others.length + page.unreadable).toBe(records.length);
      for (const fax of page.faxes) expect(fax.id).toMatch(/^\d{1,20}$/);
    }),
  );
});
