import { fixOf } from '../../../src/connections/pages/cause-page.js';
import type { Cause } from '../../../src/connections/health/causes.js';
import type { CheckDetail } from '../../../src/connections/health/check-types.js';
import { memberPaths } from '../../../src/tenants/journey.js';
import { english } from '../../../src/texts/texts.js';
import { spanish } from '../../../src/texts/es/spanish.js';

const isv = {
  clientId: 'EXAMPLEclientId_000001',
  appName: 'Northwind Faxes',
  consoleUrl: 'https://developers.ringcentral.com',
  isvName: 'Northwind Records',
  supportEmail: 'help@northwind.example',
};
const now = new Date(Date.UTC(2026, 10, 21));
const clock = { now, timeZone: 'UTC', language: 'en' } as const;
function fix(cause: Cause, detail: CheckDetail, t = english) {
  const found = { cause, detail, idPrefix: '', expiresAt: null, lines: [], checkable: false, nextCheckAt: null };
  return fixOf(found, { t, clock, isv, paths: memberPaths('north') });
}

describe('a refused JWT of another environment', () => {
  it.each<Cause>(['credential_rejected', 'credential_damaged', 'unclassified'])('says that first: %s', (cause) => {
    const { title, paragraphs, steps } = fix(cause, { step: 'mint', issuedBy: 'biz' });
    expect(title).toBe('This JWT is from another RingCentral environment');
    expect(paragraphs[0]).toBe(
      'Accounts of AT&T and Verizon have an environment of their own. A JWT from one environment may not work in the other.',
    );
    expect(paragraphs[1]).toBe('If the JWT is from the right account:');
    expect(steps[0]).toEqual({ text: 'Tell Northwind Records whether your phone company is AT&T or Verizon.' });
  });

  it('says that first in Spanish', () => {
    const { title, steps } = fix('credential_rejected', { issuedBy: 'production' }, spanish);
    expect(title).toBe('Este JWT es de otro entorno de RingCentral');
    expect(steps[0]).toEqual({ text: 'Diga a Northwind Records si su compañía telefónica es AT&T o Verizon.' });
  });

  it('is not said of a JWT of the same environment', () => {
    expect(fix('credential_rejected', { step: 'mint' }).title).toBe('RingCentral no longer accepts this JWT');
  });
});

describe('a rejected JWT that has not expired', () => {
  it.each([
    ['English', english, /expire/i],
    ['Spanish', spanish, /caduc|expir/i],
  ])('is not said to have expired: %s', (_language, t, expired) => {
    const all = JSON.stringify(fix('credential_rejected', { unexpired: true }, t));
    expect(all).not.toMatch(expired);
    expect(t.connections.causes.credential_rejected.short).not.toMatch(expired);
    expect(JSON.stringify(fix('credential_rejected', {}, t))).toMatch(expired);
  });
});

it.each<Cause>(['third_party_access_missing', 'permission_missing'])(
  'says what to do if the JWT is of a free developer account, which has no role to change: %s',
  (cause) => {
    expect(fix(cause, {}).steps.at(-1)).toEqual({
      text: "If you made the JWT with a free developer account, there is no role to change. Create a new JWT in your clinic's own RingCentral account and paste it here.",
    });
    expect(JSON.stringify(fix(cause, {}, spanish).steps.at(-1))).toContain('cuenta gratuita de desarrollador');
  },
);
