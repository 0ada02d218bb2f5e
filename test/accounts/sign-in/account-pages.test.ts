import { waitText } from '../../../src/accounts/forms/form-page.js';
import { tenantChooserPage } from '../../../src/accounts/sign-in/sign-in-pages.js';
import { enrolmentPage } from '../../../src/accounts/sign-in/second-factor-pages.js';
import { english } from '../../../src/texts/texts.js';

it('tells people without an organization what to do, instead of asking them to choose', () => {
  const brand = { name: 'Example Health', supportEmail: 'help@isv.example', appName: 'Example Health Fax' };
  const page = tenantChooserPage(english, brand, [], null);
  expect(page.title).toBe('You do not belong to an organization yet');
  expect(page.empty.join(' ')).toContain('Open the link in your invitation, or ask Example Health for one.');
});

it('writes the secret in groups of four', () => {
  expect(enrolmentPage(english, { uri: 'otpauth://totp/Example', secret: 'ABCDEFGHIJ' }).secret).toBe('ABCD EFGH IJ');
});

it.each([
  [0, 'Too many tries. Try again in 1 minute.'],
  [15_000, 'Too many tries. Try again in 1 minute.'],
  [61_000, 'Too many tries. Try again in 2 minutes.'],
  [
    24 * 3600_000,
    'Too many tries from browsers you have not used before. Try again in 24 hours, or use a browser you know.',
  ],
])('after %i ms it is over: %s', (milliseconds, sentence) => {
  const now = new Date('2026-11-21T12:00:00Z');
  expect(waitText(english, new Date(now.getTime() + milliseconds), now)).toBe(sentence);
});
