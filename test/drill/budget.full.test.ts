import { simulateSchedule } from './budget-simulation.js';

it('no call is over budget or inside a penalty in 10,000 random histories, a twentieth of the drill', () => {
  const sum = { sent: 0, overBudget: 0, inPenalty: 0 };
  for (let seed = 1; seed <= 10_000; seed += 1) {
    const one = simulateSchedule({ seed, calls: 10 + (seed % 20), limit: 5 });
    sum.sent += one.sent;
    sum.overBudget += one.overBudget;
    sum.inPenalty += one.inPenalty;
  }
  expect(sum.sent).toBeGreaterThan(150_000);
  expect(sum).toMatchObject({ overBudget: 0, inPenalty: 0 });
}, 600_000);
