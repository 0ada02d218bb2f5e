import { composeMail, inBrand } from '../../src/platform/mail-message.js';
import { english as t } from '../../src/texts/texts.js';
import { expectNoSidewaysScroll, launchBrowser, type TestBrowser } from '../support/visits/browser.js';

let browser: TestBrowser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

const picture = (width: number, height: number) =>
  `data:image/svg+xml,${encodeURIComponent(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"/>`)}`;

it.each([
  ['a name of 200 characters without a space', 'W'.repeat(200), undefined],
  ['a name in right-to-left letters', 'עיברית'.repeat(30), undefined],
  ['a logo that is very wide', 'Riverside', picture(4000, 50)],
  ['a logo that is very tall', 'Riverside', picture(50, 4000)],
])(
  'an email with %s is readable at 320 and at 1280 px, with one button and the ISV’s address',
  async (_w, name, logo) => {
    const page = await browser.newPage({ javaScript: false });
    const isv = 'Example Health';
    const { html } = composeMail({
      to: 'ann@north.example',
      language: 'en',
      subject: 'RingCentral is not working',
      paragraphs: [t.mails.failing.since({ isv, tenant: name, at: 'Nov 29, 2026, 4:32 AM' }), [name, name]],
      button: { text: t.mails.failing.button, url: 'https://portal.example/x' },
      after: [t.mails.failing.once],
      signature: t.mails.signature({ isv: name, support: 'help@isv.example' }),
      contact: 'help@isv.example',
    });
    await page.setContent(inBrand(html, { name: isv, color: '#7a1f5c', logo }));
    for (const width of [320, 1280]) {
      await page.setViewportSize({ width, height: 900 });
      await expectNoSidewaysScroll(page);
      const button = await page.getByRole('link', { name: 'See what to do' }).boundingBox();
      expect(button?.height).toBeGreaterThanOrEqual(44);
      const [head, sentence] = [
        await page.locator('img, p').first().boundingBox(),
        await page.locator('p').last().boundingBox(),
      ];
      expect([(head?.height ?? 0) <= 300, (sentence?.width ?? 0) <= 560]).toEqual([true, true]);
    }
    expect(await page.getByRole('link', { name: 'help@isv.example' }).getAttribute('href')).toBe(
      'mailto:help@isv.example',
    );
    await page.context().close();
  },
);
