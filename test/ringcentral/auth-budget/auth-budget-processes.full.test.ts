import { spawn } from 'node:child_process';
import { aDatabaseUrl } from '../../support/database/databases.js';
import { aServer } from '../../support/visits/http-server.js';
import { StrictLimiter } from '../../support/strict-limiter.js';

/** RingCentral's minute is two seconds here. Our margin is larger than in production, as a busy machine is slow. */
const LIMIT = 5;
const THEIR_WINDOW_MS = 2000;
const OUR_WINDOW_MS = 3000;
const PENALTY_MS = 1500;

function aProcess(args: string[]): Promise<number | null> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'test/support/processes/budget-process.ts', ...args], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  return new Promise((ended) => child.on('exit', ended));
}

it('is one budget for four processes over one database', async () => {
  const url = await aDatabaseUrl();
  const limiter = new StrictLimiter(LIMIT, THEIR_WINDOW_MS, PENALTY_MS);
  let calls = 0;
  const server = await aServer((_request, response) => {
    calls += 1;
    let penaltyMs = limiter.arrive(Date.now());
    if (penaltyMs === 0 && calls === 6) limiter.penalize(Date.now(), (penaltyMs = PENALTY_MS));
    response.writeHead(penaltyMs > 0 ? 429 : 200).end(String(penaltyMs));
  });
  try {
    const lanes = ['interactive', 'interactive', 'broker', 'background'];
    const rest = ['4', String(LIMIT), String(OUR_WINDOW_MS)];
    const ends = await Promise.all(lanes.map((lane) => aProcess([url, server.url, lane, ...rest])));
    expect(ends).toEqual([0, 0, 0, 0]);
    expect(calls).toBe(16);
    expect(limiter).toMatchObject({ overBudget: 0, inPenalty: 0 });
  } finally {
    await server.close();
  }
}, 90_000);
