import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { axeViolations, expectNoSidewaysScroll, pageProblems, type Page } from '../support/visits/browser.js';
import { isPostgres } from '../support/database/databases.js';
import type { TestPortal } from '../support/portal.js';
import type { ClinicRole } from '../../src/app/clinic-roles.js';
import { aPassword } from '../support/people.js';

export const widths = [320, 1280] as const;

/** The folder for screenshots; without it, none are taken. */
const shotsFolder = process.env.LATCHKEY_SHOTS;
/** How long a test may take that visits every page. */
export const EVERY_PAGE_MS = shotsFolder ? 1_200_000 : 600_000;

export async function takeShot(page: Page, name: string): Promise<void> {
  if (!shotsFolder) return;
  mkdirSync(shotsFolder, { recursive: true });
  const width = page.viewportSize()?.width ?? 0;
  const path = (mode: string) => join(shotsFolder, `${name}-${width}${mode}.png`);
  await page.screenshot({ path: path(''), fullPage: true });
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.screenshot({ path: path('-dark'), fullPage: true });
  await page.emulateMedia({ colorScheme: 'light' });
}

/** The same for a page that a test looks at only at the width of a phone. */
export async function takeShotsAtBothWidths(page: Page, name: string): Promise<void> {
  await takeShot(page, name);
  if (!shotsFolder) return;
  const narrow = page.viewportSize();
  await page.setViewportSize({ width: 1280, height: 900 });
  await takeShot(page, name);
  if (narrow) await page.setViewportSize(narrow);
}

/**
 * Checks the rules for every page. Without JavaScript axe cannot run, but the other checks can. On PostgreSQL the
 * checks are skipped: the journey must lead to the same pages, which were checked on SQLite.
 *
 * @param asked `axeAt`: a journey runs axe at the width it has; `all-pages` runs it at both, on every page
 */
export async function expectSound(
  page: Page,
  { javaScript = true, shot = '', axeAt = [...widths] as number[] } = {},
): Promise<void> {
  const { pathname } = new URL(page.url());
  await page.evaluate("document.querySelectorAll('details').forEach((it) => { it.open = true; })");
  const current = page.viewportSize()?.width;
  // Start with the current width, because a new layout takes as long as a page load.
  for (const width of [...widths].sort((a, b) => Number(b === current) - Number(a === current))) {
    if (width !== page.viewportSize()?.width) await page.setViewportSize({ width, height: 900 });
    await expectNoSidewaysScroll(page);
    if (javaScript && !isPostgres && axeAt.includes(width))
      expect([pathname, width, await axeViolations(page)]).toEqual([pathname, width, []]);
    if (shot !== '') await takeShot(page, shot);
  }
  expect([pathname, await page.locator('main').count(), await page.locator('h1').count()]).toEqual([pathname, 1, 1]);
  expect([pathname, pageProblems(page)]).toEqual([pathname, []]);
}

/** What a person has done since `begin`: pages, pastes and typing in the portal, clicks at RingCentral too. */
type Effort = { pages: string[]; clicks: number; pastes: number; typed: number; copies: number };

/** A person in the portal with a real browser, and the effort each task takes. */
export class Walk {
  private readonly effort: Effort = { pages: [], clicks: 0, pastes: 0, typed: 0, copies: 0 };
  /** Pages of RingCentral do not count. */
  private origin = '';
  private readonly sent = new Set<string>();
  private readonly titles = new Map<string, string>();

  constructor(
    readonly page: Page,
    private readonly javaScript = true,
  ) {
    page.on('response', (response) => {
      const request = response.request();
      const url = new URL(response.url());
      if (!request.isNavigationRequest() || url.origin !== this.origin || response.status() >= 300) return;
      if (!this.effort.pages.includes(url.pathname)) this.effort.pages.push(url.pathname);
    });
    page.on('request', (request) => {
      if (request.method() === 'POST' && new URL(request.url()).origin === this.origin)
        for (const name of new URLSearchParams(request.postData() ?? '').keys()) this.sent.add(name);
    });
  }

  /** Starts counting; the open page is the first one. */
  begin(): void {
    const { origin, pathname } = new URL(this.page.url());
    this.origin = origin;
    Object.assign(this.effort, { pages: [pathname], clicks: 0, pastes: 0, typed: 0, copies: 0 });
    this.sent.clear();
  }

  /** `fields` are the fields that the forms really sent, whatever was counted. */
  spent(): Effort & { fields: string[] } {
    return { ...this.effort, fields: [...this.sent].sort() };
  }

