import express from 'express';
import request from 'supertest';
import { createFormUrl, journeyPages, startPage } from '../../src/guide/guide-page.js';
import { guideRoutes } from '../../src/guide/guide-routes.js';
import type { GuideProgress } from '../../src/guide/next-step.js';
import { methodsOffered, offeredMethods, type OfferedMethods } from '../../src/tenants/offered-methods.js';
import { memberPaths } from '../../src/tenants/journey.js';
import { english } from '../../src/texts/texts.js';
import { frame, viewsFolder } from '../views/render.js';

const config = {
  clientId: 'aB3dE5fG7hJ9kL1mN2pQ4r',
  appName: 'Northwind Fax Reader',
  consoleUrl: 'https://developers.ringcentral.com',
  isvName: 'Northwind Records',
};

/** The guide's routes behind a stand-in for the guard; the portal's tests cover the rest. */
type Ways = { offered?: OfferedMethods; hasSignInApp?: boolean; handOffId?: string };
function aGuide(
  progress: GuideProgress = { state: 'not_started' },
  changes: Partial<typeof config> = {},
  { offered = 'both', hasSignInApp = false, handOffId }: Ways = {},
) {
  const router = guideRoutes({
    configFor: () => ({ ...config, ...changes }),
    hasSignInApp: () => hasSignInApp,
    onConsole: () => Promise.resolve(),
    progress: () => Promise.resolve(progress),
  });
  const app = express().set('views', viewsFolder).set('view engine', 'ejs');
  app.use((_req, res, next) => {
    const reading = { timeZone: 'UTC', language: 'en' } as const;
    const tenant = {
      id: 'north',
      name: 'North',
      environment: 'production',
      ...reading,
      offeredMethods: offered,
    } as const;
    const journey = { by: { personId: 'alice', handOffId }, paths: memberPaths('north') };
    Object.assign(res.locals, frame, { tenant, journey });
    next();
  });
  app.use('/tenants/:tenantId/guide', router);
  return request(app);
}

const text = (html: string) =>
  html
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('&#39;', "'")
    .replace(/\s+/g, ' ');

