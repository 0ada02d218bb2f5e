import { join } from 'node:path';
import express from 'express';
import { launchBrowser, pageProblems, type Page, type TestBrowser } from '../support/visits/browser.js';
import { root } from './render.js';
import { samples, type SamplePage } from './samples.js';
import { serveViews } from './serve.js';

/** A connection page that is being checked and then works. It refreshes itself every second. */
const status = (state: 'pending' | 'healthy'): SamplePage => ({
  title: state === 'pending' ? 'We are checking your JWT' : 'RingCentral is connected',
  action: '/sent',
  mainAttributes: { 'data-state': state },
  ...(state === 'pending' ? { refreshSeconds: 1 } : {}),
  parts: [
    ['form/button', { text: 'Check now' }],
    ['slot', { text: 'Next check:', time: { iso: '2026-11-21T14:05:00Z', text: `in ${(left -= 1)} seconds` } }],
  ],
  after: [['copy', { id: 'client-id', label: 'Client ID', value: 'aB3dE5fG7hJ9kL1mN2pQ4r' }]],
});

let browser: TestBrowser;
let served: Awaited<ReturnType<typeof serveViews>>;
let state: 'pending' | 'healthy' | 'gone' = 'pending';
let posts = 0;
/** Seconds to the promised time: one less on each page. */
let left = 40;

beforeAll(async () => {
  browser = await launchBrowser();
  served = await serveViews((app) => {
    const view = join(root, 'test/views/sample');
    app.use(express.urlencoded({ extended: false }));
    app.get('/status', (_req, res) => {
      if (state === 'gone') res.redirect(303, '/sign-in');
      else res.render(view, { page: status(state) });
    });
    app.get('/sign-in', (_req, res) => {
      res.render(view, { page: { ...samples['/sample/form'], title: 'Sign in' } });
    });
    app.get('/sample/errors', (_req, res) => {
      res.render(view, { page: samples['/sample/errors'] });
    });
    app.post('/sent', (_req, res) => {
      posts += 1; // slow enough for an impatient person to click twice
      setTimeout(() => res.redirect(303, '/sign-in'), 700);
    });
  });
});

beforeEach(() => {
  state = 'pending';
  posts = 0;
});

afterAll(async () => {
  await browser.close();
  await served.close();
});

async function open(path: string, javaScript = true): Promise<Page> {
  const page = await browser.newPage({ javaScript });
  await page.goto(served.origin + path);
  return page;
}

describe('with the script', () => {
  it('the error summary has the focus, and its link moves the focus to the field', async () => {
    const page = await open('/sample/errors');
    expect(await page.title()).toMatch(/^Error: /);
    expect(await page.evaluate('document.activeElement.className')).toBe('govuk-error-summary');
    await page.click('.govuk-error-summary a');
    expect(await page.evaluate('document.activeElement.id')).toBe('assertion');
    expect(pageProblems(page)).toEqual([]);
  });

  it('copies, and announces it to screen readers', async () => {
    const page = await open('/status');
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.click('[data-copy="client-id"]');
    await page.waitForFunction("document.getElementById('announce').textContent === 'Copied'");
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe('aB3dE5fG7hJ9kL1mN2pQ4r');
  });

  it('without clipboard access, selects the text and says which keys copy it', async () => {
    const page = await open('/status');
    await page.evaluate("navigator.clipboard.writeText = () => Promise.reject(new Error('not allowed'))");
    await page.click('[data-copy="client-id"]');
    await page.waitForFunction("document.getElementById('announce').textContent.includes('Ctrl')");
    expect(await page.evaluate('String(getSelection())')).toBe('aB3dE5fG7hJ9kL1mN2pQ4r');
  });

  it('copies a text that is not in a field, and selects it without clipboard access', async () => {
    const page = await open('/status');
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.evaluate(`
      document.querySelector('main').insertAdjacentHTML('beforeend', '<code id="shown" tabindex="-1">lky_shown</code>');
      document.querySelector('[data-copy]').dataset.copy = 'shown';
    `);
    await page.click('[data-copy]');
    await page.waitForFunction("document.getElementById('announce').textContent === 'Copied'");
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe('lky_shown');
    await page.evaluate("navigator.clipboard.writeText = () => Promise.reject(new Error('not allowed'))");
    await page.click('[data-copy]');
    await page.waitForFunction("document.getElementById('announce').textContent.includes('Ctrl')");
    expect(await page.evaluate('String(getSelection())')).toBe('lky_shown');
  });

  it('a double click submits a form once, and the form works again after going back', async () => {
    const page = await open('/status');
    await page.dblclick('main form button');
    await page.waitForURL('**/sign-in');
    expect(posts).toBe(1);
    await page.goBack();
    await page.click('main form button');
    await page.waitForURL('**/sign-in');
    expect(posts).toBe(2);
  });

  it('a waiting page shows the new state without a reload, keeps its script working, and announces the heading', async () => {
    const page = await open('/status');
    await page.evaluate('window.sameDocument = true');
    state = 'healthy';
    await page.waitForSelector('main[data-state="healthy"]');
    expect(await page.evaluate('window.sameDocument')).toBe(true);
    expect(await page.title()).toMatch(/^RingCentral is connected/);
    expect(await page.textContent('#announce')).toBe('RingCentral is connected');
    expect(await page.isVisible('[data-copy="client-id"]')).toBe(true);
    expect(pageProblems(page)).toEqual([]);
  });

  it('a waiting page counts down to the time that was promised', async () => {
    const page = await open('/status');
    const first = await page.textContent('#slot');
    expect(first).toMatch(/^Next check: in \d+ seconds\s*$/);
    await page.locator('#slot', { hasNotText: first!.trim() }).waitFor();
    expect(await page.textContent('#slot')).toMatch(/^Next check: in \d+ seconds\s*$/);
    expect(pageProblems(page)).toEqual([]);
  });

  it('a waiting page goes to the sign-in page after the person was signed out', async () => {
    const page = await open('/status');
    state = 'gone';
    await page.waitForURL('**/sign-in');
    expect(await page.textContent('h1')).toContain('Sign in');
  });

  it('SEC-12: the browser stores nothing', async () => {
    const page = await open('/sample/errors');
    await page.fill('#assertion', 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln');
    expect(await page.evaluate('[localStorage.length, sessionStorage.length, document.cookie]')).toEqual([0, 0, '']);
  });
});

describe('without the script', () => {
  it('no button is shown that cannot work', async () => {
    const page = await open('/status', false);
    expect(await page.isVisible('[data-copy="client-id"]')).toBe(false);
    expect(await page.inputValue('#client-id')).toBe('aB3dE5fG7hJ9kL1mN2pQ4r');
  });

  it('a waiting page still refreshes', async () => {
    const page = await open('/status', false);
    state = 'healthy';
    await page.waitForSelector('main[data-state="healthy"]');
    expect(await page.textContent('h1')).toContain('RingCentral is connected');
  });

  it('the error summary comes first and its link leads to the field', async () => {
    const page = await open('/sample/errors', false);
    expect(await page.getAttribute('.govuk-error-summary a', 'href')).toBe('#assertion');
  });
});
