import type { Opener, Sealer } from '../../../src/platform/sealing/sealing.js';
import { credentialKeeper } from '../../../src/credentials/credential-service.js';
import { sealedRefreshTokens } from '../../../src/credentials/sealed-refresh-token.js';
import { transactionOn, type Knex } from '../../../src/platform/database/database.js';
import { realWorld, type World } from '../../../src/platform/world.js';
import type { TokenClient } from '../../../src/ringcentral/clients/ringcentral-types.js';
import { endTokensOf, ringCentralSessions } from '../../../src/tokens/ringcentral-sessions.js';
import type { NoteEnd } from '../../../src/tokens/token-types.js';

/** Seals synchronously, so that a virtual clock does not mistake it for idleness. It hides nothing. */
export const instantSealing: Sealer & Opener = {
  seal: (plaintext, { rowId }) => Promise.resolve({ jwe: `${rowId} ${plaintext}`, kid: 'EXAMPLE' }),
  open: (jwe, { rowId }) => Promise.resolve(jwe.slice(rowId.length + 1)),
};

/** The client ID of the app with which people sign in. */
export const SIGN_IN_APP = 'EXAMPLE-sign-in-app';

type Parts = {
  claimedOwner: () => string | null;
  sealing: Sealer & Opener;
  /** The database's time; default: the same as the machine's. */
  databaseNow: () => Date;
  noteEnd: NoteEnd;
};

/** A session keeper for existing rows of `credentials`. */
export function aSessionKeeper(
  db: Knex,
  world: Pick<World, 'now' | 'newId'>,
  ringcentral: Pick<TokenClient, 'mint' | 'revoke'> & Partial<Pick<TokenClient, 'refresh'>>,
  {
    claimedOwner = () => null,
    sealing = instantSealing,
    databaseNow = world.now,
    noteEnd = () => Promise.resolve(),
  }: Partial<Parts> = {},
) {
  const isLiving = async (trx: Knex, tenantId: string, id: string) => {
    const row = await trx('credentials')
      .where({ tenant_id: tenantId, id })
      .first<{ status: string } | undefined>('status');
    return row?.status === 'pending' || row?.status === 'active';
  };
  const keeper = credentialKeeper({ db, world: { ...realWorld, ...world }, opener: sealing, onEnded: endTokensOf });
  return ringCentralSessions({
    db,
    transaction: transactionOn(db),
    world,
    databaseTime: () => Promise.resolve(databaseNow().getTime()),
    log: { warn: () => undefined },
    sealing,
    ringcentral: { refresh: () => Promise.reject(new Error('no sign-in is expected')), ...ringcentral },
    claimedOwner,
    refreshTokens: sealedRefreshTokens({ db, sealing }),
    signInClientId: () => SIGN_IN_APP,
    isLiving,
    noteEnd,
    onSessionEnd: (trx, tenantId, id, at) => keeper.limitExpiry(trx, tenantId, id, at),
  });
}
