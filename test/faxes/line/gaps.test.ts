import { Bench, HOUR } from '../support.js';

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});
afterEach(() => bench.remove());

/** After a pull, the mailbox of two is filled and drops the first new fax. */
async function aDroppedFax() {
  const { mailbox } = bench;
  mailbox.rules = { cap: 2, drops: 'first_arrived', dropsAre: 'hidden', countsDeleted: false };
  await bench.pull({ cap: 2 });
  mailbox.now += HOUR;
  const dropped = mailbox.add();
  const voicemail = mailbox.add({ isFax: false });
  mailbox.add();
  expect(dropped.isHidden).toBe(true);
  mailbox.now += HOUR;
  return voicemail;
}

it('a mailbox that was full is reported as a gap, also when a voicemail that filled it is purged', async () => {
  const voicemail = await aDroppedFax();
  voicemail.availability = 'purged';
  expect(await bench.pull({ cap: 2 })).toMatchObject({ isComplete: true, fill: 1, gaps: 1 });
});

it('messages that were purged before the window fill no mailbox', async () => {
  const { mailbox } = bench;
  for (let old = 0; old < 5; old += 1) mailbox.add({ isFax: false, availability: 'purged', createdAt: mailbox.now });
  await bench.pull({ cap: 200 });
  mailbox.now += 72 * HOUR;
  await bench.pull({ cap: 200 });
  mailbox.now += HOUR;
  mailbox.add();
  expect(await bench.pull({ cap: 2 })).toMatchObject({ isComplete: true, gaps: 0 });
});
