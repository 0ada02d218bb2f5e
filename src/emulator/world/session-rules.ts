/**
 * What an old refresh token gets in its grace period. RingCentral documents the same access token. With
 * `other_tokens` both are new, and the access token before them ends.
 */
export const graceAnswers = ['same_tokens', 'other_refresh_token', 'other_tokens', 'refused'] as const;
/** What happens to the tokens of a code that arrives a second time; see RFC 6749 §4.1.2. */
export const replayedCodes = ['refused', 'ends_session'] as const;
/** What happens to a session when its old refresh token arrives after the grace period; see RFC 9700 §4.14.2. */
export const reusedRefreshTokens = replayedCodes;
export const sessionKinds = ['every_session', 'sign_ins'] as const;

/** How RingCentral treats sessions. Where its behavior is unknown, each variant can be chosen. */
export type SessionRules = {
  graceAnswer: (typeof graceAnswers)[number];
  /** false: a refresh answers without a refresh token, and the old one stays valid (RFC 6749 §6) */
  rotates: boolean;
  replayedCode: (typeof replayedCodes)[number];
  reusedRefreshToken: (typeof reusedRefreshTokens)[number];
  /** which sessions a changed password ends */
  passwordEnds: (typeof sessionKinds)[number];
  /** which sessions have the limits of the account */
  limitsApplyTo: (typeof sessionKinds)[number];
  /** whether `refresh_token_ttl=0` gets no refresh token, or one with the default life */
  zeroRefreshTtl: 'no_token' | 'default';
};

export const defaultSessionRules: SessionRules = {
  graceAnswer: 'same_tokens',
  rotates: true,
  replayedCode: 'refused',
  reusedRefreshToken: 'refused',
  passwordEnds: 'sign_ins',
  limitsApplyTo: 'every_session',
  zeroRefreshTtl: 'no_token',
};

/** The limits that an account enforces on a session, in seconds; null: none. */
export type SessionLimits = { idleSeconds: number | null; absoluteSeconds: number | null };
export const noLimits: SessionLimits = { idleSeconds: null, absoluteSeconds: null };
