import type { ParsedConfig } from '../config.js';
import { migrationState, openDatabase } from '../platform/database/database.js';
import { createLogger } from '../platform/log.js';
import { SealingKeyError } from '../platform/sealing/sealing.js';
import { realWorld } from '../platform/world.js';
import { createPortal, type Portal } from '../portal.js';

export type Finding = { ok: boolean; subject: string; advice?: string };

const good = (subject: string): Finding => ({ ok: true, subject });
const bad = (subject: string, advice: string): Finding => ({ ok: false, subject, advice });

/** Checks the configuration, the database, and what each capability checks, in this order, until a step fails. */
export async function diagnose(parsed: ParsedConfig): Promise<Finding[]> {
  if (!parsed.ok) return parsed.problems.map(({ name, problem }) => bad(`configuration ${name}`, problem));
  const { config } = parsed;
  const findings = [good('configuration')];
  const db = openDatabase(config.DATABASE_URL);
  const state = await migrationState(db).catch(() => 'unreachable' as const);
  findings.push(databaseFinding(state));
  if (state !== 'current') {
    await db.destroy();
    return findings;
  }
  let portal: Portal;
  try {
    portal = await createPortal(config, { db, world: realWorld, log: createLogger('silent') });
  } catch (error) {
    await db.destroy();
    return [...findings, bad('keys', error instanceof SealingKeyError ? error.message : 'the keys cannot be used')];
  }
  try {
    for (const { subject, advice } of portal.checks) {
      const told = await advice();
      findings.push(told === null ? good(subject) : bad(subject, told));
    }
    return findings;
  } finally {
    await portal.close();
  }
}

function databaseFinding(state: 'current' | 'behind' | 'ahead' | 'unreachable'): Finding {
  if (state === 'current') return good('database');
  if (state === 'behind') return bad('database', 'the database is behind this version: run "latchkey migrate"');
  if (state === 'ahead')
    return bad('database', 'the database is ahead of this version: run the version that migrated it');
  return bad('database', 'the database cannot be opened: check DATABASE_URL');
}
