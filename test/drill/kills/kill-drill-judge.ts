import type { Knex } from '../../../src/platform/database/database.js';

/** How RingCentral will judge a JWT, and so what must happen to it. */
export type Fate = 'activated' | 'kept' | 'destroyed';
export type Submission = {
  tenantId: string;
  /** SHA-256 of the JWT in hex, as in the portal's rows */
  fingerprint: string;
  fate: Fate;
  /** The portal answered 303, so the JWT must not be lost from then on. */
  acknowledged: boolean;
};

type CredentialRow = { id: string; tenant_id: string; status: string; fingerprint: string; destroyed_because: string };
type HealthJson = { serving: { state: string }; pending: { cause: string | null } | null };

const livingStates = ['pending', 'active', 'retired'];
const checkedStates = ['pending', 'active'];

async function load(db: Knex) {
  const [credentials, secrets, requests, checks, audit, connections] = await Promise.all([
    db<CredentialRow>('credentials').select(),
    db<{ row_id: string; tenant_id: string }>('sealed_secrets').select('row_id', 'tenant_id'),
    db<{ credential_id: string; due_at: string }>('check_requests').whereNull('finished_at').select(),
    db<{ credential_id: string; verdict: string; cause: string | null }>('checks').orderBy('finished_at').select(),
    db<{ action: string; target: string; tenant_id: string }>('audit_events').orderBy('seq').select(),
    db<{ tenant_id: string; health: string; account_id: string | null }>('connections').select(),
  ]);
  return { credentials, secrets, requests, checks, audit, connections };
}
type Rows = Awaited<ReturnType<typeof load>>;

/** Whether all work is done: each credential to check has a conclusive answer. */
export async function isSettled(db: Knex): Promise<boolean> {
  const open = await db('credentials')
    .whereIn('status', checkedStates)
    .whereNotExists(
      db('checks').whereRaw('checks.credential_id = credentials.id').whereIn('verdict', ['accepted', 'refused']),
    )
    .first('id');
  const due = await db('check_requests')
    .whereNull('finished_at')
    .where('due_at', '<=', new Date().toISOString())
    .first('id');
  return open === undefined && due === undefined;
}

/** All rules that the database breaks after kills at any time; empty if all is well. */
export async function judge(db: Knex, submissions: readonly Submission[]): Promise<string[]> {
  const rows = await load(db);
  const problems = rows.credentials.flatMap((credential) => [
    ...wholeness(rows, credential),
    ...verdictOf(rows, credential, submissions),
  ]);
  problems.push(...strays(rows));
  for (const connection of rows.connections) problems.push(...contradictions(rows, connection));
  for (const { acknowledged, fingerprint, tenantId } of submissions) {
    const kept = rows.credentials.filter((one) => one.fingerprint === fingerprint && one.tenant_id === tenantId);
    if (acknowledged && kept.length === 0) problems.push('an acknowledged JWT is lost');
    if (kept.length > 1) problems.push('one submission made several credentials');
  }
  return [...problems, ...(await damage(db))];
}

/** Corruption that SQLite finds in its file; on PostgreSQL the files are not accessible. */
async function damage(db: Knex): Promise<string[]> {
  if ((db.client as { dialect: string }).dialect === 'postgresql') return [];
  const problems: string[] = [];
  const broken = await db.raw<object[]>('pragma foreign_key_check');
  if (broken.length > 0) problems.push(`${broken.length} rows refer to nothing`);
  const integrity = await db.raw<{ integrity_check: string }[]>('pragma integrity_check');
  if (integrity[0]?.integrity_check !== 'ok') problems.push('the database file is damaged');
  return problems;
}

const countOf = <T>(list: readonly T[], fits: (one: T) => boolean): number => list.filter(fits).length;

