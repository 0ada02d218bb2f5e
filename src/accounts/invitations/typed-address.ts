import type { Request } from 'express';
import { isClinicRole, type ClinicRole } from '../../app/clinic-roles.js';

export type TypedAddress = { email: string; role?: ClinicRole };

declare module 'express-session' {
  interface SessionData {
    /** Whom the person was about to invite, in which role, when a fresh proof was asked for. */
    typedAddress?: TypedAddress & { tenantId: string };
  }
}

const MOST_CHARACTERS = 320;

/** Keeps the address and the role of an invitation form in the browser session, so that the person does not type it again. */
export function keepTypedAddress(req: Request): void {
  const { email, role } = (req.body ?? {}) as { email?: unknown; role?: unknown };
  const tenantId = String(req.params.tenantId);
  if (typeof email === 'string' && email !== '' && email.length <= MOST_CHARACTERS)
    req.session.typedAddress = {
      tenantId,
      email,
      ...(typeof role === 'string' && isClinicRole(role) ? { role } : {}),
    };
}

/** What was typed before the fresh proof, for the form of this tenant. */
export function typedAddressOf(
  { session: { typedAddress: typed } }: Request,
  tenantId: string,
): TypedAddress | undefined {
  return typed?.tenantId === tenantId ? typed : undefined;
}
