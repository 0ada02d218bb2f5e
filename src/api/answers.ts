import { z } from 'zod';
import { causes, fixOwnerOf, type Cause } from '../connections/health/causes.js';
import { shownStates, type Shown } from '../connections/health/health.js';
import type { ConnectionView } from '../connections/connection-view.js';
import { environments, type Tenant } from '../tenants/tenant-types.js';
import { languages } from '../texts/languages.js';

const allCauses = Object.keys(causes) as [Cause, ...Cause[]];
const time = z.iso.datetime().describe('RFC 3339, in UTC');
const text = (at: Date): string => at.toISOString();
const textOrNull = (at: Date | null): string | null => at && text(at);

const situation = {
  state: z.enum(shownStates).describe('As the pages of the portal show it'),
  since: time.describe('Since when the state is as it is'),
  cause: z.enum(allCauses).nullable().describe('Why; each cause has a page below /docs/errors/'),
  fix_owner: z.enum(['tenant', 'isv', 'ringcentral', 'nobody']).nullable().describe('Who needs to act'),
  checked_at: time.nullable().describe('When the credential was last checked'),
};

/** What every answer about a tenant says of its connection. */
const situationOf = ({ state, since, cause }: Shown, checkedAt: Date | null) => ({
  state,
  since: text(since),
  cause,
  fix_owner: cause && fixOwnerOf(cause),
  checked_at: textOrNull(checkedAt),
});

export const tenantAnswer = z
  .strictObject({
    id: z.string(),
    external_ref: z.string().describe("The ISV's own id for the clinic"),
    name: z.string(),
    environment: z.enum(environments as ['production', 'biz']).describe('`biz` for AT&T and Verizon'),
    language: z.enum(languages),
    time_zone: z.string().describe('A name of the IANA time zone database'),
    connection: z.strictObject(situation),
  })
  .describe('A clinic, and whether its connection works');

export const tenantListAnswer = z.strictObject({
  tenants: z.array(tenantAnswer),
  next_cursor: z.string().nullable().describe('Where the next page begins; null on the last page'),
});

/** @param shown undefined for a tenant that was created just now */
export const tenantAnswerOf = (
  tenant: Tenant,
  shown?: Shown & { checkedAt: Date | null },
): z.input<typeof tenantAnswer> => ({
  id: tenant.id,
  external_ref: tenant.externalRef,
  name: tenant.name,
  environment: tenant.environment,
  language: tenant.language,
  time_zone: tenant.timeZone,
  connection: situationOf(
    shown ?? { state: 'not_connected', cause: null, since: tenant.createdAt, suspect: null },
    shown?.checkedAt ?? null,
  ),
});

const party = z
  .strictObject({ id: z.string(), name: z.string().nullable() })
  .nullable()
  .describe('As RingCentral calls it; null before the first success');

export const connectionAnswer = z
  .strictObject({
    ...situation,
    method: z
      .enum(['jwt', 'authorization_code'])
      .nullable()
      .describe('How the clinic is connected: with a JWT, or by a sign-in; null if it has no credential in use'),
    next_check_at: time.nullable().describe('null while a check waits or runs, and if none is planned'),
    last_conclusive: z
      .strictObject({ state: z.enum(['healthy', 'warning', 'failing']), at: time })
      .nullable()
      .describe('The last clear evidence, good or bad'),
    expires_at: time.nullable().describe('When the credential in use expires; null if it does not'),
    account: party,
    owner: party,
    fax_extensions: z.array(z.string()).describe('The ids of the extensions whose faxes are read'),
  })
  .describe('The connection of a clinic');

export function connectionAnswerOf(view: ConnectionView): z.input<typeof connectionAnswer> {
  const { connection, shown, active, lines } = view;
  const { identity, health } = connection;
  return {
    ...situationOf(shown, connection.checkedAt),
    method: active?.method ?? null,
    next_check_at: textOrNull(view.nextCheckAt),
    last_conclusive: health.lastConclusive,
    expires_at: textOrNull(active?.expiresAt ?? null),
    account: identity && { id: identity.accountId, name: identity.accountName },
    owner: identity && { id: identity.ownerId, name: identity.ownerName },
    fax_extensions: lines.filter(({ selected }) => selected).map(({ extensionId }) => extensionId),
  };
}
