import type { DoctorCheck } from '../../app/capability.js';
import type { BudgetWait, Outcome } from '../../ringcentral/catalogue/outcome.js';
import type { TokenClient } from '../../ringcentral/clients/ringcentral-types.js';

type Place = { RINGCENTRAL_SERVER_URL: string };

/**
 * Asks RingCentral about our own app with an invalid assertion: RingCentral checks the client before the assertion.
 */
export const appCheck = (ringcentral: Pick<TokenClient, 'probeApp'>, config: Place): DoctorCheck => ({
  subject: 'RingCentral app',
  advice: async () =>
    appAdvice(
      await ringcentral.probeApp({ lane: 'interactive', tenantId: null, environment: 'production' }),
      config.RINGCENTRAL_SERVER_URL,
    ),
});

/** What to do about our own app after this answer; null if all is well. */
export function appAdvice(answer: Outcome<unknown> | BudgetWait, serverUrl: string): string | null {
  if (answer.kind === 'accepted') return null;
  if (answer.kind === 'wait') return `the auth budget is used up until ${answer.until.toISOString()}: try again then`;
  const codes = answer.codes.join(' ');
  if (answer.kind === 'inconclusive')
    return {
      unreachable: `${serverUrl} cannot be reached: check DNS, TLS and the firewall`,
      rate_limited: 'RingCentral asks us to wait: try again in a minute',
      ringcentral_unavailable: 'RingCentral is not answering as expected: try again later',
      owner_locked: `RingCentral answered ${codes}: try again later`,
    }[answer.cause];
  if (answer.codes.includes('OAU-146'))
    return 'RingCentral rejects the client secret (OAU-146): copy it again from the app';
  if (answer.codes.includes('OAU-153'))
    return 'RingCentral does not know the client ID (OAU-153): check RINGCENTRAL_CLIENT_ID';
  if (answer.codes.some((code) => ['OAU-251', 'OAU-112', 'OAU-125'].includes(code)))
    return `the app may not use the JWT grant (${codes}): turn on the JWT auth flow in its settings`;
  return `RingCentral answered ${codes || answer.status}: report this to RingCentral support`;
}
