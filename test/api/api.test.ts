import { Validator } from '@seriousme/openapi-schema-validator';
import request from 'supertest';
import { explainedCauses, titleOf } from '../../src/api/docs/error-page.js';
import { problemsOf } from '../../src/api/problem-causes.js';
import { webhookBodies, type EventType } from '../../src/notifications/event-schemas.js';
import type { OpenApi } from '../../src/api/openapi.js';
import { textsIn } from '../../src/texts/texts.js';
import { anApi, type Said, type TestApi } from './support.js';

const ABSENT = '00000000-0000-4000-8000-000000000000';
const newTenant = { name: 'West Clinic', external_ref: 'west', time_zone: 'America/Denver' };
const invitation = { email: 'new@west.example', deliver: 'email' };

let api: TestApi;
let north: string;
let south: string;
beforeAll(async () => {
  api = await anApi();
  north = await api.test.addTenant('North Clinic');
  south = await api.test.addTenant('South Clinic');
});
afterAll(() => api.test.close());

const causeOf = ({ status, body }: Said) => ({ status, cause: body.cause });
const lastAct = async () => {
  const row = (await api.test.db('audit_events').orderBy('seq', 'desc').first()) as Record<string, unknown>;
  return { action: row.action, actor: `${String(row.actor_kind)} ${String(row.actor_id)}`, tenant: row.tenant_id };
};
const countOf = async (table: string) => (await api.test.db(table).select()).length;

describe('a path of a tenant', () => {
  it.each(['/tenants/{tenant}', '/tenants/{tenant}/connection', '/tenants/{tenant}/access-token'])(
    'answers a method that it lacks in the same way for any id: %s',
    async (path) => {
      const answers = await Promise.all(
        [north, south, ABSENT].flatMap((id) =>
          [`only.${north}`, 'all.jobs'].map((key) => api.call(`put ${path}`, id, { key, body: {} })),
        ),
      );
      const said = answers.map(({ status, headers, body }) => {
        const { request_id: _id, instance: _instance, ...others } = body;
        return JSON.stringify([status, headers.allow, others]);
      });
      expect([...new Set(answers.map(({ status }) => status))]).toEqual([405]);
      expect(new Set(said).size).toBe(1);
    },
  );
});

