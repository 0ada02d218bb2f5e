import type { Portal } from '../portal.js';
import type { StaffSignIn } from './demo-people.js';

/** A key for every clinic, made by the administrator. @returns the key, which is shown once */
export async function makeApiKey(
  { services }: Pick<Portal, 'services'>,
  { personId }: Pick<StaffSignIn, 'personId'>,
): Promise<string> {
  const wanted = { name: 'Demo', purpose: 'demo', scopes: ['tokens:issue', 'tenants:read', 'tenants:write'] };
  const made = await services.apiKeys.make(
    { ...wanted, tenantRefs: null, expires: '' },
    { actor: { kind: 'person', id: personId } },
  );
  if (!made.ok) throw new Error('the API key could not be made');
  return made.key.reveal();
}
