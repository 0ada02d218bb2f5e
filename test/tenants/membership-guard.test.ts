import { anAccountsPortal, type AccountsPortal, type Browser } from '../accounts/support.js';
import type { Answer } from '../support/visits/visitor.js';

let portal: AccountsPortal;
let north: string;
let south: string;
let alice: Browser; // of north
let charlie: Browser; // of south
beforeEach(async () => {
  portal = await anAccountsPortal();
  north = await portal.aTenant('North Clinic');
  south = await portal.aTenant('South Clinic');
  alice = await portal.aMember(north, 'alice@north.example');
  charlie = await portal.aMember(south, 'charlie@south.example');
});
afterEach(() => portal.close());

const absent = '00000000-0000-4000-8000-000000000000';

/** All of an answer that may not tell two cases apart. */
function whole({ status, headers, text }: Answer): unknown {
  const { date: _date, 'x-request-id': requestId, ...rest } = headers;
  return {
    status,
    headers: rest,
    text: text.replaceAll(requestId ?? ' ', '').replace(/name="_csrf" value="[^"]+"/g, ''),
  };
}

it('SEC-18: a member sees their tenant', async () => {
  expect((await alice.get(`/tenants/${north}/connection`)).text).toBe('North Clinic');
});

it('SEC-18: another’s tenant, an absent one and no id at all get equal answers', async () => {
  const others = await alice.get(`/tenants/${south}/connection`);
  expect(others.status).toBe(404);
  for (const id of [absent, 'x', north.toUpperCase(), `${north}%00`, '%2e%2e', 'a'.repeat(5000), '__proto__'])
    expect(whole(await alice.get(`/tenants/${id}/connection`))).toEqual(whole(others));
  expect(others.text).not.toContain(south);
});

it('SEC-18: by POST too', async () => {
  await alice.get('/tenants');
  const token = alice.csrf;
  const others = await alice.postRaw(`/tenants/${south}/connection`, { _csrf: token });
  expect(others.status).toBe(404);
  expect(whole(await alice.postRaw(`/tenants/${absent}/connection`, { _csrf: token }))).toEqual(whole(others));
});

it('SEC-18: without signing in, own, other and absent ids lead to the sign-in page alike', async () => {
  for (const id of [north, south, absent]) {
    const answer = await portal.browser().get(`/tenants/${id}/connection`);
    expect(answer.status).toBe(303);
    expect(answer.headers.location).toBe(`/sign-in?next=%2Ftenants%2F${id}%2Fconnection`);
  }
});

it('SEC-18: staff are members of no tenant: they get the answer of an absent one', async () => {
  const { browser } = await portal.staffMember('sam@isv.example', 'administrator');
  const answer = await browser.get(`/tenants/${north}/connection`);
  expect(answer.status).toBe(404);
  expect(whole(answer)).toEqual(whole(await browser.get(`/tenants/${absent}/connection`)));
});

it('SEC-18: staff pages do not exist for members', async () => {
  const answer = await alice.get('/staff/tenants');
  expect(answer.status).toBe(404);
  expect(whole(answer)).toEqual(whole(await alice.get('/no/such/page')));
});

it('SEC-20: a membership taken away is gone with the next request', async () => {
  expect((await charlie.get(`/tenants/${south}/connection`)).status).toBe(200);
  await portal.db('memberships').where({ tenant_id: south }).delete();
  expect((await charlie.get(`/tenants/${south}/connection`)).status).toBe(404);
});

it('SEC-62: a refused look at another’s tenant names that tenant in the audit, and an absent one nothing typed', async () => {
  await alice.get(`/tenants/${south}/connection`);
  await alice.get('/tenants/typed-by-somebody/connection');
  const rows = await portal
    .db('audit_events')
    .where({ action: 'access.denied' })
    .select('target', 'tenant_id', 'ip', 'detail');
  const detail = '{"route":"GET /tenants/:tenantId/connection"}';
  expect(rows).toEqual([
    { target: south, tenant_id: south, ip: '198.51.100.7', detail },
    { target: null, tenant_id: null, ip: '198.51.100.7', detail },
  ]);
  expect(await portal.everything()).not.toContain('typed-by-somebody');
});
