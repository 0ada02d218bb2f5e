import { configWarnings } from '../config-warnings.js';
import type { ConfigProblem, ParsedConfig } from '../config.js';
import { InstallationProblem, openPortal } from '../installation.js';
import { createLogger } from '../platform/log.js';

/** `ok` is null if it could not be proved; `advice` is what to do, or what to know where all is well. */
export type Finding = { ok: boolean | null; subject: string; advice?: string };

const good = (subject: string): Finding => ({ ok: true, subject });
const bad = (subject: string, advice: string): Finding => ({ ok: false, subject, advice });

/** Checks the configuration, the database, and what each capability checks, in this order, until a step fails. */
export async function diagnose(parsed: ParsedConfig): Promise<Finding[]> {
  const named = ({ name, problem }: ConfigProblem) => bad(`configuration ${name}`, problem);
  if (!parsed.ok) return parsed.problems.map(named);
  const opened = await openPortal(parsed.config, createLogger('silent')).catch((error: unknown) => ({ error }));
  const warnings = configWarnings(parsed.config).map(named);
  const findings = warnings.length > 0 ? warnings : [good('configuration')];
  if ('error' in opened) return [...findings, ...findingsOf(opened.error)];
  findings.push(good('database'));
  try {
    const seenAt = await opened.untrustedProxySeenAt();
    if (seenAt !== undefined)
      findings.push(bad('proxy', `TRUST_PROXY does not name the sender of a proxy header (last at ${seenAt})`));
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
  return setting === 'SEALING_KEYS_FILE'
    ? [good('database'), bad('keys', problem)]
    : [bad('database', `the database ${problem}`)];
}