describe('tenants', () => {
  it('are listed in pages by name, with an opaque cursor, and the read is in the audit', async () => {
    const first = await api.call('get /tenants', '', { query: '?limit=1' });
    expect(first).toMatchObject({ status: 200, body: { tenants: [{ id: north, name: 'North Clinic' }] } });
    expect(await lastAct()).toEqual({ action: 'tenant.list_read_by_key', actor: 'api_key all.jobs', tenant: null });
    const query = `?limit=1&cursor=${String(first.body.next_cursor)}`;
    const second = await api.call('get /tenants', '', { query });
    expect(second.body).toMatchObject({ tenants: [{ id: south, name: 'South Clinic' }], next_cursor: null });
  });

  it('are listed by state and cause, and a key for one tenant sees only that one', async () => {
    const ids = ({ body }: Said) => (body.tenants as { id: string }[]).map(({ id }) => id);
    expect(ids(await api.call('get /tenants', '', { query: '?state=not_connected&limit=500' })).sort()).toEqual(
      [north, south].sort(),
    );
    expect(ids(await api.call('get /tenants', '', { query: '?cause=credential_expired' }))).toEqual([]);
    expect(ids(await api.call('get /tenants', '', { key: `only.${south}` }))).toEqual([south]);
    expect(ids(await api.call('get /tenants', '', { key: `only.${south}`, query: '?state=healthy' }))).toEqual([]);
  });

  it.each(['?limit=0', '?limit=501', '?limit=x', '?state=broken', '?cursor=x', '?state=failing&cursor=WyJ4IiwieSJd'])(
    'a list is refused with 400 for %s',
    async (query) => {
      expect(causeOf(await api.call('get /tenants', '', { query }))).toEqual({ status: 400, cause: 'invalid_query' });
    },
  );

  it('are added, by a key for every tenant, with the key as the actor', async () => {
    const added = await api.call('post /tenants', '', { body: newTenant });
    const id = String(added.body.id);
    expect(added).toMatchObject({ status: 201, headers: { location: `/api/v1/tenants/${id}` } });
    expect(added.body).toEqual({
      id,
      external_ref: 'west',
      name: 'West Clinic',
      environment: 'production',
      language: 'en',
      time_zone: 'America/Denver',
      connection: {
        state: 'not_connected',
        since: expect.stringMatching(/^\d{4}-.*Z$/) as string,
        cause: null,
        fix_owner: null,
        checked_at: null,
      },
    });
    expect(await lastAct()).toEqual({ action: 'tenant.created', actor: 'api_key all.jobs', tenant: id });
    expect((await api.call('get /tenants/{tenant}', 'ref:west')).body).toEqual(added.body);
    const again = await api.call('post /tenants', '', { body: newTenant });
    expect(causeOf(again)).toEqual({ status: 409, cause: 'external_ref_in_use' });
    const other = await api.call('post /tenants', '', { body: newTenant, key: `only.${north}` });
    expect(causeOf(other)).toEqual({ status: 403, cause: 'all_tenants_required' });
    const wrong = await api.call('post /tenants', '', { body: { ...newTenant, time_zone: '+01:00' } });
    expect(wrong).toMatchObject({ status: 422, body: { errors: [{ pointer: '/time_zone', code: 'unknown' }] } });
  });

  it('are changed, and a reference only by a key for every tenant', async () => {
    const changed = await api.call('patch /tenants/{tenant}', south, {
      body: { name: 'South Side', language: 'es' },
      key: `only.${south}`,
    });
    expect(changed).toMatchObject({ status: 200, body: { id: south, name: 'South Side', language: 'es' } });
    const acts = await api.test.db('audit_events').where({ tenant_id: south, actor_kind: 'api_key' }).pluck('action');
    expect(acts.sort()).toEqual(['tenant.language_set', 'tenant.renamed']);
    const body = { external_ref: 'ref-north-clinic' };
    expect(causeOf(await api.call('patch /tenants/{tenant}', south, { body, key: `only.${south}` }))).toEqual({
      status: 403,
      cause: 'all_tenants_required',
    });
    expect(causeOf(await api.call('patch /tenants/{tenant}', south, { body }))).toEqual({
      status: 409,
      cause: 'external_ref_in_use',
    });
    const lines = await api.call('patch /tenants/{tenant}', south, { body: { fax_extensions: ['1'] } });
    expect(lines).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/fax_extensions/0', code: 'unknown_extension' }] },
    });
  });

  it('is changed as a whole or not at all: no name is saved beside refused fax lines or before a crash', async () => {
    const nameNow = async () => (await api.call('get /tenants/{tenant}', south)).body.name;
    const before = { name: await nameNow(), rows: await countOf('audit_events') };
    const refused = { name: 'Refused Clinic', fax_extensions: ['1'] };
    expect((await api.call('patch /tenants/{tenant}', south, { body: refused })).status).toBe(422);
    expect({ name: await nameNow(), rows: await countOf('audit_events') }).toEqual(before);
    const { connections } = api.test.portal.services;
    const whole = { ...connections };
    let cuts = 0;
    connections.chooseFaxLinesWithin = () => Promise.reject(new Error(`killed ${(cuts += 1)}`));
    const cut = { name: 'Cut Clinic', fax_extensions: [] };
    expect((await api.call('patch /tenants/{tenant}', south, { body: cut })).status).toBe(500);
    expect(cuts).toBe(1);
    Object.assign(connections, whole);
    expect({ name: await nameNow(), rows: await countOf('audit_events') }).toEqual(before);
    expect((await api.call('patch /tenants/{tenant}', south, { body: cut })).body.name).toBe('Cut Clinic');
  });
});

