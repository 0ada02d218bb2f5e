import { addClinic } from '../support/clinics.js';
import { signInClientId } from '../support/sign-ins.js';
import { eventually } from '../support/eventually.js';
import { dataOf, type Answer, type Visitor } from '../support/visits/visitor.js';
import type { TestPortal } from '../support/portal.js';

export type Method = 'jwt' | 'authorization_code';

export type FaultedClinic = {
  tenantId: string;
  /** The user of its credential. */
  ownerId: string;
  /** Its only JWT, which a clinic that signs in does not use. */
  jwt: string;
  /** The codes of its sign-ins. */
  codes: readonly string[];
  /** Pastes the JWT, or signs in to RingCentral. */
  paste: () => Promise<Answer>;
  checkNow: () => Promise<Answer>;
  /** The connection page, loaded again. */
  page: () => Promise<Answer>;
  /** The page as soon as it shows this; after ten seconds, fails with what it shows instead. */
  pageWhen: (wanted: Record<string, string>) => Promise<Answer>;
  /** What is stored: the ciphertexts of credentials that were not destroyed, and the number of pastes. */
  kept: () => Promise<{ ciphertexts: number; pastes: number }>;
  newestCheck: () => Promise<{ verdict: string; cause: string | null }>;
};

let count = 0;

/**
 * A tenant with a member and a separate clinic at RingCentral. Its JWT permits our app; by the other method, its user
 * signs in with the app for sign-ins.
 */
export async function aFaultedClinic(
  test: TestPortal,
  lines?: string[],
  method: Method = 'jwt',
): Promise<FaultedClinic> {
  const tenantId = await test.addTenant(`Clinic ${(count += 1)}`);
  let member: Visitor = await test.member(tenantId);
  const { serviceUserId } = addClinic(test.emulator, lines);
  const { jwt } = test.emulator.createJwt({ extensionId: serviceUserId, clientIds: [test.example.app.clientId] });
  const base = `/tenants/${tenantId}`;
  await member.get(`${base}/credentials/new`); // loads the form with its token
  const codes: string[] = [];
  async function signIn(): Promise<Answer> {
    await member.get(`${base}/guide/sign-in`);
    const { headers } = await member.post(`${base}/guide/sign-in`);
    const asked = new URL(headers.location ?? '').searchParams;
    const code = test.emulator.authorize({
      clientId: signInClientId,
      extensionId: serviceUserId,
      redirectUri: asked.get('redirect_uri') ?? '',
      codeChallenge: asked.get('code_challenge') ?? '',
      codeChallengeMethod: 'S256',
    });
    codes.push(code);
    const back = new URLSearchParams({ code, state: asked.get('state') ?? '' });
    return member.get(`/oauth/callback?${back.toString()}`);
  }
  const page = async () => {
    const shown = await member.get(`${base}/connection`);
    if (shown.status !== 303) return shown;
    member = await test.member(tenantId); // the clock moved past the end of the session, so another member looks
    return member.get(`${base}/connection`);
  };
  return {
    tenantId,
    ownerId: serviceUserId,
    jwt,
    page,
    codes,
    paste: () => (method === 'jwt' ? member.post(`${base}/credentials`, { assertion: jwt }) : signIn()),
    checkNow: () => member.post(`${base}/connection/checks`),
    async pageWhen(wanted) {
      let shown = await page();
      await eventually(`the page says ${JSON.stringify(wanted)}`, async () => {
        shown = await page();
        const data = dataOf(shown.text);
        return Object.entries(wanted).every(([name, value]) => data[name] === value);
      });
      return shown;
    },
    async kept() {
      const living = test.db('credentials').where({ tenant_id: tenantId }).whereNot({ status: 'destroyed' });
      const ciphertexts = await test.db('sealed_secrets').whereIn('row_id', living.select('id')).select();
      const action = 'credential.submitted';
      const pastes = await test.db('audit_events').where({ tenant_id: tenantId, action }).select();
      return { ciphertexts: ciphertexts.length, pastes: pastes.length };
    },
    async newestCheck() {
      const [newest] = await test.portal.services.connections.history(tenantId, 1);
      return { verdict: newest?.verdict ?? 'none', cause: newest?.cause ?? null };
    },
  };
}

export const nextCheckOf = (page: Answer): string => /data-next-check-at="([^"]+)"/.exec(page.text)?.[1] ?? '';

/** Moves the clock one second past the next check shown on the page. */
export function advanceToNextCheck(test: TestPortal, page: Answer): void {
  const wait = Date.parse(nextCheckOf(page)) - test.clock().getTime();
  if (Number.isNaN(wait)) throw new Error('the page does not say when it is checked next');
  test.clock.advance(Math.max(0, wait) + 1000);
}
