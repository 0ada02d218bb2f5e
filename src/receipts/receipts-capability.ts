import { Router } from 'express';
import type { Capability, Declaration, DoctorCheck } from '../app/capability.js';
import type { Foundation } from '../app/foundation.js';
import { signersOf } from '../platform/signed-notes/signing-keys.js';
import { receiptHoldings } from './receipt-holdings.js';
import { signingKeyStore } from './signing-key-store.js';
import { receiptVerify } from './verify-command.js';

export const receipts: Declaration = { commands: [receiptVerify], holds: receiptHoldings };

/** What a clinic gets when its connection has ended, and the keys that prove it. */
export function receiptsCapability({ config, runtime }: Foundation) {
  const { db, world } = runtime;
  const keys = signingKeyStore(db);
  const signers = config.ROLES.includes('worker')
    ? signersOf(config.AUDIT_SIGNING_KEY_FILE ?? [], config.PUBLIC_URL)
    : [];
  return {
    /** What signs in this process; none without the role `worker` or a key. */
    signers,
    /** Before the first signature, so that there is no time at which a signed note cannot be verified. */
    begin: async () => {
      await keys.remember(
        signers.map(({ key }) => key.vkey),
        world.now(),
      );
      return null;
    },
    pages: () => ({
      mounts: [{ path: '/.well-known/latchkey-keys', access: 'public', router: publishedKeys(() => keys.all()) }],
    }),
    checks: () => (config.ROLES.includes('worker') ? [signingKey(signers.map(({ key }) => key.vkey))] : []),
  } satisfies Capability & Record<string, unknown>;
}

/** One key a line, as `latchkey receipt verify --key` reads them. Empty if nothing was ever signed. */
function publishedKeys(all: () => Promise<string[]>): Router {
  const router = Router();
  router.get('/', async (_req, res) => {
    const vkeys = await all();
    res.type('text/plain').send(vkeys.map((vkey) => `${vkey}\n`).join(''));
  });
  return router;
}

const signingKey = (vkeys: readonly string[]): DoctorCheck => ({
  subject: 'AUDIT_SIGNING_KEY_FILE',
  advice: () => Promise.resolve(null),
  detail: () => Promise.resolve(vkeys.length > 0 ? `signs as ${vkeys.join(' ')}` : 'not set: receipts are unsigned'),
});