describe('the guide', () => {
  it('first says whose ID is whose, how long it takes, what is needed and who creates it', async () => {
    const { text: html } = await aGuide().get('/tenants/north/guide').expect(200);
    const read = text(html);
    for (const told of ['client ID is ours', 'JWT is yours', 'We never see it', 'about 5 minutes']) {
      expect(read).toContain(told);
    }
    expect(read).toContain('service user');
    expect(html).toContain('href="/tenants/north/guide/jwt"');
  });

  it('goes from Start to Make to Paste; with the Result these are four pages', async () => {
    expect(journeyPages).toBe(4);
    const start = await aGuide().get('/tenants/north/guide');
    expect(text(start.text)).toContain('Step 1 of 4');
    const jwt = await aGuide().get('/tenants/north/guide/jwt').expect(200);
    expect(text(jwt.text)).toContain('Step 2 of 4');
    expect(jwt.text).toContain('href="/tenants/north/credentials/new"');
  });

  it('SEC-17: opens the form in a new tab and names its host', async () => {
    const { text: html } = await aGuide().get('/tenants/north/guide/jwt');
    expect(html).toContain(
      'href="https://developers.ringcentral.com/console/my-credentials/create?client_id=aB3dE5fG7hJ9kL1mN2pQ4r"',
    );
    expect(html).toContain('target="_blank" rel="noopener noreferrer"');
    expect(text(html)).toContain('This takes you to developers.ringcentral.com.');
    expect(text(html)).toContain('(opens in a new tab)');
  });

  it('has one track: label, table, no date, create and copy, with the one button that opens the form', async () => {
    const { text: html } = await aGuide().get('/tenants/north/guide/jwt');
    const [track = ''] = html.split('<details');
    expect(
      [...track.matchAll(/<li[^>]*>\s*<div class="step__text">\s*<strong>(.*)<\/strong>/g)].map(([, title = '']) =>
        text(title).trim(),
      ),
    ).toEqual([
      'Open the form',
      'Paste this text as the Label',
      'Check that the table shows Northwind Fax Reader',
      'Leave Expiration date (UTC) empty',
      'Choose Create JWT , then copy the JWT now',
    ]);
    expect(track.match(/class="govuk-button"/g)).toHaveLength(1);
    for (const aside of ['Enter client ID', 'Add app', 'Organization', 'November 21, 2026', 'aB3dE5fG7hJ9kL1mN2pQ4r</'])
      expect(track).not.toContain(aside);
  });

  it('folds the way by hand, the service user, the permissions and the date below it', async () => {
    const { text: html } = await aGuide().get('/tenants/north/guide/jwt');
    const folded = html
      .split('<details')
      .slice(1)
      .map((it) => text(it.slice(it.indexOf('>') + 1)));
    const told: [begins: string, ...words: string[]][] = [
      ['Make the JWT by hand', 'developers.ringcentral.com', 'Credentials', 'Create JWT', 'Enter client ID', 'Add app'],
      ['The JWT is for a service user', 'Developer Admin', 'Organization'],
      ['RingCentral does not let me in', 'Ask your RingCentral administrator'],
      ['My screen looks different', 'November 21, 2026', 'write to Northwind Records'],
    ];
    expect(folded).toHaveLength(told.length);
    for (const [at, [begins, ...words]] of told.entries()) {
      expect(folded[at]?.trim().startsWith(begins)).toBe(true);
      for (const word of words) expect(folded[at]).toContain(word);
    }
    expect(html).not.toMatch(/<details[^>]* open/);
  });

  it('names all three permissions on both pages, on screen as on paper', async () => {
    const three = ['Developer Portal Access', 'Third Party Apps Access', 'Access to faxes'];
    const start = (await aGuide().get('/tenants/north/guide')).text;
    const jwt = (await aGuide().get('/tenants/north/guide/jwt')).text;
    const paper = jwt.slice(jwt.indexOf('class="handout__paper'), jwt.indexOf('<ol class="steps">'));
    const screen = jwt.slice(jwt.indexOf('RingCentral does not let me in'));
    for (const place of [start, paper, screen])
      expect([...place.matchAll(/<li><b class="chip">(.*?)<\/b>/g)].map(([, name]) => name)).toEqual(three);
  });

  it('makes the words of RingCentral’s page stand out', async () => {
    const { text: html } = await aGuide().get('/tenants/north/guide/jwt');
    const chips = new Set([...html.matchAll(/<bdi class="chip">(.*?)<\/bdi>/g)].map(([, word]) => word));
    expect([...chips].sort()).toEqual([
      'Add app',
      'Create JWT',
      'Credentials',
      'Developer Admin',
      'Enter client ID',
      'Expiration date (UTC)',
      'Label',
      'Northwind Fax Reader',
      'Only specific apps of my choice',
      'Organization',
    ]);
  });

  it('draws the reader’s own app name and label, as text', async () => {
    const appName = '<b>Paws</b> & "قارئ" 🐾';
    const { text: html } = await aGuide(undefined, { appName }).get('/tenants/north/guide/jwt');
    const shown = '&lt;b&gt;Paws&lt;/b&gt; &amp; &#34;قارئ&#34; 🐾';
    const given = [...html.matchAll(/<span class="drawing__given[^"]*" dir="auto">(.*?)<\/span>/g)].map(([, it]) => it);
    expect(given).toEqual([`Northwind Records: ${shown}`, shown]);
    expect(html).not.toContain('<b>Paws');
  });

  it('offers the values to type as text to copy', async () => {
    const { text: html } = await aGuide().get('/tenants/north/guide/jwt');
    expect(html).toMatch(/<textarea[^>]* readonly[^>]*>\naB3dE5fG7hJ9kL1mN2pQ4r<\/textarea>/);
    expect(html).toMatch(/readonly[^>]*>\nNorthwind Records: Northwind Fax Reader<\/textarea>/);
  });

  it('lets a member hand the step to a colleague with one click, but not the colleague', () => {
    const paths = memberPaths('north');
    const { handOffs: _handOffs, ...others } = paths;
    const member = startPage(config, paths, { state: 'not_started' }, english);
    expect(member.other).toMatchObject({ action: '/tenants/north/hand-offs', button: 'Make a link for a colleague' });
    expect(startPage(config, others, { state: 'not_started' }, english).other).toBeUndefined();
  });

  it.each<[GuideProgress, string, boolean]>([
    [{ state: 'pending' }, 'We have your JWT, and RingCentral has not accepted it yet.', true],
    [{ state: 'healthy' }, 'You have connected RingCentral.', true],
    [{ state: 'pending', lastCause: 'app_not_permitted' }, 'We have kept your JWT.', true],
    [{ state: 'failing', lastCause: 'credential_expired' }, 'Your last JWT can no longer be used.', true],
    [{ state: 'pending', method: 'authorization_code' }, 'You signed in to RingCentral, and we are not', true],
    [{ state: 'healthy', method: 'authorization_code' }, 'You have connected RingCentral by signing in', true],
    [{ state: 'disconnected' }, 'You disconnected RingCentral.', false],
  ])('continues from stored facts: %j', async (progress, told, linked) => {
    const { text: html } = await aGuide(progress).get('/tenants/north/guide');
    expect(text(html)).toContain(told);
    expect(html.includes('href="/tenants/north/connection"')).toBe(linked);
  });

  it('shows no progress to a clinic that starts', async () => {
    expect((await aGuide().get('/tenants/north/guide')).text).not.toContain('class="progress');
  });

  describe('the way without the Developer Console', () => {
    const both = { hasSignInApp: true };
    const link = 'href="/tenants/north/guide/sign-in"';
    const pages = ['/tenants/north/guide', '/tenants/north/guide/jwt'];

    it('is a plain link beside the one button, with what it means', async () => {
      for (const path of pages) {
        const { text: html } = await aGuide(undefined, undefined, both).get(path).expect(200);
        expect(html).toContain(`<a class="govuk-link" ${link}>I can&#39;t open the Developer Console</a>`);
        expect(text(html)).toContain('but the connection depends on the person who signs in.');
        const buttons = html.match(/<a href="[^"]*" role="button"/g) ?? [];
        expect(buttons).toContain(
          `<a href="/tenants/north/${path === pages[0] ? 'guide/jwt' : 'credentials/new'}" role="button"`,
        );
        expect(buttons.join()).not.toContain('sign-in');
      }
    });

    it('is not there without an app for it, for a colleague with a link, or where staff offer only a JWT', async () => {
      const without = [{}, { ...both, handOffId: 'h' }, { ...both, offered: 'jwt' }] as const;
      for (const ways of without)
        for (const path of pages) expect((await aGuide(undefined, undefined, ways).get(path)).text).not.toContain(link);
    });

    it('is the start where staff offer only that, but not for a colleague with a link', async () => {
      const only = { ...both, offered: 'authorization_code' } as const;
      const { status, headers } = await aGuide(undefined, undefined, only).get('/tenants/north/guide');
      expect([status, headers.location]).toEqual([303, '/tenants/north/guide/sign-in']);
      await aGuide(undefined, undefined, { ...only, handOffId: 'h' })
        .get('/tenants/north/guide')
        .expect(200);
      await aGuide(undefined, undefined, { ...only, hasSignInApp: false })
        .get('/tenants/north/guide')
        .expect(200);
    });

    it('is decided by the choice of staff and by the app', () => {
      const rows = offeredMethods.flatMap((chosen) =>
        [true, false].map((hasApp) => [chosen, hasApp, methodsOffered(chosen, hasApp)]),
      );
      expect(rows).toEqual([
        ['both', true, { jwt: true, signIn: true }],
        ['both', false, { jwt: true, signIn: false }],
        ['jwt', true, { jwt: true, signIn: false }],
        ['jwt', false, { jwt: true, signIn: false }],
        ['authorization_code', true, { jwt: false, signIn: true }],
        ['authorization_code', false, { jwt: true, signIn: false }],
      ]);
    });
  });

  it('SEC-16: shows names as text, even if they contain markup', async () => {
    const odd = { appName: '<img src=x onerror=alert(1)>', isvName: '"><script>alert(1)</script>' };
    for (const path of ['/tenants/north/guide', '/tenants/north/guide/jwt']) {
      const { text: html } = await aGuide({ state: 'not_started' }, odd).get(path);
      expect(html).not.toContain('<img src=x');
      expect(html).not.toContain('<script>alert');
    }
  });

  it('puts a client ID into the address as one value', () => {
    expect(createFormUrl({ ...config, clientId: 'a&b=c d' })).toBe(
      'https://developers.ringcentral.com/console/my-credentials/create?client_id=a%26b%3Dc+d',
    );
  });
});
