import { createHash } from 'node:crypto';
import { symmetricSealing, privateKeySealing } from '../../src/platform/sealing/sealing.js';
import { TestPortal } from '../support/portal.js';
import { signInApp } from '../support/sign-in-app.js';
import type { Visitor } from '../support/visits/visitor.js';
import { codeFlowInto, nothingReceived, pageOf, startSignIn, stateIn } from './support.js';

describe('the start of a RingCentral sign-in', () => {
  let test: TestPortal;
  let north: string;
  let alice: Visitor;
  const received = nothingReceived();
  beforeAll(async () => {
    test = await TestPortal.start({ env: signInApp, added: [codeFlowInto(received)] });
    north = await test.addTenant('North Clinic');
    alice = await test.member(north);
  });
  afterAll(() => test.close());

  const rows = () => test.db('authorization_requests').where({ tenant_id: north });

  it('asks for a code with PKCE (S256), a state of its own, the language, and both forms of signing in', async () => {
    await alice.get(pageOf(north));
    const { headers } = await alice.post(pageOf(north));
    const url = new URL(headers.location ?? '');
    expect(url.origin + url.pathname).toBe(`${test.emulator.url}/restapi/oauth/authorize`);
    const { state, code_challenge: challenge, ...others } = Object.fromEntries(url.searchParams);
    expect(others).toEqual({
      response_type: 'code',
      client_id: signInApp.RINGCENTRAL_CODE_CLIENT_ID,
      redirect_uri: 'http://127.0.0.1:1/oauth/callback',
      code_challenge_method: 'S256',
      prompt: 'login sso',
      ui_locales: 'en-US',
    });
    for (const value of [state, challenge]) expect(value).toMatch(/^[\w-]{43}$/);
  });

  it('stores the state only as a hash, and the verifier of the challenge only sealed', async () => {
    const asked = await startSignIn(alice, north);
    const hash = createHash('sha256').update(stateIn(asked)).digest('base64url');
    const row = (await rows().where({ state_hash: hash }).first()) as Record<string, string>;
    expect(JSON.stringify(row)).not.toContain(stateIn(asked));
    const opener = await privateKeySealing(JSON.parse(test.env.SEALING_KEYS_FILE ?? ''));
    const context = { table: 'credentials', tenantId: north, rowId: row.id ?? '', purpose: 'code_verifier' };
    const verifier = await opener.open(row.verifier_jwe ?? '', context);
    expect(verifier).toMatch(/^[\w-]{43}$/);
    expect(createHash('sha256').update(verifier).digest('base64url')).toBe(asked.get('code_challenge'));
    const other = await symmetricSealing(JSON.parse(test.env.SEALING_KEYS_FILE ?? ''));
    await expect(other.open(row.verifier_jwe ?? '', context)).rejects.toThrow();
  });

  it('is a row of its own each time, with its own state and verifier', async () => {
    const before = (await rows()).length;
    const [one, two] = [await startSignIn(alice, north), await startSignIn(alice, north)];
    expect(await rows()).toHaveLength(before + 2);
    for (const name of ['state', 'code_challenge']) expect(one.get(name)).not.toBe(two.get(name));
  });

  it('leaves an audit row', async () => {
    const acts = await test.db('audit_events').where({ action: 'ringcentral_sign_in.started' }).select();
    expect(acts[0]).toMatchObject({ tenant_id: north, actor_kind: 'person', outcome: 'ok', detail: '{}' });
  });

  it('SEC-13: needs a form of the session; looking starts nothing', async () => {
    const before = await rows();
    expect((await alice.send('post', pageOf(north))).status).toBe(403);
    await alice.get(pageOf(north));
    await alice.head(pageOf(north));
    expect(await rows()).toEqual(before);
  });

  it('SEC-14: only its page has no form-action, for a redirect to another host would be blocked', async () => {
    const [page, guide] = [await alice.get(pageOf(north)), await alice.get(`/tenants/${north}/guide`)];
    const [own, others] = [page, guide].map(({ headers }) => headers['content-security-policy']?.split(';') ?? []);
    expect(own).toEqual(others?.filter((directive) => directive !== "form-action 'self'"));
    expect(others).toContain("form-action 'self'");
  });

  it('SEC-17: says where the button leads', async () => {
    const { host } = new URL(test.emulator.url);
    expect((await alice.get(pageOf(north))).text).toContain(`This takes you to ${host}.`);
  });

  it('is not offered to the visitor of a hand-off link, to another clinic, or to no one signed in', async () => {
    const bert = await test.member(await test.addTenant('South Clinic'), 'Bert Hill');
    expect((await bert.get(pageOf(north))).status).toBe(404);
    expect((await bert.post(pageOf(north))).status).toBe(404);
    expect((await test.visitor().get(pageOf(north))).headers.location).toMatch(/^\/sign-in\?next=/);
  });

  it('leads to the guide where staff offer only a JWT, and a page that was left open says so and starts nothing', async () => {
    const west = await test.addTenant('West Clinic');
    const wanda = await test.member(west, 'Wanda Lee');
    expect((await wanda.get(pageOf(west))).text).toContain('Make a JWT instead');
    await test.db('tenants').where({ id: west }).update({ offered_methods: 'jwt' });
    const guide = `/tenants/${west}/guide`;
    expect((await wanda.get(pageOf(west))).headers.location).toBe(guide);
    const left = await wanda.post(pageOf(west));
    expect(left.status).toBe(409);
    expect(left.text).toContain('Your clinic can no longer connect by signing in to RingCentral');
    expect(left.text).toContain(`href="${guide}"`);
    expect(await test.db('authorization_requests').where({ tenant_id: west })).toEqual([]);
    await test.db('tenants').where({ id: west }).update({ offered_methods: 'authorization_code' });
    expect((await wanda.get(pageOf(west))).text).not.toContain('JWT');
  });

  it('SEC-28: is limited for a clinic, and the page says until when', async () => {
    const east = await test.addTenant('East Clinic');
    const eve = await test.member(east, 'Eve Stone');
    for (let n = 0; n < 30; n += 1) await startSignIn(eve, east);
    test.clock.advance(90_000);
    const { status, text, headers } = await eve.post(pageOf(east));
    expect(status).toBe(429);
    expect(Number(headers['retry-after'])).toBeGreaterThan(3000);
    expect(text).toContain('There were too many tries. You can try again in 58 minutes');
    expect(headers['content-security-policy']).not.toContain('form-action');
  });
});
