import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import nodemailer from 'nodemailer';
import request from 'supertest';
import { mailboxApp } from '../../src/demo/mailbox-page.js';
import { startSmtpCatcher, type SmtpCatcher } from '../../src/demo/smtp-catcher.js';
import {
  axeViolations,
  expectNoSidewaysScroll,
  launchBrowser,
  pageProblems,
  type TestBrowser,
} from '../support/visits/browser.js';

const link = 'https://portal.example/invitations/AbC_-123';
const longLink = `https://portal.example/setup/${'x'.repeat(300)}`;
const hostile = `<script>alert(1)</script> "quoted" & https://evil.example/"onmouseover=x`;

/** One pixel. */
const pixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
/** The paths that were asked for. */
const asked: string[] = [];

let catcher: SmtpCatcher;
let server: Server;
let origin: string;
let browser: TestBrowser;

beforeAll(async () => {
  catcher = await startSmtpCatcher({ now: () => new Date('2026-01-15T09:00:00.000Z') });
  server = createServer((req, res) => {
    asked.push(req.url ?? '');
    (mailboxApp(catcher) as RequestListener)(req, res);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const transport = nodemailer.createTransport({ host: '127.0.0.1', port: catcher.port, ignoreTLS: true });
  const send = (subject: string, text: string, html?: { html: string; attachments: object[] }) =>
    transport.sendMail({ from: 'portal@isv.example', to: 'alice@north.example', subject, text, ...html });
  await send('Please connect', `Open ${link}.\n\nOr (${longLink})`);
  await send(hostile, hostile);
  const html = `<!doctype html><html lang="en"><head><title>T</title></head><body><p style="color: rgb(122, 31, 92)">Northwind</p><img src="cid:logo@isv.example" alt="Logo"><img src="${origin}/loaded.png" alt=""><script>document.title = 'ran'</script><form action="${origin}/sent"><button>Send</button></form><a href="${origin}/mails/1">Go on</a></body></html>`;
  const cid = 'logo@isv.example';
  const attachments = [{ cid, content: pixel, contentType: 'image/png', contentDisposition: 'inline' }];
  await send('In HTML', 'In HTML', { html, attachments });
  await send('Sound', 'Sound', { html: '<html lang="en"><title>T</title><p>Hello</p></html>', attachments: [] });
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser.close();
  server.close();
  await catcher.close();
});

it('lists mails, newest first, and turns addresses into links', async () => {
  const list = await request(server).get('/');
  expect([...list.text.matchAll(/href="\/mails\/(\d)"/g)].map(([, id]) => id)).toEqual(['4', '3', '2', '1']);
  const mail = await request(server).get('/mails/1');
  expect(mail.text).toContain(`Open <a href="${link}">${link}</a>.`);
  expect(mail.text).toContain(`(<a href="${longLink}">${longLink}</a>)`);
});

it('shows markup in a mail as text', async () => {
  for (const path of ['/', '/mails/2']) {
    const { text } = await request(server).get(path);
    expect(text).not.toMatch(/<script|"onmouseover/);
    expect(text).toContain('&lt;script&gt;');
  }
});

it('serves the mails as JSON for scripts', async () => {
  const { body } = await request(server).get('/messages.json');
  expect(body).toEqual([
    expect.objectContaining({ id: 1, to: 'alice@north.example', subject: 'Please connect', links: [link, longLink] }),
    expect.objectContaining({ id: 2, at: '2026-01-15T09:00:00.000Z', subject: hostile }),
    expect.objectContaining({ id: 3, text: expect.stringContaining('In HTML') as string }),
    expect.objectContaining({ id: 4, subject: 'Sound' }),
  ]);
});

it('answers 404 for an unknown mail, and forbids caching', async () => {
  for (const path of ['/mails/99', '/mails/__proto__']) {
    const answer = await request(server).get(path);
    expect([answer.status, answer.headers['cache-control']]).toEqual([404, 'no-store']);
  }
});

it('shows the HTML of a mail in a frame that runs, loads and sends nothing', async () => {
  const page = await browser.newPage();
  await page.goto(`${origin}/mails/3`);
  const mail = page.frameLocator('iframe[title="The mail as HTML"]');
  await mail.getByText('Northwind').waitFor();
  const seen = page.frames().at(-1);
  expect(await seen?.evaluate('getComputedStyle(document.querySelector("p")).color')).toBe('rgb(122, 31, 92)');
  expect(await seen?.evaluate('document.querySelector("img").naturalWidth')).toBe(1);
  await mail.getByRole('button', { name: 'Send' }).click();
  expect(asked.filter((url) => /loaded|sent/.test(url))).toEqual([]);
  expect(page.url()).toBe(`${origin}/mails/3`);
  await mail.getByRole('link', { name: 'Go on' }).click();
  await page.waitForURL(`${origin}/mails/1`);
});

it.each(['/mails/1/html', '/mails/99/html'])('%s: a mail without HTML has no such page', async (path) => {
  expect((await request(server).get(path)).status).toBe(404);
  expect((await request(server).get('/mails/1')).text).not.toContain('<iframe');
});

it.each(['/', '/mails/1', '/mails/2', '/mails/4', '/mails/99'])(
  '%s is accessible, and fits a narrow screen',
  async (path) => {
    const page = await browser.newPage({ width: 320 });
    await page.goto(origin + path);
    expect(await axeViolations(page)).toEqual([]);
    await expectNoSidewaysScroll(page);
    expect(pageProblems(page)).toEqual([]);
  },
);
