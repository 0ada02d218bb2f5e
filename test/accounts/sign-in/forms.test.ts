import fc from 'fast-check';
import { z } from 'zod';
import { PortalError } from '../../../src/platform/errors.js';
import { parseForm, textField } from '../../../src/platform/http/forms.js';
import { anyText } from '../../support/texts/any-text.js';
import { aPassword, anAccountsPortal, type AccountsPortal } from '../support.js';

const schema = z.object({ email: textField(20), next: textField(20).optional() });
const parse = (body: unknown) => () => parseForm(schema, body);

it('reads the fields of its form and drops the token', () => {
  expect(parseForm(schema, { email: ' a ', _csrf: 'x' })).toEqual({ email: ' a ' });
});

it.each([
  [undefined],
  [null],
  ['email=a'],
  [[]],
  [{}],
  [{ email: ['a', 'b'] }],
  [{ email: { $ne: '' } }],
  [{ email: 'a', role: 'administrator' }],
  [{ email: 'a', _csrf: ['x', 'y'] }],
  [{ email: 'a'.repeat(21) }],
  [{ email: 1 }],
  [JSON.parse('{"email":"a","__proto__":{"isAdmin":true}}')],
  [JSON.parse('{"email":"a","__proto__":"x"}')],
  [{ email: 'a', constructor: 'x' }],
  [{ email: 'a', 'constructor[prototype][isAdmin]': '1' }],
])('SEC-22: rejects %j as a form', (body) => {
  expect(parse(body)).toThrow(new PortalError('bad_request'));
  expect(({} as { isAdmin?: unknown }).isAdmin).toBeUndefined();
});

it('SEC-22: for any body, returns the fields of the form or a refusal without the typed values', () => {
  fc.assert(
    fc.property(fc.object({ withNullPrototype: true, maxDepth: 2 }), (body) => {
      try {
        const parsed = parseForm(schema, body);
        expect(Object.keys(parsed).every((key) => ['email', 'next'].includes(key))).toBe(true);
        expect(Object.values(parsed).every((value) => typeof value === 'string')).toBe(true);
      } catch (error) {
        expect(error).toEqual(new PortalError('bad_request'));
      }
    }),
  );
});

describe('the portal’s own forms', () => {
  let portal: AccountsPortal;
  beforeEach(async () => {
    portal = await anAccountsPortal();
  });
  afterEach(() => portal.close());

  it.each([
    ['email=a&email=b&password=c'],
    ['email=a&password=c&role=administrator'],
    ['email=a&password=c&staffRole=administrator'],
    ['email[$ne]=&password=c'],
    ['email=a&password[]=c'],
    ['email=a&password=c&__proto__[staffRole]=administrator'],
    ['email=a&password=c&constructor.prototype.x=1'],
    ['email=a&password=c&_csrf=again'],
    ['email=a'],
    ['password=c'],
  ])('SEC-22: a sign-in form with %s is refused', async (fields) => {
    const browser = portal.browser();
    await browser.get('/sign-in');
    const answer = await browser.postRaw('/sign-in', `_csrf=${browser.csrf}&${fields}`);
    expect([400, 403]).toContain(answer.status);
    expect(await portal.audit()).toEqual(answer.status === 403 ? ['request.form_refused refused'] : []);
  });

  it.each([['gzip'], ['deflate'], ['br'], ['zstd']])(
    'SEC-65: a body compressed with %s is 415, even if it is damaged',
    async (encoding) => {
      for (const path of ['/sign-in', `/reminders/${'x'.repeat(43)}`]) {
        const browser = portal.browser();
        await browser.get('/sign-in');
        browser.headers = { ...browser.headers, 'content-encoding': encoding };
        expect((await browser.postRaw(path, { email: 'a' })).status).toBe(415);
      }
    },
  );

  it('SEC-22: an invitation accepts no role, tenant or id from its form', async () => {
    const north = await portal.aTenant('North');
    const path = await portal.invited(north, 'alice@north.example');
    const browser = portal.browser();
    await browser.get(path);
    for (const extra of ['role', 'staffRole', 'tenantId', 'id', 'email', 'totp_confirmed_at'])
      expect((await browser.post(path, { name: 'A', password: aPassword, [extra]: 'administrator' })).status).toBe(400);
    expect(await portal.db('people').select()).toEqual([]);
  });

  it('SEC-51: answers any text in any field without failing', async () => {
    const browser = portal.browser();
    await browser.get('/sign-in');
    await fc.assert(
      fc.asyncProperty(anyText(), anyText(), async (email, next) => {
        portal.pass(3600_000 * 24);
        const answer = await browser.get(
          `/sign-in?next=${encodeURIComponent(next)}&notice=${encodeURIComponent(email)}`,
        );
        expect(answer.status).toBe(200);
        const posted = await browser.post('/sign-in', { email, password: next, next });
        expect([422, 429]).toContain(posted.status);
      }),
      { numRuns: 40 },
    );
  });
});
