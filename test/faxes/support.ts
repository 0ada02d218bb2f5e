import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { line, ModelMailbox } from './model-mailbox.js';
import type { FaxLine, LineResult } from '../../src/faxes/fax-types.js';
import { pullLine, type PullTools } from '../../src/faxes/line/pull-line.js';
import { openSet } from '../../src/faxes/set/open-set.js';
import type { PulledSet } from '../../src/faxes/set/pulled-set.js';

export const START = Date.parse('2026-11-30T02:00:00.000Z');
export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

/** A folder, its set and a mailbox. The clock is the mailbox's; waiting moves it. */
export class Bench {
  readonly dir = mkdtempSync(join(tmpdir(), 'faxes-'));
  readonly mailbox = new ModelMailbox(START);
  private opened: PulledSet | null = null;

  async set(): Promise<PulledSet> {
    this.opened ??= (await openSet(this.dir, this.now)).set;
    return this.opened;
  }

  now = (): Date => new Date(this.mailbox.now);

  async pull(options: Partial<PullTools> = {}, of: FaxLine = line): Promise<LineResult> {
    const wait = (milliseconds: number): Promise<boolean> => {
      this.mailbox.now += milliseconds;
      return Promise.resolve(true);
    };
    const { calls } = this.mailbox;
    return pullLine(of, { calls, set: await this.set(), dir: this.dir, now: this.now, wait, since: null, ...options });
  }

  /** Closes the set, as the end of a process does. */
  end(): void {
    this.opened?.close();
    this.opened = null;
  }

  /** The files below the folder but those of the set, in order. */
  files = (): string[] =>
    readdirSync(this.dir, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.parentPath.includes('.latchkey'))
      .map((entry) => join(entry.parentPath, entry.name).slice(this.dir.length + 1))
      .sort();

  remove(): void {
    this.end();
    rmSync(this.dir, { recursive: true, force: true });
  }
}
