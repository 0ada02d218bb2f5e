import { Router } from 'express';
import { extensionUri } from './account-routes.js';
import { apiErrors, sendApiError } from './api-errors.js';
import { apiCall } from './api-guard.js';
import type { Core } from '../core.js';
import { reachesOthers, roles } from '../world/permissions.js';
import { firstOf, listOf } from './query-values.js';
import type { Extension } from '../world/world-types.js';

const permissionUri = (origin: string, id: string) => `${origin}/restapi/v1.0/dictionary/permission/${id}`;

function feature(extension: Extension, id: string) {
  const faxTypes = ['User', 'FaxUser', 'VirtualUser', 'Department'];
  const available = id === 'FaxReceiving' ? faxTypes.includes(extension.type) : extension.permissions.has(id);
  if (available) return { id, available };
  const reason =
    id === 'FaxReceiving'
      ? { code: 'ExtensionTypeLimitation', message: 'Extension type limitation' }
      : { code: 'InsufficientPermissions', message: 'Insufficient permissions' };
  return { id, available, reason };
}

/** A user's permissions, which need no app scope, and an extension's features. */
export function authzRoutes(core: Core): Router {
  const path = '/v1.0/account/:accountId/extension/:extensionId';
  return Router()
    .get(
      `${path}/authz-profile`,
      apiCall(core, { ownOnly: true }, ({ origin, target }, _req, res) => {
        const role = roles[target.role].id;
        const permissions = [...target.permissions].map(([id, scopes]) => ({
          permission: {
            uri: permissionUri(origin, id),
            id,
            assignable: true,
            readOnly: false,
            siteCompatible: 'Compatible',
          },
          effectiveRole: { uri: `${origin}/restapi/v1.0/dictionary/user-role/${role}`, id: role },
          scopes,
        }));
        res.json({ uri: `${extensionUri(origin, target)}/authz-profile`, permissions });
      }),
    )
    .get(
      `${path}/authz-profile/check`,
      apiCall(core, { ownOnly: true }, ({ origin, target, account }, req, res) => {
        const id = firstOf(req, 'permissionId');
        if (id === undefined) {
          sendApiError(res, apiErrors.parameterInvalid('permissionId'));
          return;
        }
        const aboutId = firstOf(req, 'targetExtensionId');
        const about = aboutId === undefined ? target : core.world.extensions.get(aboutId);
        if (about?.accountId !== account.id) {
          sendApiError(res, apiErrors.notFound('targetExtensionId'));
          return;
        }
        const scopes = target.permissions.get(id) ?? [];
        const successful = scopes.length > 0 && (about === target || reachesOthers(scopes));
        const query = new URLSearchParams({ permissionId: id, ...(aboutId && { targetExtensionId: aboutId }) });
        res.json({
          uri: `${extensionUri(origin, target)}/authz-profile/check?${query.toString()}`,
          successful,
          ...(successful ? { details: { permission: { uri: permissionUri(origin, id), id }, scopes } } : {}),
        });
      }),
    )
    .get(
      `${path}/features`,
      apiCall(core, { scope: 'ReadAccounts', permissions: ['ReadExtensions'] }, ({ target }, req, res) => {
        res.json({ records: listOf(req, 'featureId').map((id) => feature(target, id)) });
      }),
    );
}
