import type { Asked, CliCommand, Terminal } from '../app/cli-command.js';
import { latchkeyClient, LatchkeyError, type NoToken } from '../client/client.js';
import { problemLines, processEnvironment, type Environment } from '../config.js';
import { portalAccess } from './portal-access.js';

const USAGE_ERROR = 2;
const SOMEONE_MUST_ACT = 3;
const TRY_LATER = 4;
const MOST_TTL_SECONDS = 1800;

/**
 * Gives any program an access token, in the manner of an exec credential: one line of JSON on standard output. Neither
 * the key nor a token is ever on standard error.
 */
export const tokenCommandIn = (environment: () => Environment): CliCommand => ({
  name: 'token',
  summary: "prints an access token for a tenant as JSON; 3: someone must connect or fix it; 4: try at 'retry_at'",
  options: [
    { flags: '--tenant <ref>', summary: "the ISV's own id for it", required: true },
    { flags: '--min-ttl <seconds>', summary: `how long it must live at least, up to ${MOST_TTL_SECONDS}` },
  ],
  run: (asked, terminal) => run(asked, terminal, environment()),
});

export const tokenCommand = tokenCommandIn(processEnvironment);

async function run({ tenant, minTtl }: Asked, { say, fail }: Terminal, environment: Environment): Promise<number> {
  const refuse = (...lines: string[]): number => {
    fail(...lines);
    return USAGE_ERROR;
  };
  const seconds = minTtl === undefined ? undefined : /^\d{1,4}$/.test(String(minTtl)) ? Number(minTtl) : Infinity;
  if (seconds !== undefined && seconds > MOST_TTL_SECONDS)
    return refuse(`--min-ttl must be a whole number from 0 to ${MOST_TTL_SECONDS}`);
  const access = portalAccess(environment);
  if (Array.isArray(access)) return refuse(...problemLines(access));
  const client = latchkeyClient({ url: access.url, apiKey: access.apiKey.reveal(), maxWaitMs: 0 });
  try {
    const request = seconds === undefined ? {} : { min_ttl_seconds: seconds };
    const answer = await client.accessToken(refOf(String(tenant)), request);
    if (answer.kind !== 'token') return told(answer, { say, fail });
    say(JSON.stringify(answer.token));
    return 0;
  } catch (error) {
    if (error instanceof LatchkeyError) return fail(error.message);
    throw error;
  }
}

const refOf = (tenant: string): string => (tenant.startsWith('ref:') ? tenant : `ref:${tenant}`);

/** Says why there is no token: for programs on standard output, for people on standard error. */
function told(reason: NoToken, { say, fail }: Terminal): number {
  if (reason.kind === 'try_later') {
    const { cause = 'portal_unreachable', ...problem } = reason.problem ?? {};
    say(JSON.stringify({ ...problem, cause, retry_at: reason.problem?.retry_at ?? reason.at.toISOString() }));
    fail(`no token now: ${cause}; try again at ${reason.at.toISOString()}`);
    return TRY_LATER;
  }
  const { cause = 'unknown', fix_owner: owner, reconnect_url: link } = reason.problem;
  say(JSON.stringify(reason.problem));
  fail(`no token: ${cause}${owner ? `, to be fixed by: ${owner}` : ''}${link ? `, at ${link}` : ''}`);
  return SOMEONE_MUST_ACT;
}