describe('an Idempotency-Key', () => {
  const headers = { 'Idempotency-Key': '"add-east"' };
  const body = { name: 'East Clinic', external_ref: 'east' };

  it('gives the first answer again for 24 hours, to the same key, call and body only', async () => {
    const before = await countOf('tenants');
    const first = await api.call('post /tenants', '', { body, headers });
    const second = await api.call('post /tenants', '', {
      raw: ' {"external_ref":"east","name":"East Clinic"}',
      headers,
    });
    expect({ ...second, headers: second.headers.location }).toEqual({ ...first, headers: first.headers.location });
    expect(await countOf('tenants')).toBe(before + 1);
    const other = await api.call('post /tenants', '', { body: { ...body, name: 'Other' }, headers });
    expect(causeOf(other)).toEqual({ status: 422, cause: 'idempotency_key_reused' });
    const ofAnother = await api.call('post /tenants', '', { body, headers, key: 'all.others' });
    expect(causeOf(ofAnother)).toEqual({ status: 409, cause: 'external_ref_in_use' });
    await api.test.db('idempotent_requests').update({ claimed_at: '2026-01-01T00:00:00.000Z' });
    expect(causeOf(await api.call('post /tenants', '', { body, headers }))).toEqual({
      status: 409,
      cause: 'external_ref_in_use',
    });
  });

  it('is 409 while the first request runs, and free again when its process has ended', async () => {
    const row = { key_id: 'all.jobs', route: 'POST /tenants', idempotency_key: 'k-1', claim_id: 'x', answer: null };
    const asked = { name: 'Far Clinic', external_ref: 'far' };
    const failed = await api.call('post /tenants', '', { body, headers: { 'Idempotency-Key': 'k-1' } });
    expect(failed.status).toBe(409); // the reference is in use, and what failed is not kept
    expect(await api.test.db('idempotent_requests').where({ idempotency_key: 'k-1' })).toEqual([]);
    await api.call('post /tenants', '', { body: asked, headers: { 'Idempotency-Key': 'k-2' } });
    const { body_hash: hash } = (await api.test
      .db('idempotent_requests')
      .where({ idempotency_key: 'k-2' })
      .first()) as {
      body_hash: string;
    };
    const now = api.test.clock();
    const at = (ms: number) => new Date(now.getTime() + ms).toISOString();
    await api.test
      .db('idempotent_requests')
      .insert({ ...row, body_hash: hash, claimed_at: at(0), lease_until: at(30_000) });
    const running = await api.call('post /tenants', '', { body: asked, headers: { 'Idempotency-Key': 'k-1' } });
    expect(causeOf(running)).toEqual({ status: 409, cause: 'idempotency_key_in_use' });
    expect(running.body).toMatchObject({ retryable: true, retry_at: at(30_000) });
    await api.test
      .db('idempotent_requests')
      .where({ idempotency_key: 'k-1' })
      .update({ lease_until: at(-1) });
    const freed = await api.call('post /tenants', '', { body: asked, headers: { 'Idempotency-Key': 'k-1' } });
    expect(causeOf(freed)).toEqual({ status: 409, cause: 'external_ref_in_use' });
  });

  it('at once from many requests has one effect', async () => {
    const asked = { body: { name: 'Many', external_ref: 'many' }, headers: { 'Idempotency-Key': 'many' } };
    const answers = await Promise.all(Array.from({ length: 8 }, () => api.call('post /tenants', '', asked)));
    expect(answers.filter(({ status }) => status === 201).length).toBeGreaterThan(0);
    for (const { status, body: said } of answers)
      expect(status === 201 ? 'idempotency_key_in_use' : said.cause).toBe('idempotency_key_in_use');
    expect((await api.test.db('tenants').where({ external_ref: 'many' })).length).toBe(1);
  });

  it('must be visible ASCII', async () => {
    const wrong = await api.call('post /tenants', '', { body, headers: { 'Idempotency-Key': 'a b' } });
    expect(causeOf(wrong)).toEqual({ status: 400, cause: 'invalid_idempotency_key' });
  });
});

