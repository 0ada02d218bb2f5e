import { TestPortal } from '../support/portal.js';
import { aConnectedClinic } from './connected-clinic.js';
import { authenticate, jobKey, type TokenBody } from './jobs.js';

const HOUR_MS = 3_600_000;

let test: TestPortal;
beforeAll(async () => {
  test = await TestPortal.start({ authenticate });
});
afterAll(() => test.close());

const minted = () => test.emulator.tokenCalls.length;

it('1,000 simultaneous requests for a cold tenant are one call of RingCentral, and get one token', async () => {
  const { tenantId } = await aConnectedClinic(test);
  test.clock.advance(HOUR_MS);
  const before = minted();
  const caller = await authenticate(jobKey);
  const call = test.portal.apiRoutes.find(({ path }) => path === '/tenants/{tenant}/access-token');
  const answers = await Promise.all(
    Array.from({ length: 1_000 }, (_, number) => {
      const requestId = `request ${number}`;
      const origin = { ip: '127.0.0.1', requestId };
      return call!.handler({ caller: caller!, params: { tenant: tenantId }, query: {}, body: {}, requestId, origin });
    }),
  );
  const tokens = answers.map(({ body }) => (body as TokenBody).access_token);
  expect(tokens).toHaveLength(1_000);
  expect(new Set(tokens).size).toBe(1);
  expect(minted()).toBe(before + 1);
  const [rows] = await test
    .db('audit_events')
    .where({ tenant_id: tenantId, action: 'token.issued' })
    .countDistinct<{ count: number }[]>({ count: 'request_id' });
  expect(rows?.count).toBe(1_000);
});
