import type { Request } from 'express';

declare module 'express-session' {
  interface SessionData {
    /** Whom the person was about to invite when a fresh proof was asked for. */
    typedAddress?: { tenantId: string; email: string };
  }
}

const MOST_CHARACTERS = 320;

/** Keeps the address of an invitation form in the browser session, so that the person does not type it again. */
export function keepTypedAddress(req: Request): void {
  const { email } = (req.body ?? {}) as { email?: unknown };
  const tenantId = String(req.params.tenantId);
  if (typeof email === 'string' && email !== '' && email.length <= MOST_CHARACTERS)
    req.session.typedAddress = { tenantId, email };
}

/** What was typed before the fresh proof, for the form of this tenant. */
export function typedAddressOf({ session: { typedAddress: typed } }: Request, tenantId: string): string | undefined {
  return typed?.tenantId === tenantId ? typed.email : undefined;
}
