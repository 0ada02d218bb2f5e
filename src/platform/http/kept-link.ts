import type { Session, SessionData } from 'express-session';
import { SealingOpenError, type Opener, type SealContext, type Sealer } from '../sealing/sealing.js';

/** The purpose of a link that is stored only as a hash. */
type Purpose = 'invitation_link' | 'hand_off_link';

declare module 'express-session' {
  interface SessionData {
    /** The new link, sealed: shown to its maker while this session lasts. */
    keptLink?: { purpose: Purpose; id: string; sealed: string };
  }
}

type Holder = Session & Partial<SessionData>;
type LinkOf = { purpose: Purpose; tenantId: string; id: string };

const contextOf = ({ id: rowId, ...link }: LinkOf): SealContext => ({ table: 'sessions', rowId, ...link });

/** Keeps one link and replaces the previous one. */
export async function keepLink(session: Holder, sealer: Sealer, link: LinkOf & { url: string }): Promise<void> {
  const { jwe } = await sealer.seal(link.url, contextOf(link));
  session.keptLink = { purpose: link.purpose, id: link.id, sealed: jwe };
}

/** @returns null if this session has no such link, or one sealed with a key that is no longer available */
export async function keptLink(session: Holder, opener: Opener, of: LinkOf): Promise<string | null> {
  const kept = session.keptLink;
  if (kept?.purpose !== of.purpose || kept.id !== of.id) return null;
  try {
    return await opener.open(kept.sealed, contextOf(of));
  } catch (error) {
    if (error instanceof SealingOpenError) return null;
    throw error;
  }
}
