import { createHash } from 'node:crypto';
import type { SignInApp } from '../app/foundation.js';

/** As RingCentral's sign-in page names them. */
const locales: Record<string, string> = { en: 'en-US', es: 'es-419' };

/** RFC 7636 §4.2, S256. */
export const challengeOf = (verifier: string): string => createHash('sha256').update(verifier).digest('base64url');

/** Where a person signs in and consents (RFC 6749 §4.1.1). RingCentral ignores `scope`, so none is sent. */
export function authorizeUrlOf(
  { clientId, authorizeUrl }: SignInApp,
  request: { redirectUri: string; state: string; challenge: string; language: string },
): string {
  const url = new URL(authorizeUrl);
  const parameters = {
    response_type: 'code',
    client_id: clientId,
    redirect_uri: request.redirectUri,
    state: request.state,
    code_challenge: request.challenge,
    code_challenge_method: 'S256',
    // Both forms: with `login` alone RingCentral offers no single sign-on of the company.
    prompt: 'login sso',
    ui_locales: locales[request.language] ?? request.language,
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url.href;
}
