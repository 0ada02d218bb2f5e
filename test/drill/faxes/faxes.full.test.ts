// Runs for 100 s
import { runFaxKills } from './fax-kill-drill.js';
import { runScheduleDrill } from './schedule-drill.js';

it('SEC-54: every fax is there once after kills of the pull, the next run fetches none, and no patient is named elsewhere', async () => {
  const { problems, documents } = await runFaxKills({ clinics: 6, faxesEach: 10, kills: 8, seed: 20261130 });
  expect(problems).toEqual([]);
  expect(documents).toBe(60);
}, 600_000);

it('on 150 random schedules every fax is fetched, pending, lost by its id, or in a gap that was reported', async () => {
  const { problems, ...counts } = await runScheduleDrill({ schedules: 150, seed: 20261130 });
  expect(problems).toEqual([]);
  for (const [kind, count] of Object.entries(counts)) expect([kind, count]).not.toEqual([kind, 0]);
}, 600_000);
