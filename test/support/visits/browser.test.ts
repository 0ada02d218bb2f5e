import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { axeViolations, expectNoSidewaysScroll, launchBrowser, pageProblems, type TestBrowser } from './browser.js';

const sound = '<!doctype html><html lang="en"><title>T</title><main><h1>Hello</h1><p>Text</p></main></html>';
const faulty = '<!doctype html><html><title>T</title><main><h1>Hello</h1><img src="x.png"></main></html>';
const wide = sound.replace('<p>', '<p class="wide" style="width: 900px">');
const scripted = sound.replace(
  '<p>',
  '<p id="p"><script>document.querySelector("h1").textContent = "Changed"</script>',
);
const pages: Record<string, string> = { '/sound': sound, '/faulty': faulty, '/wide': wide, '/scripted': scripted };

let browser: TestBrowser;
let server: Server;
let origin: string;

beforeAll(async () => {
  browser = await launchBrowser();
  server = createServer((req, res) => {
    const path = (req.url ?? '').split('?')[0] ?? '';
    res.setHeader('Content-Type', 'text/html; charset=utf-8');
    if (req.url?.endsWith('?strict')) res.setHeader('Content-Security-Policy', "default-src 'none'");
    res.end(pages[path] ?? '');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(async () => {
  await browser.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

it('finds no problem on a valid page, under a policy that forbids every script', async () => {
  const page = await browser.newPage();
  await page.goto(`${origin}/sound?strict`);
  expect(await axeViolations(page)).toEqual([]);
  expect(pageProblems(page)).toEqual([]);
});

it('reports the rule and the place of a violation', async () => {
  const page = await browser.newPage();
  await page.goto(`${origin}/faulty`);
  const found = await axeViolations(page);
  expect(found).toEqual([
    expect.stringMatching(/^html-has-lang: .* at html/),
    expect.stringMatching(/^image-alt: .* at img/),
  ]);
});

it('detects a page that scrolls sideways, and names what sticks out', async () => {
  const page = await browser.newPage({ width: 320 });
  await page.goto(`${origin}/sound`);
  await expectNoSidewaysScroll(page);
  await page.goto(`${origin}/wide`);
  await expect(expectNoSidewaysScroll(page)).rejects.toThrow('scrolls sideways: the page, p.wide');
});

it('runs scripts only if requested, and reports what a policy blocked', async () => {
  const [withScripts, without, strict] = await Promise.all([
    browser.newPage(),
    browser.newPage({ javaScript: false }),
    browser.newPage(),
  ]);
  await withScripts.goto(`${origin}/scripted`);
  await without.goto(`${origin}/scripted`);
  await strict.goto(`${origin}/scripted?strict`);
  expect(await withScripts.locator('h1').textContent()).toBe('Changed');
  expect(await without.locator('h1').textContent()).toBe('Hello');
  expect(await strict.locator('h1').textContent()).toBe('Hello');
  expect(pageProblems(withScripts)).toEqual([]);
  expect(pageProblems(strict).join()).toContain('Content Security Policy');
  await expect(axeViolations(without)).rejects.toThrow('JavaScript on');
});
