import { mailDelivery } from '../../src/notifications/mail-delivery.js';
import { addressOf, mailFromProblem, smtpUrlProblem } from '../../src/platform/mail-settings.js';
import { createLogger } from '../../src/platform/log.js';

it.each([
  'smtp://127.0.0.1:4025',
  'smtp://localhost',
  'smtp://[::1]:25/',
  'smtp://mail.example.org:587',
  'smtps://portal:p%40ss@mail.example.org',
])('takes %s', (url) => {
  expect(smtpUrlProblem(url)).toBeUndefined();
});

it.each([
  ['not a URL', 'mail.example.org s3cret'],
  ['another protocol', 'https://s3cret@mail.example.org'],
  ['no host', 'smtp:s3cret'],
  ['an option that disables verification', 'smtps://mail.example.org?tls.rejectUnauthorized=false&x=s3cret'],
  ['an option that disables TLS', 'smtp://mail.example.org?ignoreTLS=true&x=s3cret'],
  ['a path', 'smtp://mail.example.org/s3cret'],
  ['a password with a stray percent sign', 'smtp://portal:s3cret%@mail.example.org'],
])('refuses %s without repeating it', (_what, url) => {
  expect(smtpUrlProblem(url)).toMatch(/^(must|has)/);
  expect(smtpUrlProblem(url)).not.toContain('s3cret');
  const log = createLogger('silent');
  expect(() => mailDelivery({ smtpUrl: url, from: 'a@b.example', log })).toThrow(/^SMTP_URL (must|has)(?!.*s3cret)/);
});

it.each([
  ['portal@isv.example', { name: '', address: 'portal@isv.example' }],
  ['Latchkey <portal@isv.example>', { name: 'Latchkey', address: 'portal@isv.example' }],
  ['"Care, Inc." <portal@isv.example>', { name: 'Care, Inc.', address: 'portal@isv.example' }],
])('reads the sender %s', (from, expected) => {
  expect(mailFromProblem(from)).toBeUndefined();
  expect(addressOf(from)).toEqual(expected);
});

it.each(['', 'portal', 'a@b.example, c@d.example', 'A <a@b.example> <c@d.example>', 'A\r\nBcc: x <a@b.example>', '<>'])(
  'refuses the sender %j',
  (from) => {
    expect(mailFromProblem(from)).toMatch(/^must be/);
    const log = createLogger('silent');
    expect(() => mailDelivery({ smtpUrl: 'smtp://127.0.0.1', from, log })).toThrow(/^MAIL_FROM must be/);
  },
);
