// Only on SQLite: names are looked up by the machine.
import type { LookupFunction } from 'node:net';
import { eventually } from '../support/eventually.js';
import { TestPortal } from '../support/portal.js';
import { byCommand } from './support.js';

/** A name server that answers when the test wants it to. */
const held: (() => void)[] = [];
let [asked, running, most] = [0, 0, 0];
const lookup: LookupFunction = (_name, _options, callback) => {
  asked += 1;
  running += 1;
  most = Math.max(most, running);
  held.push(() => {
    running -= 1;
    callback(Object.assign(new Error('no such host'), { code: 'ENOTFOUND' }), '', 0);
  });
};

let test: TestPortal;
beforeAll(async () => {
  test = await TestPortal.start({ runtime: { webhookNetwork: { lookup } } });
});
afterAll(async () => {
  for (const answer of held) answer();
  await test.close();
});
beforeEach(() => {
  [asked, most] = [0, 0];
});

/** Answers one look-up after the other, each only when two wait or no more can come. */
const answerAll = (count: number) =>
  eventually(`${count} look-ups`, () => {
    if (held.length === Math.min(2, count - (asked - running))) held.shift()?.();
    return Promise.resolve(asked === count && running === 0);
  });
const ids = ['one', 'two', 'three', 'four', 'five'];

it.each(['are typed', 'get a delivery'])(
  'at most two names are looked up at once when five addresses %s',
  async (how) => {
    const { webhooks } = test.portal.services;
    const work = ids.map((id) =>
      how === 'are typed'
        ? webhooks.make(
            { url: `https://${id}.example/in`, description: id, eventTypes: ['connection.failing'] },
            byCommand,
            id,
          )
        : webhooks.test(id, 'connection.failing', byCommand),
    );
    await answerAll(ids.length);
    await Promise.all(work);
    expect([asked, most]).toEqual([ids.length, 2]);
  },
);
