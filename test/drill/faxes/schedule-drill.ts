import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { documentOf } from '../../../src/emulator/api/synthetic-fax.js';
import { omittable, type Message } from '../../../src/emulator/world/mailbox-types.js';
import { World } from '../../../src/emulator/world/world.js';
import type { FaxLine } from '../../../src/faxes/fax-types.js';
import { pullLine } from '../../../src/faxes/line/pull-line.js';
import { pulledSet, type PulledSet } from '../../../src/faxes/set/pulled-set.js';
import { seededRandom } from '../../support/strict-limiter.js';
import { mailboxInProcess } from './mailbox-in-process.js';

export type ScheduleResult = {
  faxes: number;
  fetched: number;
  pending: number;
  lost: number;
  /** never listed, but created within a reported gap */
  inGaps: number;
  problems: string[];
};

/** Small, so that mailboxes are often full and lists have several pages. */
const CAP = 10;
const PER_PAGE = 3;
const HOUR_MS = 3_600_000;
const START = Date.parse('2026-09-01T00:00:00.000Z');
const RUNS = 4;
/** They mostly wait for the disk. */
const AT_ONCE = 8;
/** So many problems say enough. */
const ENOUGH = 10;
/** Less than five days: what is deleted is not purged between two listings. */
const LONGEST_PAUSE_HOURS = 90;

/**
 * Runs that many random schedules in virtual time: faxes and voicemails arrive (late ones, incomplete ones, many at
 * once), are deleted and purged, and are dropped by a full mailbox in every way that RingCentral may do it, between the
 * runs of the pull and while it reads. In the end every fax must be fetched, pending, lost by its id, or within a gap
 * that was reported.
 */
