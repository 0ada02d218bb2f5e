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

/** Codes of the authorization code flow: valid for 60 seconds and for one use. */
export class AuthorizationCodes {
  private readonly codes = new Map<string, Authorization & { expiresAt: number }>();

  constructor(private readonly newId: () => string) {}

  issue(authorization: Authorization, at: number): string {
    const code = `U0pDMTFQMDFQQVMwMHxBQUJf${this.newId()}`;
    this.codes.set(code, { ...authorization, expiresAt: at + lifeMs });
    return code;
  }

  /** Two assumptions: a wrong verifier is answered like a wrong code, and a failed attempt leaves the code valid. */
  redeem(app: App, fields: URLSearchParams, at: number): Authorization | Refusal {
    const code = fields.get('code') ?? '';
    const found = this.codes.get(code);
    if (!found) return { situation: 'code_invalid' };
    if (found.clientId !== app.clientId) return { situation: 'code_of_other_app' };
    if (found.expiresAt <= at) return { situation: 'code_expired' };
    if (found.redirectUri !== fields.get('redirect_uri')) return { situation: 'redirect_uri_differs' };
    const verifier = fields.get('code_verifier') ?? '';
    const proof = found.codeChallengeMethod === 'S256' ? s256(verifier) : verifier;
    if (found.codeChallenge !== undefined && found.codeChallenge !== proof) return { situation: 'code_invalid' };
    this.codes.delete(code);
    return found;
  }
}
