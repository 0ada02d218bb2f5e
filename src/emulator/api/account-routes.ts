import { Router } from 'express';
import { apiErrors, sendApiError } from './api-errors.js';
import { apiCall, type ApiCall } from './api-guard.js';
import type { Core } from '../core.js';
import { exactNumber } from '../traffic/exact-json.js';
import { roles } from '../world/permissions.js';
import { listOf, firstOf, pageOf, paged } from './query-values.js';
import { extensionStatuses, extensionTypes, type Account, type Extension } from '../world/world-types.js';

export const accountUri = (origin: string, id: string) => `${origin}/restapi/v1.0/account/${id}`;
export const extensionUri = (origin: string, extension: Pick<Extension, 'id' | 'accountId'>) =>
  `${accountUri(origin, extension.accountId)}/extension/${extension.id}`;

const timezone = { timezone: { id: '58', name: 'US/Pacific' } };
const country = { id: '1', name: 'United States', isoCode: 'US', callingCode: '1' };

/**
 * The v1 account: `id` is a number here and a string in v2. The company name is not included. See
 * docs/ringcentral.md.
 */
function accountV1(core: Core, origin: string, account: Account) {
  const uri = accountUri(origin, account.id);
  const operator = core.world.extensionsOf(account.id)[0];
  return {
    uri,
    id: exactNumber(account.id),
    bsid: account.id,
    mainNumber: account.mainNumber,
    ...(operator
      ? {
          operator: {
            uri: extensionUri(origin, operator),
            id: exactNumber(operator.id),
            extensionNumber: operator.extensionNumber,
          },
        }
      : {}),
    serviceInfo: {
      uri: `${uri}/service-info`,
      brand: { ...account.brand, homeCountry: country },
      servicePlan: { id: '6', name: 'RingEX Advanced', edition: 'Advanced' },
      billingPlan: { id: '8853', name: 'Monthly', durationUnit: 'Month', duration: 1, type: 'Regular' },
    },
    setupWizardState: 'Completed',
    status: account.status,
    ...(account.status === 'Disabled' ? { statusInfo: { reason: 'SuspendedVoluntarily' } } : {}),
    regionalSettings: timezone,
    federated: false,
  };
}

/** The v2 account, as documented. */
function accountV2(core: Core, account: Account) {
  const admin = core.world.extensionsOf(account.id).find((extension) => extension.role === 'super_admin');
  return {
    id: account.id,
    status: account.status,
    companyName: account.companyName,
    mainNumber: account.mainNumber,
    companyAddress: account.address,
    serviceInfo: { package: { version: '1', id: '1' }, brand: account.brand },
    ...(admin ? { contactInfo: { firstName: admin.firstName, lastName: admin.lastName, email: admin.email } } : {}),
    billingActive: true,
  };
}

const roleOf = (origin: string, extension: Extension) => {
  const { id, displayName } = roles[extension.role];
  const uri = `${accountUri(origin, extension.accountId)}/user-role/${id}`;
  return { uri, id, displayName, autoAssigned: false };
};

/** The part of an extension that a list shows. */
const extensionSummary = (origin: string, account: Account, extension: Extension) => ({
  uri: extensionUri(origin, extension),
  id: exactNumber(extension.id),
  extensionNumber: extension.extensionNumber,
  name: extension.name,
  contact: {
    firstName: extension.firstName,
    lastName: extension.lastName,
    company: account.companyName,
    email: extension.email,
    businessPhone: extension.phoneNumber,
  },
  type: extension.type,
  status: extension.status,
  permissions: {
    admin: { enabled: extension.role === 'super_admin' },
    internationalCalling: { enabled: false },
  },
});

/** One extension in full. `serviceFeatures` is present only when callers read their own extension. */
function extensionInFull({ origin, account, caller, target }: ApiCall) {
  const { uri, id, ...rest } = extensionSummary(origin, account, target);
  const features = ['FaxReceiving', 'HipaaCompliance', 'DeveloperPortal'];
  return {
    uri,
    id,
    account: { uri: accountUri(origin, account.id), id: account.id },
    ...rest,
    roles: [roleOf(origin, target)],
    ...(target === caller ? { serviceFeatures: features.map((featureName) => ({ featureName, enabled: true })) } : {}),
    regionalSettings: timezone,
    setupWizardState: 'Completed',
  };
}

/** Accounts and extensions, v1 and v2. */
export function accountRoutes(core: Core): Router {
  const readAccount = { scope: 'ReadAccounts', permissions: ['ReadCompanyInfo'] };
  const readExtension = { scope: 'ReadAccounts', permissions: ['ReadExtensions'] };
  return Router()
    .get(
      '/v1.0/account/:accountId',
      apiCall(core, readAccount, ({ origin, account }, _req, res) => {
        res.json(accountV1(core, origin, account));
      }),
    )
    .get(
      '/v2/accounts/:accountId',
      apiCall(core, readAccount, ({ account }, _req, res) => {
        res.json(accountV2(core, account));
      }),
    )
    .get(
      '/v1.0/account/:accountId/extension',
      apiCall(core, readExtension, ({ origin, account }, req, res) => {
        const page = pageOf(req);
        if ('status' in page) {
          sendApiError(res, page);
          return;
        }
        const types = listOf(req, 'type');
        const statuses = listOf(req, 'status');
        const number = firstOf(req, 'extensionNumber');
        const known = (values: string[], all: readonly string[]) => values.every((value) => all.includes(value));
        if (!known(types, extensionTypes)) {
          sendApiError(res, apiErrors.parameterInvalid('type'));
          return;
        }
        if (!known(statuses, extensionStatuses)) {
          sendApiError(res, apiErrors.parameterInvalid('status'));
          return;
        }
        const found = core.world
          .extensionsOf(account.id)
          .filter((extension) => types.length === 0 || types.includes(extension.type))
          .filter((extension) => statuses.length === 0 || statuses.includes(extension.status))
          .filter((extension) => number === undefined || extension.extensionNumber === number);
        const address = (to: number) => {
          const query = new URLSearchParams([
            ...types.map((type): [string, string] => ['type', type]),
            ...statuses.map((status): [string, string] => ['status', status]),
            ['page', String(to)],
            ['perPage', String(page.perPage)],
          ]);
          return `${accountUri(origin, account.id)}/extension?${query.toString()}`;
        };
        const { records, ...rest } = paged(found, page, address);
        const summaries = records.map((extension) => extensionSummary(origin, account, extension));
        res.json({ uri: address(page.page), records: summaries, ...rest });
      }),
    )
    .get(
      '/v1.0/account/:accountId/extension/:extensionId',
      apiCall(core, readExtension, (call, _req, res) => void res.json(extensionInFull(call))),
    )
    .get(
      '/v1.0/account/:accountId/extension/:extensionId/assigned-role',
      apiCall(core, { scope: 'ReadAccounts', permissions: ['ReadAssignedRoles'] }, ({ origin, target }, _req, res) => {
        const uri = `${extensionUri(origin, target)}/assigned-role`;
        res.json({ uri, records: [roleOf(origin, target)] });
      }),
    );
}
