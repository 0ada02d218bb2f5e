import type { Request, RequestHandler, Response } from 'express';
import type { AccountsInWeb } from '../accounts/accounts-pages.js';
import type { ReadPeople } from '../accounts/people/people-directory.js';
import type { Capability, Declaration, WebRole } from '../app/capability.js';
import { allows } from '../app/clinic-roles.js';
import type { Foundation } from '../app/foundation.js';
import type { ConnectionService } from '../connections/connection-service.js';
import type { Knex } from '../platform/database/database.js';
import { PortalError } from '../platform/errors.js';
import type { NoteSigner } from '../platform/signed-notes/signed-note.js';
import { staffOf, staffRequests } from '../staff/staff-requests.js';
import type { ReadTenants } from '../tenants/tenant-reader.js';
import type { TenantService } from '../tenants/tenant-service.js';
import type { NoteEnd } from '../tokens/token-types.js';
import { disconnectTenant, type DisconnectHooks } from './disconnect.js';
import { disconnectionActs } from './disconnection-acts.js';
import { disconnectionHoldings } from './disconnection-holdings.js';
import { disconnectionMails } from './disconnection-mails.js';
import type { Row } from '../platform/http/content.js';
import type { Clock } from '../platform/http/view-helpers.js';
import type { Texts } from '../texts/texts.js';
import { rowsForStaff } from './disconnection-rows.js';
import { disconnectionRoutes, type Visit } from './disconnection-routes.js';
import { disconnectionService, outcomeOf } from './disconnection-service.js';
import { disconnectionStore } from './disconnection-store.js';
import type { ErasedReceipt, Outcome, Receipt } from './disconnection-types.js';
import { receiptMaker } from './receipt-maker.js';

export const disconnection: Declaration = { audit: disconnectionActs, holds: disconnectionHoldings };

/** Counts the end of a session for the receipt of its disconnection. Runs in the transaction that writes the session off. */
export const noteSessionEnd: NoteEnd = (trx: Knex, tenantId, credentialId, how) =>
  disconnectionStore(trx).forTenant(tenantId).noteSession(credentialId, how);

type Given = {
  accounts: { inWeb: (web: WebRole) => AccountsInWeb };
  tenants: TenantService;
  readTenants: ReadTenants;
  people: ReadPeople;
  connections: ConnectionService;
  handOffs: Pick<DisconnectHooks, 'endLinks'>;
  signers: readonly NoteSigner[];
  /** In the transaction that makes a receipt. */
  onReceipt: (trx: Knex, outcome: Outcome, receipt: Receipt) => Promise<void>;
};

/** More are in the export. */
const MOST_RECEIPTS = 20;
/** The receipt appears soon after a disconnection is over. */
const RECEIPTS_EVERY_MS = 5_000;

