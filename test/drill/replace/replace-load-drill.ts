import { migrate, openDatabase } from '../../../src/platform/database/database.js';
import { seededRandom } from '../../support/strict-limiter.js';
import { addConnected, addReplacement } from './replace-clinics.js';
import { aProcess, JwtRingCentral, type AtCall } from './replace-parts.js';

export type ReplaceLoadOptions = { replacements: number; seed: number };
export type ReplaceLoaded = { replacements: number; swapped: number; asked: number; problems: string[] };

/** Twenty calls a second, and a replacement each second. */
const CALL_EVERY_MS = 50;
const REPLACE_EVERY = 20;
const MOST_LATENCY_MS = 1500;
const AT_ONCE = 8;

/**
 * Clinics replace their JWTs, one a second, while jobs ask for tokens twenty times a second of a virtual clock. Each new
 * JWT works, is refused, or gets no answer at first; some clinics delete the old one at once and say so. No job may be
 * refused, and no token that a job holds may end before its time.
 */
export async function runReplaceLoadDrill({ replacements, seed }: ReplaceLoadOptions): Promise<ReplaceLoaded> {
  const db = openDatabase('sqlite::memory:');
  const random = seededRandom(seed);
  let now = new Date('2026-11-21T09:00:00.000Z');
  const clock = () => now;
  const ringcentral = new JwtRingCentral(clock);
  const onTheWay: { at: number; arrive: () => void }[] = [];
  const atCall: AtCall = () =>
    new Promise((resolve) =>
      onTheWay.push({ at: now.getTime() + random() * MOST_LATENCY_MS, arrive: () => resolve(undefined) }),
    );
  const process = aProcess(db, clock, ringcentral, atCall);
  const problems = new Map<string, number>();
  const problem = (what: string): void => void problems.set(what, (problems.get(what) ?? 0) + 1);
  const running = new Set<Promise<unknown>>();
  const start = (work: Promise<unknown>) => {
    const done: Promise<unknown> = work
      .catch((error: unknown) => problem(String(error)))
      .finally(() => running.delete(done));
    running.add(done);
  };
  const held: { token: string; until: number }[] = [];
  let asked = 0;
  let working = 0;

  async function ask(tenantId: string): Promise<void> {
    asked += 1;
    const answer = await process.broker.currentToken({ tenantId });
    if (answer.kind !== 'token') {
      problem(`a job was answered ${answer.kind}`);
      return;
    }
    const token = answer.session.accessToken.reveal();
    if (!ringcentral.accepts(token)) problem('a job got a token that does not work');
    held.push({ token, until: answer.session.servesUntil.getTime() });
  }
  async function work(): Promise<void> {
    working += 1;
    await process.work().finally(() => (working -= 1));
  }
  /** Waits for the program, not for the clock: every answer that is due arrives. */
  async function settle(): Promise<void> {
    for (const one of onTheWay.splice(0)) {
      if (one.at <= now.getTime()) one.arrive();
      else onTheWay.push(one);
    }
    await new Promise((resolve) => setImmediate(resolve));
  }

  try {
    await migrate(db);
    const alice = { id: 'alice', email: 'alice@clinic.example', name: 'Alice', created_at: now.toISOString() };
    await db('people').insert(alice);
    const ids = Array.from({ length: replacements }, (_, index) => `clinic-${index + 1}`);
    for (const id of ids) await addConnected(db, id, now);
    for (let call = 0; call < (replacements + 30) * REPLACE_EVERY; call += 1) {
      now = new Date(now.getTime() + CALL_EVERY_MS);
      const replacing = ids[call / REPLACE_EVERY];
      if (replacing !== undefined) {
        const jwt = await addReplacement(db, process, replacing, `${replacing}-new`, now);
        const drawn = random();
        if (drawn < 0.2) ringcentral.deleted.add(jwt);
        else if (drawn < 0.4) ringcentral.next.set(jwt, ['transient']);
      }
      const saying = ids[call / REPLACE_EVERY - 10];
      const [old] = saying === undefined ? [] : await db('credentials').where({ tenant_id: saying, status: 'retired' });
      if (old && random() < 0.5) {
        ringcentral.deleted.add(`${saying}/${saying}-old`);
        start(process.sayDeleted(saying!, (old as { id: string }).id, { personId: 'alice' }, {}));
      }
      // Most jobs ask for clinics that are replacing now.
      const near = Math.floor(call / REPLACE_EVERY - random() * 5);
      start(
        ask(ids[random() < 0.7 ? Math.min(ids.length - 1, Math.max(0, near)) : Math.floor(random() * ids.length)]!),
      );
      while (working < AT_ONCE && call % 5 === 0) {
        start(work());
        if (working >= 2) break;
      }
      await settle();
      const mine = held[Math.floor(random() * held.length)];
      if (mine && mine.until > now.getTime() && !ringcentral.accepts(mine.token)) problem('a token of a job has ended');
    }
    while (running.size > 0) {
      now = new Date(now.getTime() + CALL_EVERY_MS);
      await settle();
    }
    const active = await db('credentials').where({ status: 'active' }).pluck<string[]>('id');
    if (active.length !== ids.length) problem(`${active.length} of ${ids.length} clinics are connected`);
    const swapped = active.filter((id) => id.endsWith('-new')).length;
    if (swapped < replacements / 3) problem(`only ${swapped} were replaced`);
    return { replacements, swapped, asked, problems: [...problems].map(([what, count]) => `${count} × ${what}`) };
  } finally {
    await db.destroy();
  }
}
