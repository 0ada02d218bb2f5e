import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:net';
import {
  startSmtpCatcher,
  type CatcherOptions,
  type SmtpCatcher,
  type SmtpFault,
} from '../../src/demo/smtp-catcher.js';
import { mailDelivery, type MailDeliveryOptions } from '../../src/notifications/mail-delivery.js';
import { createLogger } from '../../src/platform/log.js';
import { composeMail } from '../../src/platform/mail-message.js';
import type { OutboxItem } from '../../src/platform/outbox.js';

const from = 'Latchkey <portal@isv.example>';
const mail = {
  to: 'alice@north.example',
  subject: 'Please connect',
  text: 'Open https://portal.example/invitations/s3cret',
};
const item = (payload: unknown = mail, id = 'outbox-1'): OutboxItem => ({ id, kind: 'mail', attempts: 1, payload });

const open: { close: () => unknown }[] = [];
let logged: string[];

beforeEach(() => {
  logged = [];
});
afterEach(async () => {
  for (const thing of open.splice(0).reverse()) await thing.close();
});

async function aCatcher(options: CatcherOptions = {}): Promise<SmtpCatcher> {
  const catcher = await startSmtpCatcher(options);
  open.push(catcher);
  return catcher;
}

function aDelivery(
  smtpUrl: string,
  limits = { connectMs: 10_000, totalMs: 30_000 },
  brand?: MailDeliveryOptions['brand'],
): ReturnType<typeof mailDelivery> {
  const log = createLogger('trace', { write: (line) => logged.push(line) });
  const deliver = mailDelivery({ smtpUrl, from, log, limits, ...(brand ? { brand } : {}) });
  open.push(deliver);
  return deliver;
}

describe('an email', () => {
  it('arrives as text and HTML, from MAIL_FROM, marked as automatic', async () => {
    const catcher = await aCatcher();
    const deliver = aDelivery(catcher.url);
    const html = '<p>Grüße</p>';
    expect(await deliver(item({ ...mail, subject: 'Grüße – 接続', html }))).toEqual({ kind: 'delivered' });
    const [caught] = catcher.messages();
    expect(caught).toMatchObject({ to: mail.to, from: 'portal@isv.example', subject: 'Grüße – 接続' });
    expect([caught?.text.trim(), caught?.html.trim()]).toEqual([mail.text, html]);
    expect(caught?.headers).toContainEqual({ name: 'From', value: 'Latchkey <portal@isv.example>' });
    expect(caught?.headers).toContainEqual({ name: 'Auto-Submitted', value: 'auto-generated' });
    expect(caught?.headers.map(({ name }) => name)).not.toContain('X-Mailer');
  });

  it('shows the ISV’s logo and color, with the image attached, so that nothing is loaded', async () => {
    const catcher = await aCatcher();
    const png = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
    const logo = { body: png, type: 'image/png' } as const;
    const deliver = aDelivery(catcher.url, undefined, { name: 'Northwind & Co', color: '#7a1f5c', logo });
    const composed = composeMail({
      to: mail.to,
      language: 'en',
      subject: 'Please connect',
      paragraphs: ['Hello.'],
      button: { text: 'Go on', url: 'https://portal.example/x' },
      signature: 'Northwind & Co',
    });
    expect(await deliver(item(composed))).toEqual({ kind: 'delivered' });
    const { html = '', raw = '', text } = catcher.messages()[0] ?? {};
    expect(html).toMatch(/<td[^>]*><img src="cid:logo@isv\.example" alt="Northwind &amp; Co"/);
    expect(html).toContain('background:#7a1f5c');
    expect(html).not.toMatch(/(src|href|url)\W+https?:(?!\/\/portal\.example\/x)/);
    expect(raw).toMatch(/Content-Id: <logo@isv\.example>/i);
    expect(raw.replaceAll(/\s/g, '')).toContain(png.toString('base64'));
    expect(text?.trim()).toBe(composed.text.trim());
  });

  it('shows the ISV’s name and a color that can be read, without any setting', async () => {
    const catcher = await aCatcher();
    const composed = composeMail({
      to: mail.to,
      language: 'en',
      subject: 'Please connect',
      paragraphs: ['Hello.'],
      button: { text: 'Go on', url: 'https://portal.example/x' },
      signature: 'Northwind & Co',
    });
    await aDelivery(catcher.url, undefined, { name: 'Northwind <& Co>' })(item(composed));
    await aDelivery(catcher.url, undefined, { name: 'Northwind', color: '#7a1f5c' })(item(composed));
    const [plain, colored] = catcher.messages().map(({ html }) => html);
    expect(plain).toMatch(/<td[^>]*><p style="[^"]*;color:#14566b">Northwind &lt;&amp; Co&gt;<\/p>/);
    expect(plain).toContain('<td style="background:#14566b;');
    expect(colored).toMatch(/<td[^>]*><p style="[^"]*;color:#7a1f5c">Northwind<\/p>/);
    expect(colored).toContain('<td style="background:#7a1f5c;');
    expect(colored).not.toContain('#14566b');
  });

  it('omits a logo that mail programs cannot show, and does not change an email composed elsewhere', async () => {
    const catcher = await aCatcher();
    const logo = { body: Buffer.from('<svg/>'), type: 'image/svg+xml' } as const;
    const deliver = aDelivery(catcher.url, undefined, { name: 'Northwind', color: '#7a1f5c', logo });
    const html = '<p>#0b0c0c</p>';
    expect(await deliver(item({ ...mail, html }))).toEqual({ kind: 'delivered' });
    const [caught] = catcher.messages();
    expect([caught?.html.trim(), caught?.raw.includes('<svg')]).toEqual([html, false]);
  });

  it('uses one connection for several emails', async () => {
    const catcher = await aCatcher();
    const deliver = aDelivery(catcher.url);
    for (const id of ['1', '2', '3']) expect(await deliver(item(mail, id))).toEqual({ kind: 'delivered' });
    expect(catcher.connections()).toBe(1);
  });

  it('has the same Message-ID when it is sent again after a lost answer', async () => {
    const catcher = await aCatcher();
    const deliver = aDelivery(catcher.url);
    catcher.setFault({ kind: 'drop', kept: true });
    expect(await deliver(item())).toEqual({ kind: 'again', error: 'smtp_unreachable' });
    catcher.setFault(null);
    expect(await deliver(item())).toEqual({ kind: 'delivered' });
    expect(catcher.messages().map(({ messageId }) => messageId)).toEqual(Array(2).fill('<outbox-1@isv.example>'));
  });

  it.each([
    ['a second header in the address', { ...mail, to: 'alice@north.example\r\nBcc: eve@evil.example' }],
    ['a second address', { ...mail, to: 'alice@north.example, eve@evil.example' }],
    ['a second address after a name', { ...mail, to: 'alice@north.example <eve@evil.example>' }],
    ['a second header in the subject', { ...mail, subject: 'Hello\r\nBcc: eve@evil.example' }],
    ['a bare line feed in the subject', { ...mail, subject: 'Hello\nBcc: eve@evil.example' }],
    ['no text', { to: mail.to, subject: mail.subject }],
    ['something else', 'text'],
  ])('is never sent with %s', async (_what, payload) => {
    const catcher = await aCatcher();
    expect(await aDelivery(catcher.url)(item(payload))).toEqual({ kind: 'again', error: 'mail_invalid' });
    expect(catcher.messages()).toEqual([]);
  });

  it('leaves no address and no content in the log', async () => {
    const catcher = await aCatcher();
    const deliver = aDelivery(catcher.url);
    await deliver(item());
    catcher.setFault({ kind: 'refuse', code: 550, at: 'recipient' });
    await deliver(item());
    await catcher.close();
    await deliver(item());
    expect(logged).toHaveLength(3);
    expect(logged.join()).toContain('outbox-1');
    for (const secret of ['alice', 'north', 's3cret', 'Please', 'portal@']) expect(logged.join()).not.toContain(secret);
  });
});

