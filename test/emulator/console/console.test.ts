import { HttpBrowser, type Answer } from '../../../src/demo/http-browser.js';
import { aRingCentral, type Cast } from '../cast.js';

let cast: Cast;
beforeEach(async () => {
  cast = await aRingCentral({ limits: 'generous' });
});
afterEach(() => cast.emulator.close());

const decode = (html: string) =>
  html
    .replaceAll('&#34;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');

/** A browser on one page, which sends back the page's hidden fields. */
function aVisitor() {
  const browser = new HttpBrowser(cast.url);
  let html = '';
  let path = '';
  const go = async (to: string, form?: URLSearchParams): Promise<Answer> => {
    const { answer, url } = await browser.visit(form ? 'post' : 'get', to, form && { form });
    path = new URL(url).pathname;
    html = answer.text;
    return answer;
  };
  const hidden = (name: string) =>
    [...html.matchAll(new RegExp(`<input type="hidden" name="${name}" value="([^"]*)"`, 'g'))].map((m) =>
      decode(m[1] ?? ''),
    );
  const post = (to: string, fields: Record<string, string>) => {
    const ids = hidden('permitted_client_ids').map((id): [string, string] => ['permitted_client_ids', id]);
    const given = Object.entries(fields);
    return go(to, new URLSearchParams([['_csrf', hidden('_csrf')[0] ?? ''], ...ids, ...given]));
  };
  const signIn = async (user: string, returnTo = '/console') => {
    await go(`/console/sign-in?return_to=${encodeURIComponent(returnTo)}`);
    return post('/console/sign-in', { user, return_to: returnTo });
  };
  return {
    go,
    post,
    signIn,
    text: () => decode(html),
    path: () => path,
    jwt: () => /<textarea id="jwt"[^>]*>([^<]+)</.exec(html)?.[1] ?? '',
    titles: () => [(html.match(/<h1>/g) ?? []).length, /<title>([^<]*)</.exec(html)?.[1]],
  };
}

const mine = '/console/my-credentials';

it('the steps of the guide create a working JWT without JavaScript', async () => {
  const visitor = aVisitor();
  await visitor.signIn(cast.ana.id);
  expect(visitor.text()).toContain('RingCentral Developer Console <span class="stamp">— emulator</span>');
  expect(visitor.text()).toContain(`<a href="${mine}">Credentials</a>`);
  await visitor.go(mine);
  await visitor.go(`${mine}/create`);
  const typed = { label: 'Example Health Records', permitted: 'specific', expires_on: '' };
  await visitor.post(`${mine}/create`, { ...typed, client_id: cast.app.clientId, intent: 'add-app' });
  expect(visitor.text()).toContain('Permitted apps');
  expect(visitor.text()).toContain(`<td data-title="App name">${cast.app.name}</td>`);
  expect(visitor.text()).toContain('value="Example Health Records"');
  await visitor.post(`${mine}/create`, { ...typed, client_id: '', intent: 'create' });
  expect(visitor.path()).toMatch(/^\/console\/my-credentials\/[\w-]+\/jwt$/);
  expect((await cast.ask({ assertion: visitor.jwt() })).status).toBe(200);
  await visitor.go(mine);
  expect(visitor.text()).toContain('1 specific app(s)');
  expect(visitor.text()).toContain('2026-09-02');
});

it('after sign-in, the deep link opens the form with our app filled in', async () => {
  const visitor = aVisitor();
  const link = `${mine}/create?client_id=${cast.app.clientId}`;
  await visitor.go(link);
  expect(visitor.path()).toBe('/console/sign-in');
  await visitor.post('/console/sign-in', { user: cast.ana.id, return_to: link });
  expect(visitor.path()).toBe(`${mine}/create`);
  expect(visitor.text()).toContain('id="permitted-specific" name="permitted" value="specific" checked');
  expect(visitor.text()).toContain(cast.app.clientId);
  await visitor.go(`${mine}/create?client_id=EXAMPLEclientId_999999`);
  expect(visitor.text()).toContain('No app with this client ID was found.');
});

it('editing the permitted apps does not change the JWT', async () => {
  cast.emulator.forbidApp(cast.jti, cast.app.clientId);
  const other = cast.emulator.addApp();
  const visitor = aVisitor();
  await visitor.signIn(cast.ana.id);
  await visitor.go(`${mine}/${cast.jti}`);
  const typed = { permitted: 'specific' };
  await visitor.post(`${mine}/${cast.jti}`, { ...typed, client_id: other.clientId, intent: 'add-app' });
  await visitor.post(`${mine}/${cast.jti}`, { ...typed, client_id: cast.app.clientId, intent: 'add-app' });
  await visitor.post(`${mine}/${cast.jti}`, { ...typed, intent: `remove-app:${other.clientId}` });
  expect((await cast.ask()).status).toBe(400);
  // The hidden fields of the page show whether the app was removed.
  await visitor.post(`${mine}/${cast.jti}`, { ...typed, client_id: '', intent: 'save' });
  expect(visitor.text()).toContain('The JWT itself has not changed.');
  expect(cast.emulator.world.credential(cast.jti).permitted).toEqual([cast.app.clientId]);
  expect((await cast.ask()).status).toBe(200);
});