  /** Every page of a journey passes the checks and has a unique title. */
  async look(shot = ''): Promise<void> {
    const axeAt = [this.page.viewportSize()?.width ?? 0];
    await expectSound(this.page, { javaScript: this.javaScript, shot: this.javaScript ? shot : '', axeAt });
    const { pathname } = new URL(this.page.url());
    const title = await this.page.title();
    expect([title, this.titles.get(title) ?? pathname]).toEqual([title, pathname]);
    this.titles.set(title, pathname);
  }

  async click(target: Locator): Promise<void> {
    this.effort.clicks += 1;
    await target.click();
  }

  /** The clicks that the browser really received, in every tab, from now on. Without JavaScript it cannot tell. */
  async countRealClicks(): Promise<() => number> {
    let clicks = 0;
    await this.page.context().exposeBinding('clicked', () => void (clicks += 1));
    await this.page
      .context()
      .addInitScript(
        `addEventListener('click', (event) => { if (event.isTrusted && event.detail > 0) clicked(); }, true)`,
      );
    return () => clicks;
  }

  async type(label: string, text: string): Promise<void> {
    this.effort.typed += text.length;
    await this.page.getByLabel(label, { exact: true }).fill(text);
  }

  /** Uses the copy button if the script runs, otherwise selects and copies. */
  async copy(label: string): Promise<string> {
    this.effort.copies += 1;
    const field = this.page.getByLabel(label, { exact: true });
    if (this.javaScript) await this.click(this.page.getByRole('button', { name: `Copy ${label}` }));
    else await copyFrom(this.page, field);
    return field.inputValue();
  }

  async paste(label: string): Promise<void> {
    this.effort.pastes += 1;
    await pasteInto(this.page, this.page.getByLabel(label, { exact: true }));
  }

  /** Of several ways on, one looks like the right one: what is folded does not count, and a copy is no way on. */
  async expectOneMainButton(name: string): Promise<void> {
    const main = this.page.locator('main .govuk-button:not(.govuk-button--secondary):visible');
    expect((await main.allInnerTexts()).map((text) => text.split('(')[0]?.trim())).toEqual([name]);
  }

  /** Waits until the page shows the state, as a person watching it would. */
  async waitForState(state: string): Promise<void> {
    await this.page.locator(`main[data-state="${state}"][data-checking="no"]`).waitFor({ timeout: 20_000 });
  }
}

/** Through the clipboard, as people do. */
export async function copyFrom(page: Page, field: Locator): Promise<void> {
  await page.bringToFront();
  await field.focus();
  await page.keyboard.press('Control+A');
  await page.keyboard.press('Control+C');
}

export async function pasteInto(page: Page, field: Locator): Promise<void> {
  await page.bringToFront();
  await field.focus();
  await page.keyboard.press('Control+V');
}

/** Puts any text on the clipboard, using a separate page. */
export async function putOnClipboard(page: Page, text: string): Promise<void> {
  const scratch = await page.context().newPage();
  await scratch.setContent('<textarea></textarea>');
  await scratch.locator('textarea').fill(text);
  await copyFrom(scratch, scratch.locator('textarea'));
  await scratch.close();
  await page.bringToFront();
}

/** The links in mails contain the configured address; the portal under test listens on another port. */
export const here = (test: TestPortal, url: string): string => test.url + new URL(url).pathname;

/** Reads the link from the invitation mail. */
export async function mailedInvitation(test: TestPortal, email: string): Promise<string> {
  const mail = await test.mail.waitFor(({ to }) => to === email);
  const link = /https?:\/\/\S+\/invitations\/[\w-]+/.exec(mail.text)?.[0];
  if (!link) throw new Error('the invitation mail has no link');
  return here(test, link);
}

/** Invites by mail and accepts in the browser. */
export async function joinByMail(
  test: TestPortal,
  page: Page,
  tenantId: string,
  email: string,
  role: ClinicRole = 'owner',
): Promise<void> {
  const invited = await test.portal.services.invitations.invite({ tenantId, email, role, invitedBy: null });
  if (!invited.ok) throw new Error(invited.problem);
  await page.goto(await mailedInvitation(test, email));
  await page.getByLabel('Your name').fill('Alice Moss');
  await page.getByLabel('Choose a password').fill(aPassword);
  await page.getByRole('button', { name: 'Accept and continue' }).click();
  await page.waitForURL(new RegExp(`/tenants/${tenantId}/(guide|connection)$`));
}
