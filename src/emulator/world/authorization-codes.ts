import { createHash } from 'node:crypto';
import type { Refusal } from './oauth-answers.js';
import type { App } from './world-types.js';

export type Authorization = {
  clientId: string;
  extensionId: string;
  redirectUri: string;
  codeChallenge?: string | undefined;
  /** a challenge without a method is `plain` (RFC 7636 §4.3) */
  codeChallengeMethod?: string | undefined;
};

const lifeMs = 60_000;
const s256 = (verifier: string) => createHash('sha256').update(verifier).digest('base64url');

/** Codes of the authorization code flow: valid for 60 seconds and for one attempt, successful or not. */
export class AuthorizationCodes {
  private readonly codes = new Map<string, Authorization & { expiresAt: number }>();
  /** the session that each redeemed code opened */
  private readonly opened = new Map<string, string>();

  constructor(private readonly newId: () => string) {}

  issue(authorization: Authorization, at: number): string {
    const code = `U0pDMTFQMDFQQVMwMHxBQUJf${this.newId()}`;
    this.codes.set(code, { ...authorization, expiresAt: at + lifeMs });
    return code;
  }

  /** Assumed: a wrong verifier, and a verifier for a code without a challenge, are answered like a wrong code. */
  redeem(app: App, fields: URLSearchParams, at: number): Authorization | Refusal {
    const code = fields.get('code') ?? '';
    const found = this.codes.get(code);
    if (!found) return { situation: 'code_invalid' };
    this.spend(code);
    if (found.clientId !== app.clientId) return { situation: 'code_of_other_app' };
    if (found.expiresAt <= at) return { situation: 'code_expired' };
    if (found.redirectUri !== fields.get('redirect_uri')) return { situation: 'redirect_uri_differs' };
    const verifier = fields.get('code_verifier') ?? undefined;
    const proof = verifier !== undefined && found.codeChallengeMethod === 'S256' ? s256(verifier) : verifier;
    return found.codeChallenge === proof ? found : { situation: 'code_invalid' };
  }

  /** Who signed in for a code that has not been used. */
  ownerOf = (code: string): string | undefined => this.codes.get(code)?.extensionId;

  /** Ends a code: no later attempt succeeds with it. */
  spend(code: string): void {
    this.codes.delete(code);
  }

  noteSession(code: string, sessionId: string): void {
    this.opened.set(code, sessionId);
  }

  /** The id of the session that a redeemed code opened. */
  sessionOf = (code: string): string | undefined => this.opened.get(code);
}