describe('what belongs to a tenant', () => {
  it('its connection is given as the pages show it', async () => {
    const { status, body } = await api.call('get /tenants/{tenant}/connection', north);
    expect({ status, body }).toEqual({
      status: 200,
      body: {
        state: 'not_connected',
        method: null,
        since: expect.stringMatching(/Z$/) as string,
        cause: null,
        fix_owner: null,
        checked_at: null,
        next_check_at: null,
        last_conclusive: null,
        expires_at: null,
        account: null,
        owner: null,
        fax_extensions: [],
      },
    });
  });

  it('an invitation is mailed, or its link is given to the caller, whose account confirms its mailbox', async () => {
    const mailed = await api.call('post /tenants/{tenant}/invitations', north, { body: invitation });
    expect(mailed.status).toBe(201);
    expect(Object.keys(mailed.body)).toEqual(['expires_at']);
    expect(await lastAct()).toEqual({ action: 'invitation.created', actor: 'api_key all.jobs', tenant: north });
    const handed = await api.call('post /tenants/{tenant}/invitations', north, {
      body: { email: 'hand@west.example', deliver: 'caller' },
    });
    expect(handed.body.url).toMatch(/^http:\/\/127\.0\.0\.1:1\/invitations\/[\w-]{43}$/);
    const stored = await api.test.db('invitations').where({ email: 'hand@west.example' }).first<{ by_hand: unknown }>();
    expect(Boolean(stored.by_hand)).toBe(true);
    const again = await api.call('post /tenants/{tenant}/invitations', north, { body: invitation });
    expect(causeOf(again)).toEqual({ status: 409, cause: 'already_invited' });
    const wrong = await api.call('post /tenants/{tenant}/invitations', north, { body: { ...invitation, email: 'x' } });
    expect(wrong).toMatchObject({ status: 422, body: { errors: [{ pointer: '/email', code: 'unreadable' }] } });
  });

  it('a check is queued, up to five in ten minutes, and fax lines are chosen', async () => {
    const none = await api.call('post /tenants/{tenant}/connection/checks', north);
    expect(causeOf(none)).toEqual({ status: 409, cause: 'not_connected' });
    const alice = await api.test.member(north);
    await alice.get(`/tenants/${north}/credentials/new`);
    await alice.post(`/tenants/${north}/credentials`, { assertion: api.test.assertion('riverside').jwt });
    for (let n = 0; n < 5; n += 1) {
      const asked = await api.call('post /tenants/{tenant}/connection/checks', north);
      expect(asked).toMatchObject({ status: 202, headers: { location: `/api/v1/tenants/${north}/connection` } });
    }
    expect((await lastAct()).action).toMatch(/^check\.requested_by_key$|^credential\.judged$/);
    const limited = await api.call('post /tenants/{tenant}/connection/checks', north);
    expect(causeOf(limited)).toEqual({ status: 429, cause: 'check_limit_reached' });
    const { body } = await api.call('get /tenants/{tenant}/connection', north);
    expect(body).toMatchObject({ state: 'healthy', method: 'jwt', account: { id: expect.any(String) as string } });
    const [first = ''] = body.fax_extensions as string[];
    const chosen = await api.call('patch /tenants/{tenant}', north, { body: { fax_extensions: [first] } });
    expect(chosen.status).toBe(200);
    expect((await api.call('get /tenants/{tenant}/connection', north)).body.fax_extensions).toEqual([first]);
  });
});

describe('the limits of a key', () => {
  it('answer 429 with how much is left and when to ask again, for this key and kind only', async () => {
    const limited = await anApi({
      env: { API_READS_PER_MINUTE: '2', API_WRITES_PER_MINUTE: '1', API_TOKEN_CALLS_PER_MINUTE: '1' },
    });
    try {
      const read = () => limited.call('get /tenants', '', {});
      expect((await read()).headers).toMatchObject({ 'ratelimit-policy': '"reads";q=2;w=60' });
      expect((await read()).headers.ratelimit).toMatch(/^"reads";r=0;t=\d+$/);
      const refused = await read();
      expect(causeOf(refused)).toEqual({ status: 429, cause: 'quota_exceeded' });
      expect(Number(refused.headers['retry-after'])).toBeGreaterThanOrEqual(1);
      expect((await limited.call('get /tenants', '', { key: 'all.others' })).status).toBe(200);
      expect((await limited.call('post /tenants', '', { body: {} })).status).toBe(422);
      for (const route of ['post /tenants', 'patch /tenants/{tenant}']) {
        const written = await limited.call(route, ABSENT, { body: {} });
        expect(causeOf(written)).toEqual({ status: 429, cause: 'quota_exceeded' });
      }
      limited.test.clock.advance(61_000);
      expect((await read()).status).toBe(200);
      for (const route of limited.test.portal.apiRoutes.map(({ method, path }) => `${method} ${path}`)) {
        for (let n = 0; n < 3; n += 1) await limited.call(route, ABSENT, { key: `all.${route.length}` });
        api.seen.set(route, new Set([...(api.seen.get(route) ?? []), ...(limited.seen.get(route) ?? [])]));
      }
    } finally {
      await limited.test.close();
    }
  });
});

