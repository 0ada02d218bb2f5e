import { callNames } from '../traffic/calls.js';
import type { ConsoleSession } from '../console/console-sessions.js';
import type { Frame } from '../console/console-pages.js';
import type { Control } from '../control.js';
import { inactiveOwnersAre } from '../core.js';
import { faultKinds } from '../traffic/fault-kinds.js';
import type { Fault } from '../traffic/faults.js';
import { roles } from '../world/permissions.js';
import type { LoggedRequest } from '../traffic/traffic.js';
import { accountStatuses, extensionStatuses, extensionTypes, roleNames } from '../world/world-types.js';

export const controlBase = '/emulator';
const pages = {
  calls: 'Calls',
  faults: 'Faults and limits',
  people: 'Accounts and users',
  faxes: 'Faxes',
  apps: 'Apps and JWTs',
};
export type ControlPage = keyof typeof pages;
export const urlOf = (page: ControlPage) => (page === 'calls' ? controlBase : `${controlBase}/${page}`);

export function controlFrame(session: ConsoleSession, here: ControlPage | null, title?: string): Frame {
  const { notice } = session;
  session.notice = null;
  const names = Object.keys(pages) as ControlPage[];
  return {
    title: title ?? (here ? pages[here] : 'Not found'),
    csrf: session.csrf,
    notice,
    user: null,
    control: names.map((name) => ({ name: pages[name], url: urlOf(name), isHere: name === here })),
  };
}

/** How many of the newest calls the page shows; the control API returns all of them. */
const SHOWN = 50;
const violations = { over_budget: 'Over the limit', in_penalty: 'Inside a penalty' };

const callRow = (one: LoggedRequest) => ({
  time: one.at.slice(11, 23),
  at: one.at,
  what: `${one.method} ${one.path}`,
  answer: one.status === 0 ? 'None' : [one.status, one.errorCode].filter(Boolean).join(' '),
  who: one.clientId ?? '',
  held: one.violation ? violations[one.violation] : '',
});

export function callsPage(control: Control, url: string) {
  const { requests, world } = control;
  const [app] = world.apps.values();
  return {
    url,
    app: app ? { clientId: app.clientId, secret: app.secret } : null,
    total: requests.length,
    violations: control.violations.length,
    rows: requests.slice(-SHOWN).reverse().map(callRow),
  };
}

const sentence = (parts: (string | false)[]) => parts.filter(Boolean).join(', ');

const faultRow = ({ id, kind, call, path, count, played, status, retryAfter }: Fault) => ({
  id,
  kind,
  where: call ?? (path === '/restapi' ? 'every call' : path),
  how: sentence([
    status !== undefined && `status ${status}`,
    retryAfter !== undefined && `Retry-After ${retryAfter ?? 'left out'}`,
  ]),
  played: count === undefined ? `${played}, until cleared` : `${played} of ${count}`,
});

export type FaultForm = { kind: string; call: string; count: string; status: string; retry_after: string };
export const emptyFault: FaultForm = { kind: 'unavailable', call: '', count: '', status: '', retry_after: '' };
export type FaultError = { field: 'count' | 'status'; message: string };

export function faultsPage(control: Control, form = emptyFault, errors: FaultError[] = []) {
  const now = control.now().getTime();
  const message = (field: FaultError['field']) => errors.find((error) => error.field === field)?.message ?? null;
  return {
    faults: control.faults.list().map(faultRow),
    form,
    errors,
    messages: { count: message('count'), status: message('status') },
    kinds: faultKinds,
    calls: callNames,
    limits: Object.entries(control.limits()).map(([group, limit]) => ({ group, limit })),
    inUse: control.limitsInUse().map(({ group, key, calls, penaltyUntil }) => ({
      group,
      key,
      calls,
      penalty: penaltyUntil === null ? 'None' : `${Math.ceil((penaltyUntil - now) / 1000)} s`,
    })),
  };
}

const inactiveOwners = {
  refused: 'gets no token',
  served: 'goes on as before',
};

export function peoplePage(control: Control) {
  const { world } = control;
  return {
    inactiveOwners: {
      all: inactiveOwnersAre.map((value) => ({ value, text: inactiveOwners[value] })),
      chosen: control.inactiveOwners(),
    },
    extensionTypes,
    extensionStatuses,
    accountStatuses,
    roles: roleNames.map((value) => ({ value, text: roles[value].displayName })),
    accounts: [...world.accounts.values()].map((account) => ({
      id: account.id,
      name: account.companyName,
      status: account.status,
      users: world.extensionsOf(account.id).map(({ id, name, extensionNumber, type, status, role }) => ({
        id,
        name,
        extensionNumber,
        type,
        status,
        role,
      })),
    })),
  };
}

export function appsPage({ world }: Control) {
  const nameOf = (clientId: string) => world.apps.get(clientId)?.name ?? clientId;
  return {
    apps: [...world.apps.values()].map(
      ({ clientId, name, secret, grants, scopes, redirectUris, issueRefreshTokens }) => ({
        clientId,
        name,
        secret: secret ?? '',
        grants: grants.join(', ') || 'None',
        scopes: scopes.join(', '),
        refresh: issueRefreshTokens ? 'Yes' : 'No',
        redirectUris: redirectUris.join(', ') || 'None',
      }),
    ),
    jwts: [...world.credentials.values()]
      .reverse()
      .map(({ jti, extensionId, label, permitted, expiresAt, revoked }) => ({
        jti,
        label,
        owner: world.extensions.get(extensionId)?.name ?? extensionId,
        company: world.accounts.get(world.extensions.get(extensionId)?.accountId ?? '')?.companyName ?? '',
        apps: permitted === 'organization' ? 'All of the organization' : permitted.map(nameOf).join(', ') || 'None',
        expires: new Date(expiresAt * 1000).toISOString().slice(0, 10),
        revoked,
      })),
  };
}