/** The end of a connection, by the clinic or by staff, and its receipt. */
export function disconnectionCapability(foundation: Foundation, given: Given) {
  const { config, runtime, transaction, textsIn, brand, enqueue } = foundation;
  const { db, world, log } = runtime;
  const { PUBLIC_URL: publicUrl, ISV_NAME: isvName } = config;
  const { connections, readTenants: tenants, people, signers } = given;
  const tell = disconnectionMails({ enqueue, brand, textsIn, publicUrl, tenants, people });
  const { endLinks } = given.handOffs;
  const disconnect = disconnectTenant({ world, onDisconnected: connections.onDisconnected, endLinks, tell });
  const { onRetiredDestroyed: onDestroyed } = connections;
  const { requireRole } = given.tenants;
  const service = disconnectionService({ db, transaction, world, disconnect, onDestroyed, requireRole, people });

  return {
    service,
    /** A tenant's receipts, newest first: their texts, and what stays of those that were erased. */
    receiptsOf: async (tenantId: string): Promise<{ texts: string[]; erased: ErasedReceipt[] }> => {
      const found = await disconnectionStore(db).forTenant(tenantId).newest(MOST_RECEIPTS);
      return {
        texts: found.flatMap(({ receipt }) => receipt?.text ?? []),
        erased: found.flatMap(({ erasedReceipt }) => erasedReceipt ?? []),
      };
    },
    /** For the page of a clinic that staff see. */
    rowsForStaff: async (tenantId: string, facts: { t: Texts; clock: Clock }): Promise<Row[]> => {
      const outcome = await service.newest(tenantId);
      return outcome
        ? rowsForStaff(outcome, { ...facts, isv: isvName, url: `/staff/tenants/${tenantId}/disconnection` })
        : [];
    },
    /** For other capabilities, in a transaction that holds the tenant's lock. */
    disconnect,
    newestOutcome: async (trx: Knex, tenantId: string): Promise<Outcome | undefined> => {
      const [newest] = await disconnectionStore(trx).forTenant(tenantId).newest(1);
      return newest && outcomeOf(trx, newest);
    },
    pages: (web) => {
      const accounts = given.accounts.inWeb(web);
      const shared = { world, service, connections, isvName, keysUrl: `${publicUrl}/.well-known/latchkey-keys` };
      const freshFor =
        (base: string): RequestHandler =>
        (req, res, next) =>
          accounts.freshProofFor(`${base}/${String(req.params.tenantId)}/disconnection`)(req, res, next);
      const { viewed, changers, tenantOf } = staffRequests({
        db,
        world,
        tenants: given.tenants,
        connections,
        accounts,
      });
      const staffVisit = async (req: Request, res: Response): Promise<Visit> => {
        const { actor, mayChange, origin } = staffOf(req, res);
        const tenant = await tenantOf(req);
        const href = `/staff/tenants/${tenant.id}`;
        return {
          tenant,
          by: { personId: actor.id, isStaff: true },
          origin,
          facts: {
            url: `${href}/disconnection`,
            back: { text: tenant.name, href: `${href}/settings` },
            guideUrl: null,
            may: { disconnect: mayChange, claim: mayChange },
            isStaff: true,
          },
        };
      };
      return {
        mounts: [
          {
            path: '/tenants/:tenantId/disconnection',
            access: 'member',
            needs: {
              'get /': 'viewer',
              'post /': 'owner',
              'post /deletions': 'member',
              'post /destruction': 'owner',
              'get /receipts/:receiptId': 'viewer',
            },
            router: disconnectionRoutes({
              ...shared,
              visitOf: memberVisit,
              viewed: null,
              changers: [],
              fresh: freshFor('/tenants'),
            }),
          },
          {
            path: '/staff/tenants/:tenantId/disconnection',
            access: 'staff',
            router: disconnectionRoutes({
              ...shared,
              visitOf: staffVisit,
              viewed: (req, res, tenantId) => viewed(req, res, 'tenant.viewed_by_staff', tenantId),
              changers: [changers],
              fresh: freshFor('/staff/tenants'),
            }),
          },
        ],
      };
    },
    loops: () => [
      {
        name: 'receipts',
        everyMs: RECEIPTS_EVERY_MS,
        round: receiptMaker({
          db,
          transaction,
          world,
          tenants,
          signers,
          portal: new URL(publicUrl).host,
          isvName,
          textsIn,
          onReceipt: given.onReceipt,
          onError: (err, of) => log.error({ err, ...of }, 'a receipt could not be made'),
        }),
      },
    ],
  } satisfies Capability & Record<string, unknown>;
}

/** The guard in front sets these values; without them, the request is not from a member. */
function memberVisit(req: Request, res: Response): Promise<Visit> {
  const { tenant, person, membership, journey, requestId } = res.locals;
  if (!tenant || !person || !membership || !journey) throw new PortalError('not_found');
  const isMember = allows(membership.role, 'member');
  return Promise.resolve({
    tenant,
    by: { personId: person.id },
    origin: { ip: req.ip, requestId },
    facts: {
      url: `/tenants/${tenant.id}/disconnection`,
      back: { text: res.locals.t.disconnection.backToConnection, href: journey.paths.result },
      guideUrl: isMember ? journey.paths.guide : null,
      may: { disconnect: allows(membership.role, 'owner'), claim: isMember },
      isStaff: false,
    },
  });
}
