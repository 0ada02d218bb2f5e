import { anAccountsPortal, type AccountsPortal, type Browser } from '../support.js';

let portal: AccountsPortal;
let sur: string;
let north: string;
beforeAll(async () => {
  portal = await anAccountsPortal();
  sur = await portal.aTenant('Clínica Sur', { language: 'es', timeZone: 'America/Denver' });
  north = await portal.aTenant('North Clinic');
});
afterAll(() => portal.close());

const langOf = ({ text }: { text: string }) => /<html lang="(\w+)">/.exec(text)?.[1];
const lookAt = async (browser: Browser, path = '/sign-in') => langOf(await browser.get(path));

describe('before sign-in', () => {
  it.each([
    ['', 'en'],
    ['es', 'es'],
    ['es-MX,es;q=0.9,en;q=0.8', 'es'],
    ['en-US,en;q=0.9,es;q=0.8', 'en'],
    ['de,es;q=0.5', 'es'],
    ['fr', 'en'],
    ['*', 'en'],
    ['es;q=0', 'en'],
    [';;;,,,q=', 'en'],
    ['x'.repeat(4000), 'en'],
  ])('a browser that asks for "%.30s" gets "%s"', async (asked, shown) => {
    const browser = portal.browser();
    browser.headers['accept-language'] = asked;
    expect(await lookAt(browser)).toBe(shown);
  });

  it('the switch reloads the page in the other language, which the browser remembers', async () => {
    const browser = portal.browser();
    const page = await browser.get('/sign-in?next=%2Ftenants');
    expect(page.text).toContain('<button class="text-button" name="language" value="es" lang="es">Español</button>');
    expect(page.text).toContain('name="next" value="/sign-in?next=%2Ftenants"');
    const sent = await browser.post('/language', { language: 'es', next: '/sign-in?next=%2Ftenants' });
    expect([sent.status, sent.headers.location]).toEqual([303, '/sign-in?next=%2Ftenants']);
    expect(String(sent.headers['set-cookie'])).toMatch(
      /language=es; Max-Age=31536000; Path=\/;.* HttpOnly; SameSite=Lax/,
    );
    expect((await browser.follow(sent)).text).toContain('Iniciar sesión');
    browser.headers['accept-language'] = 'en';
    expect(await lookAt(browser)).toBe('es');
    expect(await lookAt(browser, '/no/such/page')).toBe('es');
  });

  it('a form that was refused has the switch, which leads to the form; an answer that is shown once has none', async () => {
    const browser = portal.browser();
    await browser.get('/sign-in');
    const refused = await browser.post('/sign-in', { email: 'ana@clinic.example', password: '' });
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('name="next" value="/sign-in"');
    const page = await browser.get('/password-reset');
    expect(page.text).toContain('name="next" value="/password-reset"');
    const asked = await browser.post('/password-reset', { email: 'ana@clinic.example' });
    expect(asked.status < 400 ? asked.text : '').not.toContain('name="next" value="/password-reset"');
  });

  it('SEC-12: over https, the cookie is bound to this host and sent only by https', async () => {
    const secure = await anAccountsPortal({ publicUrl: 'https://portal.example' });
    const browser = secure.browser();
    await browser.get('/sign-in');
    const sent = await browser.post('/language', { language: 'es' });
    expect(String(sent.headers['set-cookie'])).toMatch(/__Host-language=es; Max-Age=\d+; Path=\/;.* HttpOnly; Secure/);
    expect(await lookAt(browser)).toBe('es');
    await secure.close();
  });

  it.each([
    ['xx', '/', 400],
    ['', '/', 400],
    ['EN', '/', 400],
    ['__proto__', '/', 400],
    ['es', 'https://elsewhere.example/', 303],
    ['es', '//elsewhere.example', 303],
    ['es', '/\\elsewhere.example', 303],
    ['es', 'javascript:alert(1)', 303],
  ])('language "%s" with return path "%s" does not redirect elsewhere', async (language, next, status) => {
    const sent = await portal.browser().post('/language', { language, next });
    expect([sent.status, sent.headers.location]).toEqual([status, status === 303 ? '/' : undefined]);
  });

  it('a cookie with an unknown language is ignored', async () => {
    const browser = portal.browser();
    for (const value of ['xx', '__proto__', 'es%0d%0a', '']) {
      browser.cookies.set('language', value);
      expect(await lookAt(browser)).toBe('en');
    }
  });

  it('SEC-13: choosing requires the session’s token, and a visitor’s choice needs no row', async () => {
    expect((await portal.browser().postRaw('/language', { language: 'es', next: '/' })).status).toBe(403);
    const before = await portal.everything();
    const browser = portal.browser();
    await browser.get('/sign-in');
    await browser.post('/language', { language: 'es', next: '/' });
    expect(await portal.everything()).toBe(before);
  });

  it('an error page has no switch, and does not show its address', async () => {
    const page = await portal.browser().get('/no/such/page?with=this');
    expect(page.text).not.toContain('action="/language"');
    expect(page.text).not.toContain('with=this');
  });
});

