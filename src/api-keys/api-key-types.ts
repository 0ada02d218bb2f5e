/** What a key may do. The other GETs need `tenants:read`, the other writes but DELETE `tenants:write`. */
export const apiScopes = ['tokens:issue', 'tenants:read', 'tenants:write', 'tenants:offboard'] as const;
export type ApiScope = (typeof apiScopes)[number];

/** `waiting`: its link has not been used yet; `link_expired`: nor can it be any more. Only `active` keys work. */
export type ApiKeyState = 'active' | 'waiting' | 'link_expired' | 'expired' | 'revoked';

/** A stored key, without its secret. */
export type ApiKey = {
  /** The public part of the key. */
  id: string;
  name: string;
  /** What the key is for, as clinics read it: `nightly-faxes`. Two keys may have the same purpose. */
  purpose: string;
  scopes: readonly ApiScope[];
  /** null: every tenant. */
  tenantIds: readonly string[] | null;
  /** null once the link was used, and for a key that was made without one. */
  linkExpiresAt: Date | null;
  /** How often the link was used after the first time: another person may have the key. */
  linkRepeats: number;
  /** A person's id; null for the command line. */
  madeBy: string | null;
  madeAt: Date;
  expiresAt: Date | null;
  revokedAt: Date | null;
  /** At most a minute old. */
  lastUsedAt: Date | null;
};

export function stateOf({ revokedAt, expiresAt, linkExpiresAt }: ApiKey, now: Date): ApiKeyState {
  if (revokedAt) return 'revoked';
  if (expiresAt && expiresAt <= now) return 'expired';
  if (!linkExpiresAt) return 'active';
  return linkExpiresAt > now ? 'waiting' : 'link_expired';
}

/** The last key of a page; the next page begins after it. */
export type ApiKeyCursor = { madeAt: Date; id: string };
