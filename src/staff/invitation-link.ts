import type { Session, SessionData } from 'express-session';
import { SealingOpenError, type Opener, type SealContext, type Sealer } from '../platform/sealing.js';

declare module 'express-session' {
  interface SessionData {
    /** The link of the invitation just sent, sealed: shown to whoever sent it, as long as this session lasts. */
    invitationLink?: { invitationId: string; sealed: string };
  }
}

type Holder = Session & Partial<SessionData>;

const contextOf = (tenantId: string, invitationId: string): SealContext => ({
  table: 'sessions',
  tenantId,
  rowId: invitationId,
  purpose: 'invitation_link',
});

/** Keeps one link, in the place of the one before. */
export async function keepLink(
  session: Holder,
  sealer: Sealer,
  invitation: { tenantId: string; id: string; url: string },
): Promise<void> {
  const { jwe } = await sealer.seal(invitation.url, contextOf(invitation.tenantId, invitation.id));
  session.invitationLink = { invitationId: invitation.id, sealed: jwe };
}

/** @returns null when this session holds no link of this invitation, or holds one under a key we no longer have */
export async function keptLink(
  session: Holder,
  opener: Opener,
  invitation: { tenantId: string; id: string },
): Promise<string | null> {
  const kept = session.invitationLink;
  if (kept?.invitationId !== invitation.id) return null;
  try {
    return await opener.open(kept.sealed, contextOf(invitation.tenantId, invitation.id));
  } catch (error) {
    if (error instanceof SealingOpenError) return null;
    throw error;
  }
}
