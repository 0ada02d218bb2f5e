import type { ParsedConfig } from '../config.js';
import { InstallationProblem, openPortal } from '../installation.js';
import { createLogger } from '../platform/log.js';

/** `ok` is null if it could not be proved; `advice` is what to do, or what to know where all is well. */
export type Finding = { ok: boolean | null; subject: string; advice?: string };

const good = (subject: string): Finding => ({ ok: true, subject });
const bad = (subject: string, advice: string): Finding => ({ ok: false, subject, advice });

/** Checks the configuration, the database, and what each capability checks, in this order, until a step fails. */
export async function diagnose(parsed: ParsedConfig): Promise<Finding[]> {
  if (!parsed.ok) return parsed.problems.map(({ name, problem }) => bad(`configuration ${name}`, problem));
  const opened = await openPortal(parsed.config, createLogger('silent')).catch((error: unknown) => ({ error }));
  if ('error' in opened) return [good('configuration'), ...findingsOf(opened.error)];
  const findings = [good('configuration'), good('database')];
  try {
    for (const { subject, advice, detail } of opened.checks) {
      const told = await advice();
      if (told === null) findings.push({ ...good(subject), ...(detail ? { advice: await detail() } : {}) });
      else if (typeof told === 'string') findings.push(bad(subject, told));
      else findings.push({ ok: null, subject, advice: told.unproved });
    }
    return findings;
  } finally {
    await opened.close();
  }
}

function findingsOf(error: unknown): Finding[] {
  if (!(error instanceof InstallationProblem)) return [good('database'), bad('keys', 'the keys cannot be used')];
  const { setting, problem } = error;
  if (setting === 'SEALING_KEYS_FILE') return [good('database'), bad('keys', problem)];
  const advice = problem.includes(': ') ? problem : `${problem}: check DATABASE_URL`;
  return [bad('database', `the database ${advice}`)];
}