describe('signed in', () => {
  it('a tenant’s pages are in its language, including its not-found page', async () => {
    const browser = await portal.aMember(sur, 'sara@sur.example');
    browser.headers['accept-language'] = 'en';
    expect(await lookAt(browser, '/account/second-factor')).toBe('es');
    expect(await lookAt(browser, '/tenants')).toBe('es');
    expect(await lookAt(browser, '/nothing/here')).toBe('es');
    expect(await lookAt(browser, `/tenants/${north}/guide`)).toBe('es');
  });

  it('a person with tenants of several languages sees each in its own language, and other pages in the browser’s', async () => {
    const browser = await portal.aMember(sur, 'mara@sur.example');
    const mara = (await portal.membersOf(sur)).find(({ email }) => email === 'mara@sur.example');
    await portal.tenants.addMember(portal.db, north, mara?.id ?? '', 'owner');
    browser.headers['accept-language'] = 'es';
    expect(await lookAt(browser, '/tenants')).toBe('es');
    browser.headers['accept-language'] = 'en';
    expect(await lookAt(browser, '/tenants')).toBe('en');
    const languages = await Promise.all(
      [sur, north].map(async (id) => (await browser.get(`/tenants/${id}/language`)).text),
    );
    expect(languages).toEqual(['es', 'en']);
  });

  it('a choice is stored with the person, overrides the tenant’s language, and is audited once', async () => {
    const browser = await portal.aMember(sur, 'olga@sur.example');
    await browser.get('/account/second-factor');
    for (let times = 0; times < 2; times += 1)
      expect((await browser.post('/language', { language: 'en', next: '/tenants' })).headers.location).toBe('/tenants');
    const chosen = (await portal.audit()).filter((line) => line.startsWith('person.language_chosen'));
    expect(chosen).toEqual(['person.language_chosen ok']);
    expect((await browser.get('/account')).text).toMatch(
      /Language<\/dt>\s*<dd[^>]*><bdi>English[^]*name="language" value="es"[^]*Change to Español/,
    );
    const another = portal.browser();
    await another.signIn('olga@sur.example');
    expect(await lookAt(another, '/tenants')).toBe('en');
    expect((await another.get(`/tenants/${sur}/language`)).text).toBe('en');
  });

  it('staff see English unless they chose another language, whatever their browser requests', async () => {
    const { browser } = await portal.staffMember('olaf@example-health.test');
    browser.headers['accept-language'] = 'es';
    expect(await lookAt(browser, '/account/second-factor')).toBe('en');
    await browser.post('/language', { language: 'es', next: '/' });
    expect(await lookAt(browser, '/account/second-factor')).toBe('es');
  });
});

describe('mails', () => {
  const lastMail = () => portal.mails.at(-1);

  it("an invitation is in the tenant's language and time zone", async () => {
    await portal.invited(sur, 'nueva@sur.example');
    expect(lastMail()?.subject).toBe('Example Health: conecte su cuenta de RingCentral');
    expect(lastMail()?.html).toContain('<html lang="es">');
    expect(lastMail()?.text).toMatch(
      /hasta el 28 de noviembre de 2026 a las 5:\d\d a\.m\. hora de las Montañas Rocosas\./,
    );
  });

  it('a person who has chosen a language is invited in it', async () => {
    const browser = await portal.aMember(north, 'nils@north.example');
    await browser.get('/account/second-factor');
    await browser.post('/language', { language: 'es', next: '/' });
    await portal.invited(sur, 'nils@north.example');
    expect(lastMail()?.html).toContain('<html lang="es">');
    await browser.post('/language', { language: 'en', next: '/' });
    await portal.invited(await portal.aTenant('Clínica del Este', { language: 'es' }), 'nils@north.example');
    expect(lastMail()?.html).toContain('<html lang="en">');
  });

  it('emails about the person are in their language, otherwise in their tenants’ language', async () => {
    await portal.aMember(sur, 'pia@sur.example');
    await portal.browser().signIn('pia@sur.example');
    expect(lastMail()).toMatchObject({ to: 'pia@sur.example', subject: expect.stringMatching(/navegador nuevo$/) });
    expect(lastMail()?.text).toContain('hora de las Montañas Rocosas');
    await portal.db('people').where({ email: 'pia@sur.example' }).update({ language: 'en' });
    await portal.browser().signIn('pia@sur.example');
    expect(lastMail()?.subject).toMatch(/from a new browser$/);
  });
});
