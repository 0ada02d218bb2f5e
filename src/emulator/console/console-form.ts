import type { App, JwtCredential } from '../world/world-types.js';
import type { World } from '../world/world.js';

/** The create and edit form as the browser sent it. Without JavaScript, the form carries its own state. */
export type CredentialForm = {
  label: string;
  permitted: 'organization' | 'specific' | null;
  clientIds: string[];
  enteredClientId: string;
  expiresOn: string;
  intent: string;
};

export type FieldError = { field: 'label' | 'permitted' | 'client_id' | 'expires_on'; message: string };

const text = (value: unknown) => (typeof value === 'string' ? value.trim() : '');

export function readCredentialForm(body: unknown): CredentialForm {
  const fields = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
  const { permitted, permitted_client_ids: ids } = fields;
  return {
    label: text(fields['label']).slice(0, 200),
    permitted: permitted === 'organization' || permitted === 'specific' ? permitted : null,
    clientIds: (Array.isArray(ids) ? ids : [ids]).map(text).filter(Boolean),
    enteredClientId: text(fields['client_id']),
    expiresOn: text(fields['expires_on']),
    intent: text(fields['intent']),
  };
}

export const formOf = (credential: JwtCredential): CredentialForm => ({
  label: credential.label,
  permitted: credential.permitted === 'organization' ? 'organization' : 'specific',
  clientIds: credential.permitted === 'organization' ? [] : credential.permitted,
  enteredClientId: '',
  expiresOn: '',
  intent: '',
});

/**
 * What the real console says about an app that cannot be added is unknown. The emulator says that it was not found.
 */
function appFor(world: World, clientId: string, accountId: string): App | undefined {
  const app = world.apps.get(clientId);
  return app?.access === 'private' && app.ownerAccountId !== accountId ? undefined : app;
}

/** "Add app" and the trash icon of a row; both change only the form. */
export function editApps(
  world: World,
  form: CredentialForm,
  accountId: string,
): { form: CredentialForm; errors: FieldError[] } {
  const removed = /^remove-app:(.+)$/.exec(form.intent)?.[1];
  if (removed !== undefined) {
    return { form: { ...form, clientIds: form.clientIds.filter((id) => id !== removed) }, errors: [] };
  }
  const { enteredClientId: clientId } = form;
  if (clientId === '') return { form, errors: [{ field: 'client_id', message: 'Enter a client ID.' }] };
  if (!appFor(world, clientId, accountId)) {
    return { form, errors: [{ field: 'client_id', message: 'No app with this client ID was found.' }] };
  }
  const clientIds = [...new Set([...form.clientIds, clientId])];
  return { form: { ...form, permitted: 'specific', clientIds, enteredClientId: '' }, errors: [] };
}

/** The expiry is midnight UTC at the start of the chosen day. Whether RingCentral does the same is unknown. */
export const expiryOf = (expiresOn: string): number | undefined =>
  expiresOn === '' ? undefined : Date.parse(`${expiresOn}T00:00:00.000Z`) / 1000;

export function checkForm(form: CredentialForm, now: Date): FieldError[] {
  const errors: FieldError[] = [];
  if (form.label === '') errors.push({ field: 'label', message: 'Enter a label.' });
  if (form.permitted === null) errors.push({ field: 'permitted', message: 'Choose which apps are permitted.' });
  if (form.permitted === 'specific' && form.clientIds.length === 0) {
    errors.push({ field: 'client_id', message: 'Enter a client ID and choose Add app.' });
  }
  const exp = expiryOf(form.expiresOn);
  if (exp !== undefined && !/^\d{4}-\d\d-\d\d$/.test(form.expiresOn)) {
    errors.push({ field: 'expires_on', message: 'Enter the date as year-month-day.' });
  } else if (exp !== undefined && !(exp * 1000 > now.getTime())) {
    errors.push({ field: 'expires_on', message: 'Choose a date after today.' });
  }
  return errors;
}

export const permittedOf = (form: CredentialForm): JwtCredential['permitted'] =>
  form.permitted === 'organization' ? 'organization' : form.clientIds;