/** Whether a credential has all its related rows and no others. */
function wholeness({ secrets, requests, checks, audit }: Rows, { id, status, tenant_id }: CredentialRow): string[] {
  const traces = (action: string) => countOf(audit, (one) => one.action === action && one.target === id);
  const expected: [what: string, found: number, wanted: number][] = [
    [
      'ciphertexts',
      countOf(secrets, (one) => one.row_id === id && one.tenant_id === tenant_id),
      livingStates.includes(status) ? 1 : 0,
    ],
    [
      'open check requests',
      countOf(requests, (one) => one.credential_id === id),
      checkedStates.includes(status) ? 1 : 0,
    ],
    ['traces of its submission', traces('credential.submitted'), 1],
    ['traces of a verdict', traces('credential.judged'), countOf(checks, (one) => one.credential_id === id)],
    ['traces of its destruction', traces('credential.destroyed'), status === 'destroyed' ? 1 : 0],
  ];
  return expected
    .filter(([, found, wanted]) => found !== wanted)
    .map(([what, found, wanted]) => `a ${status} credential has ${found} ${what} instead of ${wanted}`);
}

/** Every stored JWT must be judged as RingCentral judges it, unless a newer paste replaced it first. */
function verdictOf({ checks }: Rows, credential: CredentialRow, submissions: readonly Submission[]): string[] {
  const submission = submissions.find(({ fingerprint }) => fingerprint === credential.fingerprint);
  if (!submission) return ['a credential without a submission'];
  if (credential.destroyed_because === 'superseded') return [];
  const conclusive = checks.filter(
    ({ credential_id, verdict }) => credential_id === credential.id && verdict !== 'inconclusive',
  );
  if (conclusive.length === 0) return [`a ${credential.status} credential has no verdict`];
  const statuses: Record<Fate, string[]> = {
    activated: ['active', 'retired'],
    kept: ['pending'],
    destroyed: ['destroyed'],
  };
  const fits = statuses[submission.fate].includes(credential.status);
  return fits ? [] : [`a JWT that should be ${submission.fate} is ${credential.status}`];
}

function strays({ credentials, secrets, requests, checks, audit }: Rows): string[] {
  const ids = new Set(credentials.map(({ id }) => id));
  const without = (what: string, list: readonly string[]) => {
    const count = countOf(list, (id) => !ids.has(id));
    return count > 0 ? [`${count} ${what} without a credential`] : [];
  };
  const ofCredentials = audit.filter(({ action }) => /^credential\.(submitted|judged|destroyed)$/.test(action));
  return [
    ...without(
      'ciphertexts',
      secrets.map((one) => one.row_id),
    ),
    ...without(
      'check requests',
      requests.map((one) => one.credential_id),
    ),
    ...without(
      'checks',
      checks.map((one) => one.credential_id),
    ),
    ...without(
      'traces',
      ofCredentials.map((one) => one.target),
    ),
    ...(new Set(secrets.map((one) => one.row_id)).size < secrets.length ? ['a ciphertext is there twice'] : []),
  ];
}

function contradictions({ credentials, checks }: Rows, row: Rows['connections'][number]): string[] {
  const health = JSON.parse(row.health) as HealthJson;
  const mine = (status: string) => credentials.find((one) => one.tenant_id === row.tenant_id && one.status === status);
  const pending = mine('pending');
  const facts: [what: string, shown: unknown, true_: unknown][] = [
    ['serving', health.serving.state, mine('active') ? 'working' : 'none'],
    ['pending', health.pending !== null, pending !== undefined],
    ['pinned', row.account_id !== null, mine('active') !== undefined],
  ];
  if (pending && health.pending) {
    const last = checks.filter(({ credential_id }) => credential_id === pending.id).at(-1);
    facts.push(['cause', health.pending.cause, last?.cause ?? null]);
  }
  return facts
    .filter(([, shown, true_]) => shown !== true_)
    .map(([what, shown, true_]) => `a connection says ${what} ${String(shown)} where it is ${String(true_)}`);
}

/** The state that a tenant's connection page must show according to its rows. */
export async function stateByRows(db: Knex, tenantId: string): Promise<string> {
  const statuses = (await db('credentials').where({ tenant_id: tenantId }).pluck('status')) as string[];
  if (statuses.includes('active')) return 'healthy';
  return statuses.includes('pending') ? 'pending' : 'not_connected';
}

/** Merges repeated problems into one line with a count. */
export function summed(problems: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const problem of problems) counts.set(problem, (counts.get(problem) ?? 0) + 1);
  return [...counts].map(([problem, count]) => (count > 1 ? `${problem} (${count} times)` : problem));
}
