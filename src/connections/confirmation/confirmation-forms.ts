import { z } from 'zod';
import { textField } from '../../platform/http/forms.js';
import type { Seen } from './confirmation.js';

const extensionId = textField(40);

/** "This is not us", and what it is about. */
export const disownForm = z.object({ credential_id: textField(80), account_id: textField(40) });

/** "This is our company", with the fax lines to read. With no box checked, the browser sends no field. */
export const confirmForm = disownForm.extend({
  extension_id: z.union([extensionId, z.array(extensionId).max(250)]).optional(),
});

export const seenIn = ({ credential_id: credentialId, account_id: accountId }: z.output<typeof disownForm>): Seen => ({
  credentialId,
  accountId,
});

export const chosenIn = ({ extension_id: ids = [] }: z.output<typeof confirmForm>): string[] => [
  ...new Set(typeof ids === 'string' ? [ids] : ids),
];
