import type { Config, ParsedConfig } from '../config.js';
import { migrationState, openDatabase } from '../platform/database/database.js';
import { createLogger } from '../platform/log.js';
import { SealingKeyError } from '../platform/sealing/sealing.js';
import { realWorld } from '../platform/world.js';
import { createPortal, type Portal } from '../portal.js';
import type { BudgetWait, Outcome } from '../ringcentral/catalogue/outcome.js';

export type Finding = { ok: boolean; subject: string; advice?: string };

const good = (subject: string): Finding => ({ ok: true, subject });
const bad = (subject: string, advice: string): Finding => ({ ok: false, subject, advice });

/** Checks the configuration, the database, the keys and our app at RingCentral, in this order, until a step fails. */
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
    findings.push(keysFinding(await portal.missingKeys()));
    if (portal.probeApp) findings.push(appFinding(await portal.probeApp(), config));
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

function keysFinding(missing: string[]): Finding {
  if (missing.length === 0) return good('keys');
  return bad('keys', `stored secrets need a key that SEALING_KEYS_FILE lacks: restore ${missing.join(' ')}`);
}

/** What the answer to a junk assertion says of our own app: RingCentral checks the client before the assertion. */
export function appFinding(
  answer: Outcome<unknown> | BudgetWait,
  config: Pick<Config, 'RINGCENTRAL_SERVER_URL'>,
): Finding {
  const subject = 'RingCentral app';
  if (answer.kind === 'accepted') return good(subject);
  if (answer.kind === 'wait')
    return bad(subject, `the auth budget is used up until ${answer.until.toISOString()}: try again then`);
  const codes = answer.codes.join(' ');
  if (answer.kind === 'inconclusive') {
    const why = {
      unreachable: `${config.RINGCENTRAL_SERVER_URL} cannot be reached: check DNS, TLS and the firewall`,
      rate_limited: 'RingCentral asks us to wait: try again in a minute',
      ringcentral_unavailable: 'RingCentral is not answering as expected: try again later',
      owner_locked: `RingCentral answered ${codes}: try again later`,
    };
    return bad(subject, why[answer.cause]);
  }
  if (answer.codes.includes('OAU-146'))
    return bad(subject, 'RingCentral rejects the client secret (OAU-146): copy it again from the app');
  if (answer.codes.includes('OAU-153'))
    return bad(subject, 'RingCentral does not know the client ID (OAU-153): check RINGCENTRAL_CLIENT_ID');
  if (answer.codes.some((code) => ['OAU-251', 'OAU-112', 'OAU-125'].includes(code)))
    return bad(subject, `the app may not use the JWT grant (${codes}): turn on the JWT auth flow in its settings`);
  return bad(subject, `RingCentral answered ${codes || answer.status}: report this to RingCentral support`);
}
