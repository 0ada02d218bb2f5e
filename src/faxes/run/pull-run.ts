import { setMaxListeners } from 'node:events';
import { LatchkeyError, type LatchkeyClient, type PreflightEntry } from '../../client/client.js';
import { FolderError, onFolder } from '../documents/folder-error.js';
import type { FaxLine, LineProgress } from '../fax-types.js';
import { pullClinic, type Clinic, type ClinicPullParts, type ClinicResult } from './clinic-pull.js';
import type { RunState } from './run-state.js';

export type RunProgress = { clinics: number; done: number; fetched: number; open: number };

type PullRunParts = Omit<ClinicPullParts, 'client' | 'onToken' | 'onProgress' | 'claim'> & {
  client: ClinicPullParts['client'] & Pick<LatchkeyClient, 'preflight'>;
  state: Pick<RunState, 'lastClinic' | 'setLastClinic'>;
  /** Only this clinic, by the ISV's own id. */
  externalRef?: string | undefined;
  onProgress: (progress: RunProgress) => void;
};

const FOLDER_PROBLEM = 'folder_';

/** The error of the folder that a problem of a clinic names; null if it names another one. */
export const folderProblem = (problem: string | null): FolderError | null =>
  problem?.startsWith(FOLDER_PROBLEM) ? new FolderError(problem.slice(FOLDER_PROBLEM.length)) : null;

/** Clinics whose tokens and faxes are waited for at the same time. Most of it is waiting for limits. */
const AT_ONCE = 32;

/**
 * Pulls the faxes of every clinic of which preflight does not say that it will fail. Those of which it knows nothing
 * come last. What fails for one clinic stops no other; a folder that cannot be used stops all.
 *
 * @returns a result for each clinic, ordered by its id
 * @throws what the client throws, if preflight has no answer
 */
export async function pullRun(parts: PullRunParts): Promise<ClinicResult[]> {
  const { state, signal, onProgress } = parts;
  const { clinics, refused } = await clinicsOf(parts);
  const queue = rotated(clinics, state.lastClinic());
  const results: ClinicResult[] = [...refused];
  const open = new Map<string, LineProgress>();
  const tell = () => {
    const all = [...open.values()];
    const sum = (of: (one: LineProgress) => number) => all.reduce((total, one) => total + of(one), 0);
    const done = results.length - refused.length;
    onProgress({ clinics: clinics.length, done, fetched: sum((one) => one.fetched), open: sum((one) => one.open) });
  };
  const ofLine = (progress: LineProgress) => {
    open.set(`${progress.line.externalRef}|${progress.line.extensionId}`, progress);
    tell();
  };

  const ending = new AbortController();
  const owners = new Map<string, string>();
  function claim({ accountId, extensionId, externalRef }: FaxLine): string | null {
    const key = `${accountId}|${extensionId}`;
    const owner = owners.get(key) ?? externalRef;
    owners.set(key, owner);
    return owner === externalRef ? null : owner;
  }
  const running = { ...parts, claim, onProgress: ofLine, signal: AbortSignal.any([signal, ending.signal]) };
  setMaxListeners(0, running.signal); // each call that waits or is under way listens
  const defects: unknown[] = [];

  // After a kill the next run begins with the clinics that waited: the portal keeps their places for their tokens.
  let last = queue.at(-1);
  function noteLast(clinic: Clinic | undefined): void {
    if (clinic) state.setLastClinic(clinic.externalRef);
    last = clinic;
  }

  async function one(clinic: Clinic): Promise<ClinicResult> {
    if (running.signal.aborted) return notPulled(clinic, 'stopped');
    if (!running.limiter.isBefore(running.until)) return notPulled(clinic, 'time_over');
    noteLast(last); // if this cannot be written, no token is asked for
    return pullClinic(clinic, { ...running, onToken: () => noteLast(clinic) });
  }
  async function work(): Promise<void> {
    for (let clinic = queue.shift(); clinic; clinic = queue.shift()) {
      try {
        results.push(await onFolder(() => one(clinic)));
      } catch (error) {
        if (error instanceof FolderError) results.push(notPulled(clinic, `${FOLDER_PROBLEM}${error.code}`));
        else defects.push(error);
        ending.abort();
      }
      tell();
    }
  }
  const [first] = queue;
  tell();
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, queue.length) }, work));
  if (defects.length > 0) throw defects[0];
  // The next run begins with the one after it, so that another clinic is the first each time.
  if (first && !running.signal.aborted) state.setLastClinic(first.externalRef);
  return results.sort((a, b) => (a.externalRef < b.externalRef ? -1 : 1));
}

async function clinicsOf({ client, externalRef, world }: PullRunParts) {
  if (externalRef !== undefined) return { clinics: [{ tenant: `ref:${externalRef}`, externalRef }], refused: [] };
  const known: Clinic[] = [];
  const unknown: Clinic[] = [];
  const refused: ClinicResult[] = [];
  for (const { tenant, external_ref: externalRef, ...entry } of await preflightOf(client, world.now())) {
    if (entry.verdict === 'go') known.push({ tenant, externalRef });
    if (entry.verdict === 'unknown') unknown.push({ tenant, externalRef });
    if (entry.verdict !== 'no_go') continue;
    const { state, cause, fix_owner: fixOwner } = entry;
    const isExpected = ['not_connected', 'pending', 'disconnected'].includes(state);
    const problem = cause === 'not_connected' ? state : cause;
    refused.push({ ...notPulled({ externalRef }, problem), fixOwner, isExpected });
  }
  return { clinics: [...inOrder(known), ...inOrder(unknown)], refused };
}

/** Now, by the portal's clock if ours is so wrong that the portal refuses it. */
async function preflightOf(client: PullRunParts['client'], now: Date): Promise<PreflightEntry[]> {
  try {
    return await arrayOf(client.preflight(now));
  } catch (error) {
    const isTime = error instanceof LatchkeyError && error.problem.errors?.some(({ pointer }) => pointer === '/by');
    if (!isTime || error.at === null) throw error;
    return arrayOf(client.preflight(error.at));
  }
}

async function arrayOf<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

const inOrder = (clinics: Clinic[]): Clinic[] => clinics.sort((a, b) => (a.externalRef < b.externalRef ? -1 : 1));

/** The same clinics, beginning after the one that came last. */
function rotated(clinics: readonly Clinic[], last: string | null): Clinic[] {
  const at = clinics.findIndex(({ externalRef }) => externalRef === last) + 1;
  return [...clinics.slice(at), ...clinics.slice(0, at)];
}

const notPulled = ({ externalRef }: Pick<Clinic, 'externalRef'>, problem: string): ClinicResult => ({
  externalRef,
  problem,
  fixOwner: null,
  isExpected: false,
  lines: [],
  shared: [],
  notReported: null,
});
