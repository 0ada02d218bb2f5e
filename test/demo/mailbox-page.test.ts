import { createServer, type Server } from 'node:http';
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

let catcher: SmtpCatcher;
let server: Server;
let origin: string;
let browser: TestBrowser;

beforeAll(async () => {
  catcher = await startSmtpCatcher({ now: () => new Date('2026-01-15T09:00:00.000Z') });
  const transport = nodemailer.createTransport({ host: '127.0.0.1', port: catcher.port, ignoreTLS: true });
  const send = (subject: string, text: string) =>
    transport.sendMail({ from: 'portal@isv.example', to: 'alice@north.example', subject, text });
  await send('Please connect', `Open ${link}.\n\nOr (${longLink})`);
  await send(hostile, hostile);
  server = createServer(mailboxApp(catcher));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser.close();
  server.close();
  await catcher.close();
});

it('lists mails, newest first, and turns addresses into links', async () => {
  const list = await request(server).get('/');
  expect([...list.text.matchAll(/href="\/mails\/(\d)"/g)].map(([, id]) => id)).toEqual(['2', '1']);
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
  ]);
});

it('answers 404 for an unknown mail, and forbids caching', async () => {
  for (const path of ['/mails/99', '/mails/__proto__']) {
    const answer = await request(server).get(path);
    expect([answer.status, answer.headers['cache-control']]).toEqual([404, 'no-store']);
  }
});

it.each(['/', '/mails/1', '/mails/2', '/mails/99'])('%s is accessible, and fits a narrow screen', async (path) => {
  const page = await browser.newPage({ width: 320 });
  await page.goto(origin + path);
  expect(await axeViolations(page)).toEqual([]);
  await expectNoSidewaysScroll(page);
  expect(pageProblems(page)).toEqual([]);
});
