import { listLine } from '../../../src/faxes/line/listing.js';
import { line } from '../model-mailbox.js';
import { Bench, DAY, HOUR } from '../support.js';

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});
afterEach(() => bench.remove());

const window = { dateFrom: '2026-11-01T00:00:00.000Z', dateTo: '2026-11-30T02:00:00.000Z' };
const list = async () => listLine(line, window, { calls: bench.mailbox.calls, set: await bench.set() });
const addFaxes = (count: number, spread = HOUR) => {
  for (let index = 0; index < count; index += 1) bench.mailbox.add({ createdAt: bench.mailbox.now - index * spread });
};
const listed = async () => (await bench.set()).countsOf(line).pending;

it('all pages are read, and again until a pass shows nothing new', async () => {
  bench.mailbox.rules.cap = 1000;
  addFaxes(250);
  expect(await list()).toMatchObject({ isComplete: true, new: 250 });
  expect(bench.mailbox.asked).toEqual(['page 1', 'page 2', 'page 3', 'page 1', 'page 2', 'page 3']);
});

it('a list without news is read once', async () => {
  addFaxes(3);
  await list();
  bench.mailbox.asked = [];
  expect(await list()).toMatchObject({ isComplete: true, new: 0 });
  expect(bench.mailbox.asked).toEqual(['page 1']);
});

it('a fax that slips between two pages while they are read is found by the next pass', async () => {
  addFaxes(150);
  const [moved] = bench.mailbox.messages.splice(120, 1);
  let pages = 0;
  // Before page 2 is read, the 101st fax moves to page 1: a newer one is taken out for good.
  bench.mailbox.beforePage = () => {
    pages += 1;
    if (pages === 2) bench.mailbox.messages.splice(5, 1);
    if (pages === 4) bench.mailbox.messages.push(moved!);
  };
  expect(await list()).toMatchObject({ isComplete: true });
  expect(await listed()).toBe(150);
});

it('fewer faxes than the list says make another pass, also if none of them is new', async () => {
  addFaxes(2);
  await list();
  let pages = 0;
  const { page } = bench.mailbox.calls;
  bench.mailbox.calls.page = async (of, request) => {
    const answer = await page(of, request);
    pages += 1;
    if (answer.kind !== 'page' || pages > 1) return answer;
    return { ...answer, faxes: answer.faxes.slice(0, 1) };
  };
  expect(await list()).toMatchObject({ isComplete: true });
  expect(pages).toBe(2);
});

it('a list that always says there are more ends as not complete', async () => {
  addFaxes(2);
  const { page } = bench.mailbox.calls;
  bench.mailbox.calls.page = async (of, request) => {
    const answer = await page(of, request);
    return answer.kind === 'page' ? { ...answer, paging: { totalElements: 3, totalPages: 1 } } : answer;
  };
  expect(await list()).toMatchObject({ isComplete: false, problem: 'the list does not settle' });
  expect(await listed()).toBe(2);
});

it('a list without an end ends as not complete', async () => {
  const { page } = bench.mailbox.calls;
  addFaxes(1);
  bench.mailbox.calls.page = async (of, request) => {
    const answer = await page(of, { ...request, page: 1 });
    return answer.kind === 'page' ? { ...answer, paging: { totalElements: 1e9, totalPages: 1e7 } } : answer;
  };
  expect(await list()).toMatchObject({ isComplete: false, problem: 'the list does not end' });
});

it.each([
  [{ kind: 'inconclusive', reason: 'not_a_page' }, 'not_a_page', false],
  [{ kind: 'refused', status: 403, code: 'CMN-419' }, 'refused CMN-419', true],
  [{ kind: 'over', reason: 'no_token' }, 'no_token', true],
] as const)(
  'a second page that is %j makes the listing incomplete, and its faxes are kept',
  async (answer, problem, isOver) => {
    addFaxes(150);
    bench.mailbox.pageAnswer = ({ page }) => (page === 2 ? answer : undefined);
    expect(await list()).toMatchObject({ isComplete: false, problem, isOver });
    expect(await listed()).toBe(100);
  },
);

it('records whose ids are no ids count towards the total, and as failed', async () => {
  addFaxes(1);
  const { page } = bench.mailbox.calls;
  bench.mailbox.calls.page = async (of, request) => {
    const answer = await page(of, request);
    return answer.kind === 'page' ? { ...answer, unreadable: 1, paging: { totalElements: 2, totalPages: 1 } } : answer;
  };
  expect(await bench.pull()).toMatchObject({ isComplete: true, listed: 1, fetched: 1, failed: 1 });
});

