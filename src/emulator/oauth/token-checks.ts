import type { Core } from '../core.js';
import { issuers } from '../world/jwt-credentials.js';
import type { Refusal } from '../world/oauth-answers.js';
import type { ClaimedClient, TokenForm } from './token-form.js';
import type { SessionRules } from '../world/session-rules.js';
import type { TokenParameters } from '../world/sessions.js';
import type { World } from '../world/world.js';
import type { App, Extension } from '../world/world-types.js';

export const jwtBearer = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

/** Grants that RingCentral knows and this emulator never enables. Any other unknown grant is OAU-250. */
const otherGrants = new Set([
  'client_credentials',
  'password',
  'partner_jwt',
  'urn:ietf:params:oauth:grant-type:device_code',
  'otp',
  'guest',
]);

/** Extension types that cannot log in (which ones is assumed). */
const withoutLogin = new Set(['Announcement', 'Voicemail', 'IvrMenu', 'ApplicationExtension', 'ParkLocation', 'Site']);

const refuse = (situation: Refusal['situation'], values: Record<string, string> = {}): Refusal => ({
  situation,
  values,
});

/** Client authentication. A confidential app that sends only its id has not authenticated (OAU-123, assumed). */
export function checkClient(world: World, client: ClaimedClient): App | Refusal {
  if (client.kind === 'none') return refuse('client_authentication_required');
  if (client.kind === 'malformed') return refuse('authorization_header_malformed');
  const { clientId } = client;
  const app = world.apps.get(clientId);
  if (!app) return refuse('client_unknown', { clientId });
  if (app.environment === 'sandbox') return refuse('client_of_sandbox', { clientId });
  if (client.kind === 'body') return app.secret === null ? app : refuse('client_authentication_required');
  return client.secret === (app.secret ?? '') ? app : refuse('secret_wrong');
}

export type GrantKind = 'jwt' | 'authorization_code' | 'refresh_token';

/** Checks the grant type. A missing grant_type is answered like an unknown one (assumed). */
export function checkGrant(app: App, grantType: string): GrantKind | Refusal {
  if (grantType === jwtBearer) return app.grants.includes('jwt') ? 'jwt' : refuse('grant_off');
  if (grantType === 'authorization_code') return app.grants.includes(grantType) ? grantType : refuse('grant_off');
  if (grantType === 'refresh_token') return app.issueRefreshTokens ? grantType : refuse('grant_off');
  return refuse(otherGrants.has(grantType) ? 'grant_off' : 'grant_unknown');
}

function seconds(
  fields: URLSearchParams,
  parameter: string,
  least: number,
  most: number,
): number | undefined | Refusal {
  const value = fields.get(parameter);
  if (value === null) return undefined;
  if (/^(0|-\d{1,9})$/.test(value)) return 0;
  const number = /^\d{1,9}$/.test(value) ? Number(value) : NaN;
  return number >= least && number <= most ? number : refuse('parameter_invalid', { parameter, value });
}

/**
 * The optional parameters. Where they are checked and which code is answered is assumed. Also assumed: 0 or less
 * means the default lifetime, because RingCentral's SDK sends -1 when it refreshes after a 401.
 */
export function checkParameters(
  app: App,
  fields: URLSearchParams,
  zeroRefreshTtl: SessionRules['zeroRefreshTtl'],
): TokenParameters | Refusal {
  const access = seconds(fields, 'access_token_ttl', 600, 3600);
  if (typeof access === 'object') return access;
  const refresh = seconds(fields, 'refresh_token_ttl', 1, 2_592_000);
  if (typeof refresh === 'object') return refresh;
  const scopes = (fields.get('scope') ?? '').split(' ').filter(Boolean);
  const foreign = scopes.find((scope) => !app.scopes.includes(scope));
  if (foreign !== undefined) return refuse('scope_not_of_app', { value: foreign });
  return {
    scopes: scopes.length > 0 ? scopes : [...app.scopes],
    endpointId: fields.get('endpoint_id') ?? undefined,
    accessTtlSeconds: access === undefined || access === 0 ? 3600 : access,
    refreshTtlSeconds: refresh === 0 && zeroRefreshTtl === 'default' ? 604_800 : (refresh ?? 604_800),
  };
}

/** Every check of the JWT grant after the client and the grant type. */
export function checkAssertion(
  { world, signer, settings }: Pick<Core, 'world' | 'signer' | 'settings'>,
  app: App,
  assertion: string,
  now: Date,
): Extension | Refusal {
  const reading = signer.read(assertion);
  if (reading.kind === 'not_a_jwt') return refuse('assertion_not_a_jwt');
  if (reading.kind !== 'read') return refuse(reading.kind);
  const { claims } = reading;
  const issuer = issuers[settings.environment];
  if (claims.iss !== issuer || claims.aud !== `${issuer}/restapi/oauth/token`) return refuse('environment_wrong');
  if (claims.exp * 1000 <= now.getTime()) return refuse('jwt_expired');
  const credential = world.credentials.get(claims.jti);
  if (!credential) return refuse('jwt_deleted');
  if (credential.revoked) return refuse('jwt_revoked');
  const owner = world.extensions.get(claims.sub);
  const permitted =
    credential.permitted === 'organization'
      ? app.ownerAccountId !== null && app.ownerAccountId === owner?.accountId
      : credential.permitted.includes(app.clientId);
  if (!permitted) return refuse('app_not_permitted', { clientId: app.clientId });
  return checkOwner({ world, settings }, app, claims.sub);
}

/**
 * Checks in this order: app access, the owner's permission for third-party apps, and the state of owner and account.
 */
export function checkOwner(
  { world, settings }: Pick<Core, 'world' | 'settings'>,
  app: App,
  extensionId: string,
): Extension | Refusal {
  const owner = world.extensions.get(extensionId);
  if (!owner) return refuse('owner_deleted');
  if (app.access === 'private' && app.ownerAccountId !== owner.accountId) return refuse('app_private');
  if (!owner.permissions.has('ThirdPartyAppAccess')) return refuse('third_party_access_missing');
  const values = { type: owner.type };
  if (owner.type === 'Department') return refuse('owner_is_call_queue', values);
  if (withoutLogin.has(owner.type)) return refuse('owner_type_cannot_log_in', values);
  const account = world.accounts.get(owner.accountId);
  if (!account) return refuse('account_deleted');
  if (owner.status !== 'Enabled' && settings.inactiveOwners === 'refused') return refuse('owner_inactive');
  if (account.status === 'Disabled' || account.status === 'Initial') return refuse('account_inactive');
  if (account.realmRestricted) return refuse('account_restricted');
  return owner;
}

export const isDuplicated = (form: TokenForm): Refusal | undefined =>
  form.duplicated ? refuse('parameter_duplicated') : undefined;