it('deleting a credential revokes it', async () => {
  const visitor = aVisitor();
  await visitor.signIn(cast.ana.id);
  await visitor.go(mine);
  await visitor.post(`${mine}/${cast.jti}/delete`, {});
  expect(visitor.text()).toContain('There are no credentials yet.');
  expect((await cast.ask()).status).toBe(400);
});

it('names what is missing in the form, and accepts an expiry date', async () => {
  const visitor = aVisitor();
  await visitor.signIn(cast.ana.id);
  await visitor.go(`${mine}/create`);
  const empty = await visitor.post(`${mine}/create`, { label: '', client_id: '', expires_on: '', intent: 'create' });
  expect(empty.status).toBe(422);
  for (const message of ['Enter a label.', 'Choose which apps are permitted.'])
    expect(visitor.text()).toContain(message);
  const typed = { label: 'L', permitted: 'organization', client_id: '' };
  await visitor.post(`${mine}/create`, { ...typed, expires_on: '2026-09-02', intent: 'create' });
  expect(visitor.text()).toContain('Choose a date after today.');
  await visitor.post(`${mine}/create`, { ...typed, expires_on: '2026-12-01', intent: 'create' });
  const claims = JSON.parse(Buffer.from(visitor.jwt().split('.')[1] ?? '', 'base64url').toString()) as { exp: number };
  expect(new Date(claims.exp * 1000).toISOString()).toBe('2026-12-01T00:00:00.000Z');
});

it('a Developer Admin creates a JWT for a service user once that user has signed in to the console', async () => {
  const service = cast.emulator.addExtension({
    accountId: cast.clinic.id,
    role: 'fax_integration',
    name: 'Fax Integration',
  });
  const theirs = `/console/organization/${service.id}/credentials`;
  const admin = aVisitor();
  await admin.signIn(cast.ana.id);
  await admin.go('/console/organization');
  expect(admin.text()).not.toContain('Fax Integration');
  expect((await admin.go(`${theirs}/create`)).status).toBe(404);
  await aVisitor().signIn(service.id);
  await admin.go('/console/organization');
  expect(admin.text()).toContain('Fax Integration');
  await admin.go(`/console/organization/${service.id}`);
  await admin.go(`${theirs}/create?client_id=${cast.app.clientId}`);
  await admin.post(`${theirs}/create`, { label: 'For faxes', permitted: 'specific', client_id: '', intent: 'create' });
  expect(await cast.mint(admin.jwt())).toMatchObject({ owner_id: service.id });
});

it('a person without Developer Portal Access is sent to the account administrator', async () => {
  const visitor = aVisitor();
  const response = await visitor.signIn(cast.standard.id, mine);
  expect(response.status).toBe(403);
  expect(visitor.text()).toContain('Contact your account administrator.');
});

it('users see only their own credentials, and a JWT is shown only to its creator', async () => {
  const developer = cast.emulator.addExtension({ accountId: cast.clinic.id, role: 'fax_integration' });
  const visitor = aVisitor();
  await visitor.signIn(developer.id);
  for (const path of [
    `${mine}/${cast.jti}`,
    '/console/organization',
    `/console/organization/${cast.ana.id}/credentials`,
  ]) {
    expect((await visitor.go(path)).status).toBe(404);
  }
  const admin = aVisitor();
  await admin.signIn(cast.ana.id);
  await admin.go(`${mine}/${cast.jti}/jwt`);
  expect(admin.text()).toContain('It cannot be shown again.');
});

it('rejects a form without its token and does not redirect to another site', async () => {
  const visitor = aVisitor();
  await visitor.signIn(cast.ana.id, '//elsewhere.example/console');
  expect(visitor.path()).toBe('/console');
  expect((await visitor.go(`${mine}/${cast.jti}/delete`, new URLSearchParams())).status).toBe(403);
  expect(cast.emulator.world.credential(cast.jti).revoked).toBe(false);
});

it('every page has one h1 and a unique title', async () => {
  const visitor = aVisitor();
  await visitor.signIn(cast.ana.id);
  const seen = new Set<string | undefined>();
  const paths = [
    '/console',
    mine,
    `${mine}/create`,
    `${mine}/${cast.jti}`,
    '/console/organization',
    '/console/nothing',
  ];
  for (const path of paths) {
    await visitor.go(path);
    const [count, title] = visitor.titles();
    expect([path, count]).toEqual([path, 1]);
    seen.add(String(title));
  }
  expect(seen.size).toBe(paths.length);
});