describe('the description', () => {
  it('is a valid OpenAPI 3.1 document, public, with an ETag', async () => {
    const answer = await request(api.test.portal.app).get('/api/v1/openapi.json');
    expect({ status: answer.status, type: answer.headers['content-type'] }).toEqual({
      status: 200,
      type: 'application/json; charset=utf-8',
    });
    const document = JSON.parse(answer.text) as Record<string, unknown>;
    expect(await new Validator().validate(document)).toEqual({ valid: true });
    const { webhooks } = document as unknown as OpenApi;
    expect(Object.keys(webhooks)).toEqual([...webhookBodies.keys()]);
    for (const [type, { post }] of Object.entries(webhooks)) {
      const { schema, example } = post.requestBody.content['application/json'];
      const name = `${type.replaceAll(/(^|\.)./g, (start) => start.replace('.', '').toUpperCase())}Webhook`;
      expect([schema, (document.components as OpenApi['components']).schemas[name]?.required]).toEqual([
        { $ref: `#/components/schemas/${name}` },
        ['id', 'seq', 'at', 'tenant', 'external_ref', 'type', 'data'],
      ]);
      expect([type, webhookBodies.get(type as EventType)?.safeParse(example).error]).toEqual([type, undefined]);
    }
    const { etag } = answer.headers as Record<string, string>;
    const again = await request(api.test.portal.app)
      .get('/api/v1/openapi.json')
      .set('If-None-Match', etag ?? '');
    expect({ status: again.status, text: again.text }).toEqual({ status: 304, text: '' });
    expect((await request(api.test.portal.app).post('/api/v1/openapi.json')).status).toBe(401);
  });

  it('has every call of the API, and no other', () => {
    const { paths } = api.test.portal.apiDocument as OpenApi;
    const described = Object.entries(paths).flatMap(([path, own]) =>
      Object.keys(own).map((method) => `${method} ${path}`),
    );
    const routes = api.test.portal.apiRoutes.map(({ method, path }) => `${method} ${path}`);
    expect(described.sort()).toEqual(routes.sort());
    expect(routes).toEqual(expect.arrayContaining(['get /tenants', 'patch /tenants/{tenant}']));
  });

  it('names only causes that have a page, in both languages', async () => {
    const named = api.test.portal.apiRoutes.flatMap((route) => problemsOf(route).flatMap(([, causes]) => causes));
    expect([...new Set(named)].filter((cause) => !explainedCauses(textsIn('en')).includes(cause))).toEqual([]);
    for (const cause of explainedCauses(textsIn('en'))) {
      const page = await request(api.test.portal.app).get(`/docs/errors/${cause}`);
      expect({ cause, status: page.status, named: page.text.includes(`<code>${cause}</code>`) }).toEqual({
        cause,
        status: 200,
        named: true,
      });
    }
    expect((await request(api.test.portal.app).get('/docs/errors/constructor')).status).toBe(404);
  });

  it.each([
    'no_fax_line',
    'session_too_short',
    'mailbox_filling',
    'expires_soon',
    'old_credential_alive',
    'environment_differs',
  ])('tells a job to go on where %s only warns: a full mailbox must be emptied, not left out', async (cause) => {
    const { text } = await request(api.test.portal.app).get(`/docs/errors/${cause}`);
    expect(text).toContain('Continue as usual. The connection works, and jobs get tokens.');
    expect(text).not.toContain('Skip this clinic');
  });

  it('has a page with each call in three languages, without a script', async () => {
    const { text } = await request(api.test.portal.app).get('/docs/api');
    for (const code of ['curl -X PATCH', 'method: &#39;POST&#39;', 'urllib.request']) expect(text).toContain(code);
    expect(text).toContain('http://127.0.0.1:1/api/v1/tenants');
    expect(text).not.toMatch(/<script|<style|style=|https:\/\//);
    expect((await request(api.test.portal.app).get('/docs/errors/key_refused')).text).not.toContain('<script');
  });

  it('the page lists its calls, folds the examples, and says once with what every call may fail', async () => {
    const { text } = await request(api.test.portal.app).get('/docs/api');
    const ids = [...text.matchAll(/<li><a class="govuk-link" href="#(\w+)">/g)].map(([, id]) => id);
    expect(ids).toHaveLength(api.test.portal.apiRoutes.length + 1);
    expect(ids.filter((id) => !text.includes(`id="${id}"`))).toEqual([]);
    expect(text.match(/<details class="govuk-details">/g)).toHaveLength(3 * api.test.portal.apiRoutes.length);
    const times = (cause: string) => text.split(`href="/docs/errors/${cause}"`).length - 1;
    expect(['key_refused', 'quota_exceeded', 'not_found', 'invalid_body'].map(times)).toEqual([1, 1, 1, 1]);
    expect(times('token_pending')).toBe(1);
  });

  it('every call and every cause has a text in Spanish', () => {
    const { page, problems } = textsIn('es').api;
    const { paths } = api.test.portal.apiDocument as OpenApi;
    const ids = Object.values(paths).flatMap((own) => Object.values(own).map(({ operationId }) => operationId));
    expect(ids.filter((id) => !Object.hasOwn(page.summaries, id))).toEqual([]);
    expect(Object.keys(problems)).toEqual(Object.keys(textsIn('en').api.problems));
    expect(explainedCauses(textsIn('es')).filter((cause) => titleOf(cause, textsIn('es')) === '')).toEqual([]);
  });

  it('each status that it documents is one that the call has answered', async () => {
    const by = new Date(api.test.clock().getTime() + 3_600_000).toISOString();
    expect((await api.call('get /preflight', '', { query: `?by=${by}` })).status).toBe(200);
    expect((await api.call('post /preflight', '', { body: { by } })).status).toBe(202);
    expect((await api.call('post /tenants/{tenant}/access-token', north)).status).toBe(200);
    expect((await api.call('post /tenants/{tenant}/access-token', south)).status).toBe(409);
    expect((await api.call('get /events', '', { query: '?after=999999' })).status).toBe(410);
    const run = (at: string) =>
      api.call('put /tenants/{tenant}/fax-pull', north, { body: { completed_at: at, lines: [] } });
    const at = api.test.clock().getTime();
    expect((await run(new Date(at).toISOString())).status).toBe(204);
    expect(causeOf(await run(new Date(at - 1).toISOString()))).toEqual({ status: 409, cause: 'newer_report_kept' });
    const leaving = await api.test.addTenant('Leaving Clinic');
    expect((await api.call('delete /tenants/{tenant}', leaving)).status).toBe(202);
    for (const { method, path } of api.test.portal.apiRoutes) {
      const route = `${method} ${path}`;
      const hasBody = method !== 'get';
      const ask = (key: string, sent: object = {}, tenant = north) => api.call(route, tenant, { key, ...sent });
      await ask('');
      await ask('poor.key');
      await ask('busy');
      await ask('broken');
      await ask('all.a', { query: '?unknown=1' });
      if (path.includes('{tenant}')) await ask('all.b', {}, ABSENT);
      if (!hasBody) continue;
      await ask('all.c', { raw: '{' });
      await ask('all.d', { raw: '{"unknown":1}' });
      await ask('all.e', { raw: 'x', headers: { 'Content-Type': 'text/plain' } });
      await ask('all.f', { raw: JSON.stringify('x'.repeat(70_000)) });
    }
    const { paths } = api.test.portal.apiDocument as OpenApi;
    const missing = Object.entries(paths).flatMap(([path, own]) =>
      Object.entries(own).flatMap(([method, { responses }]) => {
        const answered = api.seen.get(`${method} ${path}`) ?? new Set();
        return Object.keys(responses)
          .filter((status) => !answered.has(Number(status)))
          .map((status) => `${method} ${path} ${status}`);
      }),
    );
    expect(missing).toEqual([]);
  });
});