export async function runScheduleDrill({
  schedules,
  seed,
}: {
  schedules: number;
  seed: number;
}): Promise<ScheduleResult> {
  const dir = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'latchkey-faxes-'));
  const sum: ScheduleResult = { faxes: 0, fetched: 0, pending: 0, lost: 0, inGaps: 0, problems: [] };
  try {
    let next = seed;
    const work = async () => {
      for (let own = next++; own < seed + schedules && sum.problems.length < ENOUGH; own = next++) {
        const { problems, ...counts } = await new Schedule(dir, own).all();
        for (const [name, count] of Object.entries(counts)) sum[name as keyof typeof counts] += count;
        sum.problems.push(...problems.map((problem) => `${problem} (schedule ${own})`));
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    return sum;
  } finally {
    rmSync(dir, { recursive: true });
  }
}

class Schedule {
  private readonly random: () => number;
  private now = START;
  private readonly world: World;
  private readonly line: FaxLine;
  private readonly messages: Message[] = [];
  private readonly db = new Database(':memory:');
  private readonly set: PulledSet = pulledSet(this.db);
  /** how often something happens during a call, and how often a call fails */
  private unrest = 0;
  private failures = 0;

  constructor(
    private readonly dir: string,
    seed: number,
  ) {
    this.random = seededRandom(seed);
    this.world = new World(
      () => 'EXAMPLE',
      () => new Date(this.now),
    );
    const { id: accountId } = this.world.addAccount({ keepsMessagesDays: this.chance(0.2) ? 7 : 30 });
    const { id: extensionId } = this.world.addExtension({ accountId, type: 'FaxUser' });
    this.line = { accountId, extensionId, externalRef: `schedule-${seed}` };
    this.world.mailboxes.rules = {
      ...this.world.mailboxes.rules,
      cap: CAP,
      capDrops: this.chance(0.5) ? 'oldest' : 'first_arrived',
      droppedAre: this.chance(0.5) ? 'purged' : 'unlisted',
      capCountsDeleted: this.chance(0.5),
      purgedKeepAttachments: this.chance(0.5),
    };
  }

  async all(): Promise<ScheduleResult> {
    try {
      for (let run = 0; run < RUNS; run += 1) {
        const pause = this.random() * (this.chance(0.2) ? LONGEST_PAUSE_HOURS : 24) * HOUR_MS;
        const events = Math.floor(this.random() * (this.chance(0.3) ? 2 * CAP : CAP / 2));
        for (let event = 0; event < events; event += 1) {
          this.now += pause / events;
          this.happen();
        }
        this.unrest = this.chance(0.5) ? this.random() * 0.5 : 0;
        this.failures = this.chance(0.3) ? this.random() * 0.2 : 0;
        await this.pull();
      }
      this.unrest = this.failures = 0;
      const lastAt = this.now;
      await this.pull();
      return this.judge(lastAt);
    } finally {
      this.db.close();
    }
  }

  private chance(probability: number): boolean {
    return this.random() < probability;
  }

  private oneOf<T>(all: readonly T[]): T | undefined {
    return all[Math.floor(this.random() * all.length)];
  }

  private happen(): void {
    const what = this.random();
    if (what < 0.6) this.deliver();
    else if (what < 0.7) this.messages.push(this.world.addMessage({ ...this.of(), type: 'VoiceMail' }));
    else if (what < 0.72) for (let faxes = 0; faxes < CAP; faxes += 1) this.deliver();
    else {
      const [from, to] = what < 0.95 ? (['Alive', 'Deleted'] as const) : (['Deleted', 'Purged'] as const);
      const mailbox = this.world.mailbox(this.line.extensionId);
      const message = this.oneOf(mailbox.filter(({ availability }) => availability === from));
      if (message) this.world.mailboxes.change(message, { availability: to });
    }
  }

  private of() {
    return { extensionId: this.line.extensionId };
  }

  private deliver(): void {
    const later = (probability: number) =>
      !this.chance(probability) ? 0 : this.chance(0.1) ? 'never' : this.random() * 40 * 3600;
    const omit = omittable.filter((member) => member !== 'attachments' && this.chance(0.1));
    this.messages.push(
      this.world.mailboxes.deliverFax(this.line.extensionId, {
        pages: 1,
        lateSeconds: this.chance(0.3) ? Math.floor(this.random() * 48 * 3600) : 0,
        attachmentsAfterSeconds: later(0.1),
        documentAfterSeconds: later(0.1),
        attachments: this.chance(0.1) ? [{}, { type: 'SourceDocument', format: 'tiff' }] : [{}],
        omit,
      }),
    );
  }

  private async pull(): Promise<void> {
    const calls = mailboxInProcess({
      world: this.world,
      now: () => new Date(this.now),
      perPage: PER_PAGE,
      beforeCall: () => {
        this.now += 200;
        if (this.chance(this.unrest)) this.happen();
      },
      fails: () => this.chance(this.failures),
    });
    const wait = (milliseconds: number) => {
      this.now += milliseconds;
      return Promise.resolve(true);
    };
    const { set, dir } = this;
    await pullLine(this.line, { calls, set, dir, now: () => new Date(this.now), wait, since: null, cap: CAP });
    this.now += 60_000;
  }

  /** @param lastAt when the last run began, which nothing disturbed */
  private judge(lastAt: number): ScheduleResult {
    const result: ScheduleResult = { faxes: 0, fetched: 0, pending: 0, lost: 0, inGaps: 0, problems: [] };
    const gaps = this.set.gapsOf(this.line);
    const paths = new Set([...this.set.documents()].map(({ path }) => path));
    for (const fax of this.messages.filter(({ type }) => type === 'Fax')) {
      result.faxes += 1;
      const known = this.set.message(this.line, fax.id);
      const isThere = this.isThere(fax, paths);
      const canBeHad =
        fax.availability !== 'Purged' &&
        this.world.mailbox(this.line.extensionId).includes(fax) &&
        Math.max(fax.attachmentsAt, fax.documentAt) <= lastAt;
      const created = fax.createdAt.toISOString();
      if (known?.verdict === 'done' || isThere) {
        result.fetched += 1;
        if (!isThere) result.problems.push('a fax counts as fetched, but its documents are not as they were sent');
        if (known?.verdict !== 'done')
          result.problems.push(`a fax is on the disk and counts as ${String(known?.verdict)}`);
      } else if (canBeHad)
        result.problems.push(`a fax that can be had ${known ? `counts as ${known.verdict}` : 'was missed'}`);
      else if (known?.verdict === 'pending') result.pending += 1;
      else if (known?.verdict === 'lost') result.lost += 1;
      else if (known) result.problems.push(`a fax that cannot be had counts as ${known.verdict}`);
      else if (gaps.some(({ from, to }) => from <= created && created <= to)) result.inGaps += 1;
      else result.problems.push('a fax that was dropped is in no gap');
    }
    if (this.messages.length < CAP && gaps.length > 0) result.problems.push('a gap in a mailbox that was never full');
    return result;
  }

  private isThere(fax: Message, paths: ReadonlySet<string>): boolean {
    return fax.attachments.every((attachment) => {
      const [path] = [...paths].filter((one) => one.includes(`/${fax.id}-${attachment.id}.`));
      return path !== undefined && readFileSync(join(this.dir, path)).equals(documentOf(fax, attachment));
    });
  }
}