describe('a server that rejects an email', () => {
  type Refusal = Extract<SmtpFault, { kind: 'refuse' }>;
  const refuse = (code: number, at: Refusal['at'], status?: string): SmtpFault => ({
    kind: 'refuse',
    code,
    at,
    ...(status === undefined ? {} : { status }),
  });

  it.each([
    ['an unknown address', refuse(550, 'recipient', '5.1.1'), { kind: 'gave_up', error: 'address_refused' }],
    ['a domain without mail', refuse(556, 'recipient', '5.1.10'), { kind: 'gave_up', error: 'address_refused' }],
    [
      'an unknown address, after the message',
      refuse(550, 'message', '5.1.1'),
      { kind: 'gave_up', error: 'address_refused' },
    ],
    ['a disabled mailbox', refuse(550, 'recipient', '5.2.1'), { kind: 'gave_up', error: 'mailbox_refused' }],
    ['a mailbox that is full for good', refuse(552, 'message', '5.2.2'), { kind: 'gave_up', error: 'mailbox_refused' }],
    ['a full mailbox', refuse(452, 'recipient', '4.2.2'), { kind: 'again', error: 'smtp_4xx' }],
    ['a server that refuses all recipients', refuse(554, 'recipient'), { kind: 'again', error: 'smtp_5xx' }],
    ['no relaying', refuse(550, 'recipient', '5.7.1'), { kind: 'again', error: 'smtp_5xx' }],
    [
      'a blocked sender, told at the recipient',
      refuse(550, 'recipient', '5.1.8'),
      { kind: 'again', error: 'smtp_5xx' },
    ],
    [
      'a sender without a mailbox, told at the recipient',
      refuse(553, 'recipient', '5.1.7'),
      { kind: 'again', error: 'smtp_5xx' },
    ],
    ['a sender that does not exist', refuse(550, 'sender', '5.1.1'), { kind: 'again', error: 'smtp_refused' }],
    ['a rejected message', refuse(554, 'message', '5.6.0'), { kind: 'again', error: 'smtp_5xx' }],
    ['a status that only begins alike', refuse(550, 'recipient', '5.10.1'), { kind: 'again', error: 'smtp_5xx' }],
    ['greylisting', refuse(451, 'message'), { kind: 'again', error: 'smtp_4xx' }],
    ['a rejected sender, which the operator must fix', refuse(550, 'sender'), { kind: 'again', error: 'smtp_refused' }],
    ['a rejected connection', refuse(554, 'connection'), { kind: 'again', error: 'smtp_refused' }],
    ['too many connections', refuse(421, 'connection'), { kind: 'again', error: 'smtp_4xx' }],
    [
      'a connection dropped before the message was stored',
      { kind: 'drop', kept: false },
      { kind: 'again', error: 'smtp_unreachable' },
    ],
  ] as [string, SmtpFault, object][])('%s', async (_what, fault, expected) => {
    const catcher = await aCatcher();
    const deliver = aDelivery(catcher.url);
    catcher.setFault(fault);
    expect(await deliver(item())).toEqual(expected);
    catcher.setFault(null);
    expect(await deliver(item())).toEqual({ kind: 'delivered' });
    expect(catcher.messages()).toHaveLength(1);
  });

  it('explains in several lines that the address is unknown', async () => {
    const said: Record<string, string> = {
      EHLO: '250 ready',
      MAIL: '250 ok',
      RCPT: '550-5.1.1 The email account that you tried to reach does not exist.\r\n550 5.1.1 Learn more elsewhere.',
    };
    const server = createServer((socket) => {
      socket.write('220 ready\r\n');
      socket.on('data', (line) => socket.write(`${said[line.toString().slice(0, 4)] ?? '250 ok'}\r\n`));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    open.push(server);
    const { port } = server.address() as AddressInfo;
    expect(await aDelivery(`smtp://127.0.0.1:${port}`)(item())).toEqual({ kind: 'gave_up', error: 'address_refused' });
  });

  it('recovers after an outage', async () => {
    const catcher = await aCatcher();
    const deliver = aDelivery(catcher.url);
    await deliver(item(mail, '1'));
    await catcher.close();
    expect(await deliver(item(mail, '2'))).toEqual({ kind: 'again', error: 'smtp_unreachable' });
    const back = await aCatcher({ port: catcher.port });
    expect(await deliver(item(mail, '2'))).toEqual({ kind: 'delivered' });
    expect(back.messages()).toHaveLength(1);
  });

  it('rejects a wrong password', async () => {
    const catcher = await aCatcher({ password: 'right' });
    const withPassword = (password: string) => catcher.url.replace('//', `//portal:${password}@`);
    expect(await aDelivery(withPassword('wrong'))(item())).toEqual({ kind: 'again', error: 'smtp_auth' });
    expect(await aDelivery(withPassword('right'))(item())).toEqual({ kind: 'delivered' });
    expect(logged.join()).not.toMatch(/wrong|right/);
  });

  it('never answers: the delivery ends at its own time limit', async () => {
    const catcher = await aCatcher();
    catcher.setFault({ kind: 'hang' });
    const deliver = aDelivery(catcher.url, { connectMs: 10_000, totalMs: 300 });
    expect(await deliver(item())).toEqual({ kind: 'again', error: 'smtp_timeout' });
  });

  it('accepts the connection and says nothing', async () => {
    const silent: Server = createServer();
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    open.push(silent);
    const { port } = silent.address() as AddressInfo;
    const deliver = aDelivery(`smtp://127.0.0.1:${port}`, { connectMs: 200, totalMs: 5_000 });
    expect(await deliver(item())).toEqual({ kind: 'again', error: 'smtp_timeout' });
  });
});

describe('TLS', () => {
  it('with an untrusted certificate gets no email', async () => {
    const catcher = await aCatcher({ tls: 'smtps' });
    expect(await aDelivery(catcher.url)(item())).toEqual({ kind: 'again', error: 'smtp_tls' });
    expect(catcher.messages()).toEqual([]);
  });

  it('is required for a server outside loopback that does not offer it', async () => {
    const catcher = await aCatcher();
    // An address of this machine that does not look like loopback to us.
    const deliver = aDelivery(catcher.url.replace('127.0.0.1', '[::ffff:127.0.0.1]'));
    expect(await deliver(item())).toEqual({ kind: 'again', error: 'smtp_tls' });
    expect(catcher.messages()).toEqual([]);
  });

  it('started with STARTTLS is verified too', async () => {
    const catcher = await aCatcher({ tls: 'starttls' });
    const deliver = aDelivery(catcher.url.replace('127.0.0.1', '[::ffff:127.0.0.1]'));
    expect(await deliver(item())).toEqual({ kind: 'again', error: 'smtp_tls' });
    expect(catcher.messages()).toEqual([]);
  });
});
