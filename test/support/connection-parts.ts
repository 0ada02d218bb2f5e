import { forgetUnconfirmed } from '../../src/connections/proof/confirmed-account-store.js';
import { askToConfirm } from '../../src/connections/proof/ask-to-confirm.js';
import { incidentNotices, type Recipients } from '../../src/connections/health/connection-notices.js';
import { connectionWriter } from '../../src/connections/health/connection-writer.js';
import { ownerWatch } from '../../src/connections/proof/owner-watch.js';
import { portalIncidents } from '../../src/connections/checks/portal-incidents.js';
import type { AppAnswer } from '../../src/connections/checks/app-check.js';
import type { Control } from '../../src/connections/checks/rejections.js';
import { connectionService } from '../../src/connections/connection-service.js';
import { credentialKeeper, credentialReader } from '../../src/credentials/credential-service.js';
import { faxReportReader } from '../../src/fax-reports/fax-report-reader.js';
import { eventStore, type RecordEvent } from '../../src/notifications/event-store.js';
import { noticeWriter } from '../../src/notifications/notices.js';
import { transactionOn, type Knex } from '../../src/platform/database/database.js';
import type { EnqueueMessage } from '../../src/platform/outbox.js';
import { createSignal } from '../../src/platform/signal.js';
import type { World } from '../../src/platform/world.js';
import { forgetTokensOf } from '../../src/tokens/ringcentral-sessions.js';

const nobody: Recipients = { members: () => Promise.resolve([]), staff: () => Promise.resolve([]) };

export const aDayMs = 86_400_000;

/** For rows without ciphertext: opening always returns the same text. */
export const aCredentialKeeper = (db: Knex, world: World) =>
  credentialKeeper({ db, world, opener: { open: () => Promise.resolve('synthetic') }, onEnded: forgetTokensOf });

/** The actions of people on connections, as in the portal, with a worker that is elsewhere. */
export const aConnectionService = (
  db: Knex,
  world: World,
  given: Partial<Parameters<typeof connectionService>[0]> = {},
) =>
  connectionService({
    db,
    transaction: transactionOn(db),
    world,
    credentials: credentialReader(db),
    ...connectionParts(world),
    createdAtOf: () => Promise.resolve(world.now()),
    poke: () => undefined,
    settled: createSignal(world),
    ...given,
  });

/** The dependencies of the connection writers, as in the portal, with evidence that is renewed daily. */
export function connectionParts(
  world: Pick<World, 'now' | 'newId'>,
  {
    recipients = nobody,
    enqueue = () => Promise.resolve(),
    checkEveryMs = () => Promise.resolve(aDayMs),
  }: { recipients?: Recipients; enqueue?: EnqueueMessage; checkEveryMs?: (db: Knex) => Promise<number> } = {},
) {
  const tell = noticeWriter({ world, enqueue });
  const record: RecordEvent = (trx, event) => eventStore(trx, world).append(event);
  const notices = incidentNotices({ tell, recipients });
  const isMailboxFilling = () => Promise.resolve(false);
  const isOldOneAlive = () => Promise.resolve(false);
  const writer = connectionWriter({
    world,
    checkEveryMs,
    record,
    notices,
    isMailboxFilling,
    isOldOneAlive,
    forgetUnconfirmed,
  });
  const incidents = portalIncidents({ world, record, notices, tenantsIn: () => undefined });
  const owners = ownerWatch({ world, notices });
  const control = (): Promise<Control> => Promise.resolve('not_needed');
  return {
    askAboutApp: (): Promise<AppAnswer> => Promise.resolve('unknown'),
    tryRetired: () => Promise.reject(new Error('nothing is retired here')),
    exchange: () => Promise.reject(new Error('no one signs in here')),
    checkEveryMs,
    record,
    tell,
    notices,
    isMailboxFilling,
    isOldOneAlive,
    forgetUnconfirmed,
    faxReports: faxReportReader,
    writer,
    incidents,
    owners,
    control,
    confirmMs: 180_000,
    signInClientId: () => null,
    requireChanger: () => Promise.resolve(),
    askToConfirm: askToConfirm({ world, notices }),
    warnOfSignIn: () => Promise.resolve(),
    /** Nothing is minted here, so nothing is stored. */
    tokens: { seal: () => Promise.reject(new Error('unused')), keepSealed: () => Promise.resolve() },
  };
}
