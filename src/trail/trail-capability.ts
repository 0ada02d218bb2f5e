import type { Capability, Declaration } from '../app/capability.js';
import type { Foundation } from '../app/foundation.js';
import type { NoteSigner } from '../platform/signed-notes/signed-note.js';
import { treeHoldings } from './trail-holdings.js';
import { trailWorker } from './trail-worker.js';
import { auditVerify } from './verify-command.js';

export const trail: Declaration = { commands: [auditVerify], holds: treeHoldings };

/** Seals the audit, so that a change of it is found. */
export function trailCapability({ config, runtime, transaction }: Foundation, signers: readonly NoteSigner[]) {
  const { db, world } = runtime;
  const origin = `${new URL(config.PUBLIC_URL).host}/audit`;
  return {
    housekeeping: () => [trailWorker({ db, transaction, world, signers, origin })],
  } satisfies Capability;
}
