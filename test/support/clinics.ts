import type { Control } from '../../src/emulator/control.js';

/** A clinic at RingCentral: an account, its service user and its fax lines. */
export type EmulatedClinic = { accountId: string; serviceUserId: string };

export function addClinic(
  control: Pick<Control, 'addAccount' | 'addExtension'>,
  lines = ['Front Desk Fax', 'Referrals Fax'],
): EmulatedClinic {
  const { id: accountId } = control.addAccount();
  control.addExtension({ accountId, role: 'super_admin' });
  const { id: serviceUserId } = control.addExtension({ accountId, role: 'fax_integration' });
  for (const name of lines) control.addExtension({ accountId, name, type: 'FaxUser' });
  return { accountId, serviceUserId };
}
