import type { PermissionScope, Role } from './world-types.js';

const everyone: PermissionScope[] = ['Self', 'AllExtensions'];
const self: PermissionScope[] = ['Self'];
const account: PermissionScope[] = ['Account'];

/** RingCentral's role ids and names. 1 and 3 have been seen; the custom role is invented. */
export const roles: Record<Role, { id: string; displayName: string; permissions: Record<string, PermissionScope[]> }> =
  {
    super_admin: {
      id: '1',
      displayName: 'Super Admin',
      permissions: {
        ReadMessages: everyone,
        ReadMessageContent: everyone,
        EditMessages: everyone,
        ReadExtensions: everyone,
        ReadCompanyInfo: account,
        ReadAssignedRoles: everyone,
        FullCompanyCallLog: account,
        Users: everyone,
        AccountAdministration: account,
        OutboundFaxes: self,
        DevPortalAccess: self,
        ThirdPartyAppAccess: self,
      },
    },
    standard: {
      id: '3',
      displayName: 'Standard',
      permissions: {
        ReadMessages: self,
        ReadMessageContent: self,
        EditMessages: self,
        ReadExtensions: everyone,
        ReadCompanyInfo: account,
        OutboundFaxes: self,
        ThirdPartyAppAccess: self,
      },
    },
    fax_integration: {
      id: '10017',
      displayName: 'Fax Integration (custom)',
      permissions: {
        ReadMessages: everyone,
        ReadMessageContent: everyone,
        ReadExtensions: everyone,
        ReadCompanyInfo: account,
        DevPortalAccess: self,
        ThirdPartyAppAccess: self,
      },
    },
  };

const extended = new Set<PermissionScope>(['AllExtensions', 'Account', 'UserExtensions', 'Federation']);

/** True when the permission also covers other extensions; `Self` alone does not. */
export const reachesOthers = (scopes: PermissionScope[]): boolean => scopes.some((scope) => extended.has(scope));
