import { rejectionCodes, type RejectionCode } from '../../src/credentials/inspect/inspection-types.js';
import { newCredentialPage, type Refusal } from '../../src/credentials/credential-page.js';
import { memberPaths } from '../../src/tenants/journey.js';
import { english } from '../../src/texts/texts.js';
import { render } from '../views/render.js';

const facts = {
  t: english,
  tenant: { timeZone: 'America/Denver', language: 'en' },
  paths: memberPaths('north'),
  isvName: 'Northwind Records',
};
const refusal = (code: RejectionCode, more: Partial<Refusal> = {}): Refusal => ({
  code,
  seenLength: 412,
  issuer: null,
  expiresAt: null,
  ...more,
});
const htmlOf = (refused?: Refusal) => render('credentials/new', { page: newCredentialPage(facts, refused) });

describe('the paste page', () => {
  it('has one box, labeled by its heading, that posts to the credentials', async () => {
    const html = await htmlOf();
    expect(html).toMatch(/<h1[^>]*><label[^>]* for="assertion">Paste the JWT<\/label><\/h1>/);
    expect(html).toContain('<form method="post" action="/tenants/north/credentials" novalidate>');
    expect(html).toContain('name="_csrf"');
    expect(html).toContain('name="assertion"');
  });

  it('links to the page that shows how to create a JWT', () => {
    expect(newCredentialPage(facts).notYet.href).toBe('/tenants/north/guide/jwt');
  });

  it('SEC-26: says that the JWT can never be read back', async () => {
    expect(await htmlOf()).toContain('No one can read it here, and we never show it again.');
  });
});

describe.each(rejectionCodes)('a paste refused as %s', (code) => {
  it('has its own sentence, the same in the summary and at the field, and its code for programs', async () => {
    const page = newCredentialPage(facts, refusal(code));
    const html = await htmlOf(refusal(code));
    const [error] = page.errors;
    expect(error?.text).toBe(page.field.error);
    expect(html).toContain(`<div class="govuk-error-summary" data-code="${code}">`);
    expect(html).toMatch(/<title>Error: Paste the JWT/);
    expect(html).toMatch(/aria-describedby="assertion-hint assertion-error"/);
    expect(error?.text).not.toContain(code.includes('_') ? code : `${code}:`);
  });

  it('SEC-15: leaves the box empty', async () => {
    expect(await htmlOf(refusal(code))).toMatch(/<textarea[^>]*><\/textarea>/);
  });
});

it('no two refusals have the same text', () => {
  const sentences = rejectionCodes.map((code) => newCredentialPage(facts, refusal(code)).field.error);
  expect(new Set(sentences).size).toBe(rejectionCodes.length);
});

it('shows what was found: length, issuer and expiry', async () => {
  const html = await htmlOf(
    refusal('expired', { issuer: 'https://platform.ringcentral.com', expiresAt: new Date('2026-03-03T12:00:00Z') }),
  );
  expect(html).toContain('This JWT expired on March 3, 2026.');
  expect(html).toContain('412 characters');
  expect(html).toContain('https://platform.ringcentral.com');
  expect(html).toContain('Mar 3, 2026, 5:00 AM Mountain Time');
});

it('SEC-16: shows the issuer of a paste as text, and never as a link', async () => {
  const html = await htmlOf(refusal('foreign_jwt', { issuer: 'https://a.example/"><script>' }));
  expect(html).not.toContain('<script>');
  expect(html).not.toContain('href="https://a.example');
});
