import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { addClinics } from '../../src/demo/demo-clinics.js';
import { codeAt, createAdministrator, demoPassword } from '../../src/demo/demo-people.js';
import { startDemoWorld } from '../../src/demo/demo-world.js';
import { launchBrowser, type Page } from '../support/visits/browser.js';
import { smallPng } from './small-png.js';

/** `npm run shots -- --readme`: starts a demo of its own and makes the two pictures of the README. */
const folder = 'docs/pictures';
const MOST_BYTES = 60_000;

const signIn = async (page: Page, origin: string, email: string): Promise<void> => {
  await page.goto(`${origin}/sign-in`);
  await page.fill('[name=email]', email);
  await page.fill('[name=password]', demoPassword);
  await Promise.all([page.waitForURL((url) => url.pathname !== '/sign-in'), page.press('[name=password]', 'Enter')]);
};

/** The page from its top to the end of its content, or `most` pixels of it. */
async function picture(page: Page, name: string, most: number): Promise<void> {
  const width = page.viewportSize()?.width ?? 0;
  const end = await page.evaluate<number>('Math.ceil(document.querySelector("main").getBoundingClientRect().bottom)');
  await page.setViewportSize({ width, height: Math.min(end, most) });
  const path = join(folder, `${name}.png`);
  const png = smallPng(await page.screenshot());
  if (png.length > MOST_BYTES) throw new Error(`${path} would have ${png.length} bytes`);
  writeFileSync(path, png);
  process.stdout.write(`${path}: ${png.length} bytes\n`);
}

const world = await startDemoWorld({
  ports: { PORT: 0, EMULATOR_PORT: 0, MAILBOX_PORT: 0 },
  databaseUrl: null,
  folder: `data/pictures-${process.pid}`,
  isTemporary: true,
  confirmSeconds: 3,
  log: { level: 'warn', write: (line) => void process.stderr.write(line) },
});
const browser = await launchBrowser();
try {
  const staff = await createAdministrator(world.portal);
  const clinics = await addClinics(world, staff);
  const { portal } = world.urls;
  mkdirSync(folder, { recursive: true });

  const healthy = clinics.find(({ state }) => state === 'healthy');
  if (!healthy?.member) throw new Error('the demo has no healthy clinic');
  const clinicPage = await browser.newPage({ width: 960 });
  await signIn(clinicPage, portal, healthy.member.email);
  await clinicPage.goto(`${portal}/tenants/${healthy.id}/connection`);
  await picture(clinicPage, 'connection', 660);

  const staffPage = await browser.newPage({ width: 1180 });
  await signIn(staffPage, portal, staff.email);
  await staffPage.fill('[name=code]', codeAt(staff.totpSecret, new Date()));
  await Promise.all([staffPage.waitForURL('**/staff**'), staffPage.press('[name=code]', 'Enter')]);
  await staffPage.goto(`${portal}/staff/tenants`);
  await picture(staffPage, 'staff-list', 1000);
} finally {
  await browser.close();
  await world.close();
}
