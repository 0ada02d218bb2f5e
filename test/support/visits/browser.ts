import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium, type Page } from 'playwright-core';
import { findBrowser } from '../../../scripts/find-browser.js';

export type { Page };

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

// The browser contacts no outside host, because the test machine may have no internet access.
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export type PageOptions = {
  /** CSS pixels; 320 is the narrowest width that WCAG 1.4.10 requires. */
  width?: number;
  javaScript?: boolean;
  colorScheme?: 'light' | 'dark';
};

export type TestBrowser = {
  /**
   * A page in a separate context, without cookies or cache of other pages. Content Security Policies are enforced.
   */
  newPage: (options?: PageOptions) => Promise<Page>;
  close: () => Promise<void>;
};

/**
 * Takes about a second, so start one per test file, in `beforeAll`.
 *
 * @param need `whole` for copying and pasting, which Chromium's headless shell cannot do
 */
export async function launchBrowser(need: { whole?: boolean } = {}): Promise<TestBrowser> {
  const executablePath = findBrowser(process.env, need);
  if (!executablePath) throw new Error('no browser: install the package chromium or set CHROMIUM_PATH');
  const browser = await chromium.launch({ executablePath, args: flags, headless: true });
  return {
    async newPage({ width = 1280, javaScript = true, colorScheme = 'light' } = {}) {
      const context = await browser.newContext({
        viewport: { width, height: 900 },
        javaScriptEnabled: javaScript,
        colorScheme,
        reducedMotion: 'reduce',
        serviceWorkers: 'block',
      });
      const page = await context.newPage();
      page.setDefaultTimeout(10_000);
      watch(page, javaScript);
      return page;
    },
    close: () => browser.close(),
  };
}

const watched = new WeakMap<Page, { javaScript: boolean; problems: string[] }>();

function watch(page: Page, javaScript: boolean): void {
  const found: string[] = [];
  watched.set(page, { javaScript, problems: found });
  page.on('pageerror', (error) => found.push(`error: ${error.message}`));
  page.on('console', (message) => {
    // Chromium also logs blocked content and every answer of 400 and above here; the latter is not an error.
    if (message.type() === 'error' && !/^Failed to load resource/.test(message.text())) found.push(message.text());
  });
}

/** Script errors and content that a Content Security Policy blocked, since the page was created. */
export const pageProblems = (page: Page): readonly string[] => watched.get(page)?.problems ?? [];

const axeOptions = {
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  rules: { 'target-size': { enabled: true } }, // part of WCAG 2.2; axe disables it by default
  resultTypes: ['violations'],
};

type Violation = { id: string; help: string; nodes: { target: unknown[]; failureSummary?: string }[] };

/**
 * The violations that axe finds of WCAG 2.0 to 2.2, A and AA, and of its best practices: one line per place. The page
 * needs JavaScript, because without it axe would wait forever.
 */
export async function axeViolations(page: Page): Promise<string[]> {
  if (watched.get(page)?.javaScript === false) throw new Error('axe needs a page with JavaScript on');
  // Evaluated from outside, as developer tools do, so the page keeps its Content Security Policy. The browser keeps
  // the script for later pages, because half a megabyte each time would be slow.
  if (await page.evaluate<boolean>('typeof axe === "undefined"')) {
    await page.evaluate(axeSource);
    await page.addInitScript(axeSource);
  }
  // The rest of its result is long.
  const run = `axe.run(document, ${JSON.stringify(axeOptions)}).then(({ violations }) => violations)`;
  const violations = await page.evaluate<Violation[]>(run);
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, failureSummary = '' }) => {
      const how = failureSummary.replace(/\s+/g, ' ').trim();
      return `${id}: ${help} at ${target.flat().join(' ')} (${how})`;
    }),
  );
}

/** Fails and names what sticks out if the page must be scrolled sideways (WCAG 1.4.10). */
export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const tooWide = await page.evaluate<string[]>(`(() => {
    const room = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= room) return [];
    const wide = [...document.body.querySelectorAll('*')].filter((e) => e.getBoundingClientRect().right > room + 0.5);
    return ['the page', ...wide.map((e) => e.tagName.toLowerCase() + (e.className ? '.' + e.className : ''))];
  })()`);
  if (tooWide.length > 0) throw new Error(`scrolls sideways: ${tooWide.slice(0, 10).join(', ')}`);
}