it('a record whose id is no id is counted as failed by every run until its id can be read', async () => {
  const listedAt = bench.mailbox.now - HOUR;
  const { page } = bench.mailbox.calls;
  bench.mailbox.calls.page = async (of, request) => {
    const answer = await page(of, request);
    const isInWindow = Date.parse(request.dateFrom) <= listedAt;
    return answer.kind === 'page' && isInWindow
      ? { ...answer, unreadable: 1, paging: { totalElements: 1, totalPages: 1 } }
      : answer;
  };
  expect(await bench.pull()).toMatchObject({ failed: 1 });
  for (let night = 0; night < 2; night += 1) {
    bench.mailbox.now += 3 * DAY;
    expect(await bench.pull()).toMatchObject({ failed: 1 });
  }
  bench.mailbox.calls.page = page;
  bench.mailbox.add({ createdAt: listedAt });
  expect(await bench.pull()).toMatchObject({ new: 1, fetched: 1, failed: 0 });
});

it('faxes of nights without a run are found after a run whose time was far ahead', async () => {
  const { mailboxCount } = bench.mailbox.calls;
  bench.mailbox.calls.mailboxCount = async (of, options) => {
    const answer = await mailboxCount(of, options);
    return answer.kind === 'count' ? { ...answer, at: '2027-11-30T02:00:00.000Z' } : answer;
  };
  await bench.pull();
  bench.mailbox.calls.mailboxCount = mailboxCount;
  bench.mailbox.now += DAY;
  bench.mailbox.add();
  bench.mailbox.now += 9 * DAY;
  expect(await bench.pull()).toMatchObject({ new: 1, fetched: 1 });
});

it('an answer of a time long before the last complete listing is refused, and nothing is fetched or forgotten', async () => {
  const { mailboxCount } = bench.mailbox.calls;
  await bench.pull();
  bench.mailbox.now += DAY;
  bench.mailbox.add();
  bench.mailbox.asked = [];
  bench.mailbox.calls.mailboxCount = async (of, options) => {
    const answer = await mailboxCount(of, options);
    return answer.kind === 'count' ? { ...answer, at: '2026-11-01T02:00:00.000Z' } : answer;
  };
  expect(await bench.pull()).toMatchObject({
    problem: 'wrong_clock',
    isComplete: false,
    at: '2026-12-01T02:00:00.000Z',
    listed: 0,
    fill: null,
  });
  expect(bench.mailbox.asked).toEqual(['count']);
  expect((await bench.set()).lastCompleteAt(line)).toBe('2026-11-30T02:00:00.000Z');
  bench.mailbox.calls.mailboxCount = mailboxCount;
  expect(await bench.pull()).toMatchObject({ problem: null, new: 1, fetched: 1 });
});

it('the window ends at RingCentral’s time, whatever our clock says, and an incomplete listing does not move it', async () => {
  const requests: { dateFrom: string; dateTo: string }[] = [];
  bench.mailbox.beforePage = ({ dateFrom, dateTo }) => requests.push({ dateFrom, dateTo });
  await bench.pull({ now: () => new Date('2031-01-01T00:00:00.000Z') });
  bench.mailbox.now += DAY;
  bench.mailbox.pageAnswer = () => ({ kind: 'inconclusive', reason: 'not_a_page' });
  await bench.pull();
  bench.mailbox.pageAnswer = null;
  bench.mailbox.now += DAY;
  await bench.pull({ now: () => new Date('2001-01-01T00:00:00.000Z') });
  expect(requests).toEqual([
    { dateFrom: '2026-10-31T02:00:00.000Z', dateTo: '2026-11-30T02:00:00.000Z' },
    { dateFrom: '2026-11-28T02:00:00.000Z', dateTo: '2026-12-01T02:00:00.000Z' },
    { dateFrom: '2026-11-28T02:00:00.000Z', dateTo: '2026-12-02T02:00:00.000Z' },
  ]);
});

it('a fax that appears up to 48 hours late is found', async () => {
  await bench.pull();
  bench.mailbox.now += HOUR;
  bench.mailbox.add({ createdAt: bench.mailbox.now - 48 * HOUR });
  expect(await bench.pull()).toMatchObject({ new: 1, fetched: 1 });
});
