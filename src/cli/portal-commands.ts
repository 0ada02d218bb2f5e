import { readConfig, type Config } from '../config.js';
import { migrate, migrationState, openDatabase } from '../platform/database/database.js';
import { KeyFileError, writeKeyFiles } from '../platform/sealing/key-files.js';
import { createLogger } from '../platform/log.js';
import { SealingKeyError } from '../platform/sealing/sealing.js';
import { realWorld } from '../platform/world.js';
import { createPortal, type Portal } from '../portal.js';
import { diagnose } from './doctor.js';

export type ExitCode = 0 | 1;

const say = (line: string) => process.stdout.write(`${line}\n`);
const fail = (...lines: string[]): ExitCode => {
  for (const line of lines) process.stderr.write(`${line}\n`);
  return 1;
};

async function withConfig(work: (config: Config) => Promise<ExitCode>): Promise<ExitCode> {
  const parsed = readConfig();
  return parsed.ok ? work(parsed.config) : fail(...parsed.problems.map(({ name, problem }) => `${name} ${problem}`));
}

/** Runs `work` on this installation's portal without serving requests or starting a worker. */
const withPortal = (work: (portal: Portal) => Promise<ExitCode>): Promise<ExitCode> =>
  withConfig(async (config) => {
    const db = openDatabase(config.DATABASE_URL);
    const state = await migrationState(db).catch(() => 'unreachable' as const);
    if (state !== 'current') {
      await db.destroy();
      if (state === 'unreachable') return fail('DATABASE_URL cannot be opened');
      return fail(`DATABASE_URL is ${state} of this version: run "latchkey migrate"`);
    }
    let portal: Portal;
    try {
      portal = await createPortal(config, { db, world: realWorld, log: createLogger('silent') });
    } catch (error) {
      await db.destroy();
      if (error instanceof SealingKeyError) return fail(`SEALING_KEYS_FILE ${error.message}`);
      throw error;
    }
    try {
      return await work(portal);
    } finally {
      await portal.close();
    }
  });

/** Needs no configuration, because it runs before there is one. */
export async function runKeysGenerate(files: { private: string; public: string }): Promise<ExitCode> {
  try {
    await writeKeyFiles({ privateFile: files.private, publicFile: files.public });
    return 0;
  } catch (error) {
    if (error instanceof KeyFileError) return fail(error.message);
    throw error;
  }
}

export const runMigrate = (): Promise<ExitCode> =>
  withConfig(async (config) => {
    const db = openDatabase(config.DATABASE_URL, { takesLong: true });
    try {
      const state = await migrationState(db).catch(() => 'unreachable' as const);
      if (state === 'unreachable') return fail('DATABASE_URL cannot be opened');
      if (state === 'ahead') return fail('DATABASE_URL is ahead of this version');
      await migrate(db);
      return 0;
    } finally {
      await db.destroy();
    }
  });

const staffProblems = {
  email_unreadable: '--email is not an email address',
  name_missing: '--name is missing or has control characters',
  name_too_long: '--name is too long',
  role_unknown: '--role must be administrator, operator or auditor',
  address_in_use: '--email already belongs to an account',
} as const;

export const runStaffCreate = (asked: { email: string; name: string; role: string }): Promise<ExitCode> =>
  withPortal(async ({ services }) => {
    const created = await services.staff.createStaff(asked);
    if (!created.ok) return fail(staffProblems[created.problem]);
    say(created.url);
    return 0;
  });

export const runTenantsCreate = (asked: { name: string; ref: string }): Promise<ExitCode> =>
  withPortal(async ({ services }) => {
    const wanted = { name: asked.name, externalRef: asked.ref };
    const created = await services.tenants.create(wanted, { kind: 'command_line' });
    if (!created.ok) {
      const option = { name: '--name', externalRef: '--ref' } as Record<string, string>;
      return fail(...created.problems.map(({ field, code }) => `${option[field] ?? field}: ${code}`));
    }
    say(created.tenant.id);
    return 0;
  });

const working = ['healthy', 'warning'];

/** Prints one line per tenant: reference, state, cause. */
export const runCheck = (options: { tenant?: string }): Promise<ExitCode> =>
  withPortal(async ({ services }) => {
    let bad = 0;
    const print = async (tenants: { id: string; externalRef: string; createdAt: Date }[]) => {
      const shown = await services.connections.shownOf(tenants);
      for (const { id, externalRef } of tenants) {
        const { state, cause } = shown.get(id) ?? { state: 'not_connected', cause: null };
        if (!working.includes(state)) bad += 1;
        say([externalRef, state, cause ?? '-'].join('\t'));
      }
    };
    if (options.tenant !== undefined) {
      const tenant = await services.tenants.findByRef(options.tenant);
      if (!tenant) return fail('--tenant: there is no tenant with this reference');
      await print([tenant]);
    } else {
      let page = await services.tenants.list(200);
      await print(page.tenants);
      while (page.next) {
        page = await services.tenants.list(200, page.next);
        await print(page.tenants);
      }
    }
    return bad === 0 ? 0 : 1;
  });

/** Prints one line per finding: `ok` or `bad`, the subject, and what to do. */
export async function runDoctor(): Promise<ExitCode> {
  const findings = await diagnose(readConfig());
  for (const { ok, subject, advice } of findings) say(`${ok ? 'ok ' : 'bad'} ${subject}${advice ? `: ${advice}` : ''}`);
  return findings.every(({ ok }) => ok) ? 0 : 1;
}
