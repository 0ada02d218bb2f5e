import { neverExpiresSeconds } from '../world/jwt-credentials.js';
import type { CredentialForm, FieldError } from './console-form.js';
import type { ConsoleSession } from './console-sessions.js';
import type { World } from '../world/world.js';
import type { Extension, JwtCredential } from '../world/world-types.js';

/** What every console page shows around its content. */
export type Frame = {
  title: string;
  csrf: string;
  notice: string | null;
  user: { name: string; company: string; isAdmin: boolean } | null;
  /** set on the pages about the emulator itself; null on the console's pages */
  control: { name: string; url: string; isHere: boolean }[] | null;
};

export function frame(world: World, session: ConsoleSession, title: string): Frame {
  const user = session.extensionId === null ? undefined : world.extensions.get(session.extensionId);
  const { notice } = session;
  session.notice = null;
  return {
    title,
    csrf: session.csrf,
    notice,
    user: user
      ? {
          name: user.name,
          company: world.account(user.accountId).companyName,
          isAdmin: user.consoleRole === 'developer_admin',
        }
      : null,
    control: null,
  };
}

const day = (seconds: number) => new Date(seconds * 1000).toISOString().slice(0, 10);

const authorizedApps = ({ permitted }: JwtCredential) =>
  permitted === 'organization' ? 'All apps of my organization' : `${permitted.length} specific app(s)`;

const expiry = ({ issuedAt, expiresAt }: JwtCredential) =>
  expiresAt - issuedAt >= neverExpiresSeconds ? 'Does not expire' : day(expiresAt);

/** Whose credentials a page shows: the user's own, or those of another person of the organization. */
export type Owner = { extension: Extension; base: string; isSelf: boolean };

const headingFor = ({ extension, isSelf }: Owner, own: string, other: string) =>
  isSelf ? own : `${other} ${extension.name}`;

export function credentialsPage(world: World, owner: Owner) {
  return {
    heading: headingFor(owner, 'Credentials', 'Credentials of'),
    createUrl: `${owner.base}/create`,
    rows: world.credentialsOf(owner.extension.id).map((credential) => ({
      label: credential.label,
      apps: authorizedApps(credential),
      createdOn: day(credential.issuedAt),
      expires: expiry(credential),
      editUrl: `${owner.base}/${credential.jti}`,
      deleteUrl: `${owner.base}/${credential.jti}/delete`,
    })),
  };
}

export function credentialFormPage(
  world: World,
  owner: Owner,
  form: CredentialForm,
  errors: FieldError[],
  credential?: JwtCredential,
) {
  const message = (field: FieldError['field']) => errors.find((error) => error.field === field)?.message ?? null;
  return {
    heading: credential ? `Edit “${credential.label}”` : headingFor(owner, 'Create JWT', 'Create JWT for'),
    action: credential ? `${owner.base}/${credential.jti}` : `${owner.base}/create`,
    backUrl: owner.base,
    isEdit: credential !== undefined,
    form,
    apps: form.clientIds.map((clientId) => {
      const app = world.apps.get(clientId);
      return { clientId, name: app?.name ?? 'Unknown app', provider: app?.provider ?? '' };
    }),
    errors,
    messages: {
      label: message('label'),
      permitted: message('permitted'),
      client_id: message('client_id'),
      expires_on: message('expires_on'),
    },
  };
}

/** @param jwt null when this session may not see it: the JWT is shown once, to the session that created it */
export function createdPage(world: World, owner: Owner, credential: JwtCredential, jwt: string | null) {
  const apps =
    credential.permitted === 'organization'
      ? ['All apps created by developers within my organization']
      : credential.permitted.map((clientId) => `${world.apps.get(clientId)?.name ?? 'Unknown app'} (${clientId})`);
  return {
    heading: `JWT “${credential.label}”`,
    backUrl: owner.base,
    editUrl: `${owner.base}/${credential.jti}`,
    jwt,
    apps,
    createdOn: day(credential.issuedAt),
    expires: expiry(credential),
  };
}

export function signInPage(world: World, returnTo: string, chosen: string) {
  const accounts = [...world.accounts.values()].map((account) => ({
    name: account.companyName,
    users: world
      .extensionsOf(account.id)
      .filter(({ type, status }) => type === 'User' && status === 'Enabled')
      .map(({ id, name, extensionNumber, role }) => ({
        id,
        text: `${name}, ext. ${extensionNumber}${role === 'super_admin' ? ' (super admin)' : ''}`,
      })),
  }));
  return { returnTo, chosen, accounts: accounts.filter(({ users }) => users.length > 0) };
}

/** People are listed once they have signed in to the console, and only with Developer Portal Access. */
export const peopleOf = (world: World, accountId: string): Extension[] =>
  world.extensionsOf(accountId).filter((one) => one.hasSignedInToConsole && one.permissions.has('DevPortalAccess'));

export function organizationPage(world: World, admin: Extension) {
  return {
    company: world.account(admin.accountId).companyName,
    people: peopleOf(world, admin.accountId).map((person) => ({
      name: person.name,
      email: person.email,
      role: person.consoleRole === 'developer_admin' ? 'Developer Admin' : 'Developer',
      url: `/console/organization/${person.id}`,
    })),
  };
}

export const personPage = (person: Extension) => ({
  name: person.name,
  email: person.email,
  extensionNumber: person.extensionNumber,
  role: person.consoleRole === 'developer_admin' ? 'Developer Admin' : 'Developer',
  credentialsUrl: `/console/organization/${person.id}/credentials`,
});
