import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { privateKeySealing } from '../../src/platform/sealing/sealing.js';
import { TestPortal } from '../support/portal.js';
import { signInApp } from '../support/sign-in-app.js';
import type { Answer, Visitor } from '../support/visits/visitor.js';
import { callback, codeFlowInto, nothingReceived, pageOf, startSignIn, stateIn } from './support.js';

const code = 'U0pDMTFQMDFQQVMwMHxBQUJfSECRETCODE';

let test: TestPortal;
const received = nothingReceived();
let north: string;
let alice: Visitor;
let clinics = 0;

beforeAll(async () => {
  test = await TestPortal.start({ env: signInApp, added: [codeFlowInto(received)] });
});
afterAll(() => test.close());
beforeEach(async () => {
  Object.assign(received, nothingReceived());
  clinics += 1;
  north = await test.addTenant(`Clinic ${clinics}`);
  alice = await test.member(north);
});

const started = async (who: Visitor = alice, tenantId = north) => stateIn(await startSignIn(who, tenantId));
const where = ({ status, headers }: Answer) => `${status} ${headers.location ?? ''}`;
const usedBefore = (tenantId: string) => `${connectionOf(tenantId)}?notice=sign_in_used`;
const connectionOf = (tenantId: string) => `303 /tenants/${tenantId}/connection`;
const refusedAs = (notice: string) => `303 ${pageOf(north)}?notice=${notice}`;
const signedOut = '303 /oauth/callback/signed-out';
const tooOld = '303 /oauth/callback/too-old';
const requests = () => test.db('authorization_requests').where({ tenant_id: north });
const usedUp = async () => (await requests().whereNotNull('used_at')).length;

describe('a return from RingCentral', () => {
  it('hands over the code and the verifier, sealed, and leads to the connection page', async () => {
    const asked = await startSignIn(alice, north);
    expect(where(await alice.get(callback({ code, state: stateIn(asked), expires_in: '60' })))).toBe(
      connectionOf(north),
    );
    const [one, ...others] = received.codes;
    expect(others).toEqual([]);
    expect(one).toMatchObject({
      tenantId: north,
      environment: 'production',
      clientId: signInApp.RINGCENTRAL_CODE_CLIENT_ID,
    });
    const opener = await privateKeySealing(JSON.parse(test.env.SEALING_KEYS_FILE ?? ''));
    const open = (jwe: string, purpose: string) =>
      opener.open(jwe, { table: 'credentials', tenantId: north, rowId: one?.id ?? '', purpose });
    expect(JSON.parse(await open(one?.sealedCode.jwe ?? '', 'authorization_code'))).toEqual({
      code,
      redirectUri: 'http://127.0.0.1:1/oauth/callback',
      receivedAt: expect.any(Number) as number,
    });
    expect(await open(one?.sealedVerifier.jwe ?? '', 'code_verifier')).toMatch(/^[\w-]{43}$/);
    expect(one?.fingerprint).toMatch(/^[0-9a-f]{64}$/);
    const row = (await requests().first()) as Record<string, unknown>;
    expect(row).toMatchObject({ id: one?.id, verifier_jwe: null, verifier_kid: null });
  });

  it('works once: the same session with a used state lands on the connection page, which says so and has a button', async () => {
    const state = await started();
    await alice.get(callback({ code, state }));
    for (const again of [
      { code, state },
      { code: 'another', state },
      { error: 'access_denied', state },
    ]) {
      const answer = await alice.get(callback(again));
      expect(where(answer)).toBe(usedBefore(north));
      const { text } = await alice.follow(answer);
      expect(text).toContain('with a sign-in that was already used, so nothing changed');
      expect(text).toContain(`<a href="${pageOf(north)}" role="button"`);
    }
    expect((await alice.get(`/tenants/${north}/connection`)).text).not.toContain('already used');
    expect(received.codes).toHaveLength(1);
  });

  it('works once also if it comes twice at the same time', async () => {
    const state = await started();
    const answers = await Promise.all([1, 2, 3, 4].map(() => alice.twin().get(callback({ code, state }))));
    expect(answers.map(where).sort()).toEqual([connectionOf(north), ...Array<string>(3).fill(usedBefore(north))]);
    expect(received.codes).toHaveLength(1);
  });

  it('of two tabs each is its own, and each code goes with the verifier of its own start', async () => {
    const [first, second] = [await startSignIn(alice, north), await startSignIn(alice, north)];
    await alice.get(callback({ code: 'of-the-second', state: stateIn(second) }));
    await alice.get(callback({ code: 'of-the-first', state: stateIn(first) }));
    expect(new Set(received.codes.map(({ id }) => id)).size).toBe(2);
    const opener = await privateKeySealing(JSON.parse(test.env.SEALING_KEYS_FILE ?? ''));
    const challenges = await Promise.all(
      received.codes.map(async ({ id, sealedVerifier: { jwe } }) => {
        const context = { table: 'credentials', tenantId: north, rowId: id, purpose: 'code_verifier' } as const;
        return createHash('sha256')
          .update(await opener.open(jwe, context))
          .digest('base64url');
      }),
    );
    expect(challenges).toEqual([second, first].map((asked) => asked.get('code_challenge')));
  });

  it('goes on in a session that continues under another id, after the password was given again', async () => {
    const state = await started();
    await alice.get('/sign-in/password');
    const sid = alice.cookies.get('sid');
    await alice.post('/sign-in/password', { password: 'correct-zebra-lantern-42' });
    expect(alice.cookies.get('sid')).not.toBe(sid);
    expect(where(await alice.get(callback({ code, state })))).toBe(connectionOf(north));
    expect(received.codes).toHaveLength(1);
  });

  it.each(['/oauth/callback/signed-out', '/oauth/callback/too-old', '/oauth/callback/elsewhere'])(
    '%s says what happened and where to go',
    async (path) => {
      for (const visitor of [test.visitor(), alice]) {
        const { status, text } = await visitor.get(path);
        expect(status).toBe(200);
        expect(text).toContain('Nothing was connected.');
        expect(text).toMatch(/<a href="\/(sign-in|tenants)" role="button"/);
      }
    },
  );

  it('to a person who is signed out here leads back to the page with the button after signing in, and uses nothing up', async () => {
    const state = await started();
    const visitor = test.visitor();
    const { text } = await visitor.follow(await visitor.get(callback({ code, state })));
    const link = `/sign-in?next=${encodeURIComponent(pageOf(north))}`;
    expect(text).toContain(`<a href="${link}" role="button"`);
    expect((await visitor.get(link)).text).toContain(`name="next" value="${pageOf(north)}"`);
    expect([await usedUp(), received.codes]).toEqual([0, []]);
  });

  it.each(['https://attacker.example/', '//attacker.example', '/\\attacker.example', 'javascript:alert(1)'])(
    'leads from the page for people who are signed out to no other site: %s',
    async (next) => {
      const { text } = await test.visitor().get(`/oauth/callback/signed-out?next=${encodeURIComponent(next)}`);
      expect(text).toContain('<a href="/sign-in" role="button"');
    },
  );

  it.each([
    ['denied', { error: 'access_denied', error_description: '<b>no</b>' }, 'access was not allowed'],
    ['failed', { error: 'server_error' }, 'did not finish that sign-in'],
    ['failed', {}, 'did not finish that sign-in'],
    ['failed', { code: '' }, 'did not finish that sign-in'],
    ['failed', { code: 'x'.repeat(4097) }, 'did not finish that sign-in'],
    // Another server that claims to be the one (RFC 9207).
    ['failed', { code, iss: 'https://attacker.example' }, 'did not finish that sign-in'],
  ])(
    'that is %s (%j) is used up, connects nothing, and the page with the button says so',
    async (notice, sent, told) => {
      const state = await started();
      const answer = await alice.get(callback({ ...sent, state }));
      expect(where(answer)).toBe(refusedAs(notice));
      const { text } = await alice.follow(answer);
      expect(text).toContain(told);
      expect(text).toContain('nothing was connected');
      expect(text).not.toContain('<b>no');
      expect(received.codes).toEqual([]);
      expect(where(await alice.get(callback({ code, state })))).toBe(usedBefore(north));
      expect(received.codes).toEqual([]);
    },
  );

  it.each(['&iss=https://attacker.example&iss=https://attacker.example', '&error=access_denied&error=access_denied'])(
    'is refused if a value was sent in any way but once, as text: %s',
    async (more) => {
      const answer = await alice.get(callback({ code, state: await started() }) + more);
      expect(where(answer)).toBe(refusedAs('failed'));
      expect(received.codes).toEqual([]);
    },
  );

  it('accepts the issuer that RingCentral is, also behind a proxy that hands on its own name', async () => {
    await alice.get(callback({ code, state: await started(), iss: test.emulator.url }));
    await alice.get(callback({ code, state: await started(), iss: 'https://platform.ringcentral.com' }));
    expect(received.codes).toHaveLength(2);
  });

  it('is accepted for ten minutes', async () => {
    const [inTime, late] = [await started(), await started()];
    test.clock.advance(9.9 * 60_000);
    expect(where(await alice.get(callback({ code, state: inTime })))).toBe(connectionOf(north));
    test.clock.advance(0.2 * 60_000);
    expect(where(await alice.get(callback({ code, state: late })))).toBe(refusedAs('too_old'));
    expect(received.codes).toHaveLength(1);
  });

  it('is refused if the app has been replaced meanwhile', async () => {
    const state = await started();
    await requests().update({ client_id: 'another-app' });
    expect(where(await alice.get(callback({ code, state })))).toBe(refusedAs('failed'));
    expect(received.codes).toEqual([]);
  });

  it('over the limit of exchanges connects nothing, and says so', async () => {
    received.answer = { kind: 'limited', until: new Date() };
    const answer = await alice.get(callback({ code, state: await started() }));
    expect(where(answer)).toBe(refusedAs('limited'));
    expect((await alice.follow(answer)).text).toContain('There were too many tries');
  });

  it('SEC-13: HEAD and everything that only looks ahead get 204 and change nothing', async () => {
    const state = await started();
    const seen = () => test.db('sessions').orderBy('id_hash').select('id_hash', 'last_seen_at');
    const before = await seen();
    test.clock.advance(60_000);
    const { status } = await alice.head(callback({ code, state }));
    expect(status).toBe(204);
    for (const headers of [
      { 'sec-purpose': 'prefetch' },
      { 'sec-purpose': 'prefetch;prerender' },
      { purpose: 'prefetch' },
      { 'x-purpose': 'preview' },
      { 'x-moz': 'prefetch' },
    ]) {
      const ahead = Object.assign(alice.twin(), { headers });
      expect((await ahead.get(callback({ code, state }))).status).toBe(204);
    }
    expect([await usedUp(), received.codes]).toEqual([0, []]);
    expect(await seen()).toEqual(before);
    expect(where(await alice.get(callback({ code, state })))).toBe(connectionOf(north));
  });

  it('SEC-20: looks at the membership again', async () => {
    const state = await started();
    const [{ personId } = { personId: '' }] = await test.portal.services.tenants.members(north);
    await test.portal.services.tenants.removeMember(test.db, north, personId);
    const answer = await alice.get(callback({ code, state }));
    expect((await alice.follow(answer)).status).toBe(404);
    expect([await usedUp(), received.codes]).toEqual([1, []]);
  });

  it('SEC-20: looks at the role again', async () => {
    const state = await started();
    const [{ personId } = { personId: '' }] = await test.portal.services.tenants.members(north);
    await test.portal.services.tenants.setRole(test.db, north, personId, 'viewer');
    const answer = await alice.get(callback({ code, state }));
    expect((await alice.follow(answer)).text).toContain('You can view this page.');
    expect([await usedUp(), received.codes]).toEqual([1, []]);
  });

  it('SEC-20: a clinic that requires a second factor meanwhile gets nothing without one', async () => {
    const state = await started();
    await test.db('tenants').where({ id: north }).update({ members_need_second_factor: true });
    const answer = await alice.get(callback({ code, state }));
    expect((await alice.follow(answer)).headers.location).toMatch(/^\/account\/second-factor/);
    expect(received.codes).toEqual([]);
  });

  it('leaves an audit row that says what came of it', async () => {
    await alice.get(callback({ code, state: await started() }));
    await alice.get(callback({ error: 'access_denied', state: await started() }));
    const acts = test
      .db('audit_events')
      .where({ action: 'ringcentral_sign_in.returned', tenant_id: north })
      .orderBy('seq');
    expect(await acts.select('tenant_id', 'outcome', 'detail')).toEqual([
      { tenant_id: north, outcome: 'ok', detail: '{}' },
      { tenant_id: north, outcome: 'refused', detail: '{"because":"denied"}' },
    ]);
  });

  it('SEC-23: code and state are in no log, no table, no answer and no Referer', async () => {
    const state = await started();
    const returns = [
      { code, state },
      { code, state: `${state.slice(1)}A` },
      { code: [code, code].join(), state: 'x' },
    ];
    const answers: Answer[] = [];
    for (const values of returns)
      for (const visitor of [test.visitor(), alice]) {
        const answer = await visitor.get(callback(values));
        expect(answer.headers['referrer-policy']).toBe('no-referrer');
        expect(answer.headers['cache-control']).toBe('no-store');
        answers.push(answer, await visitor.follow(answer));
      }
    const tables = await Promise.all(
      ['authorization_requests', 'audit_events', 'sessions'].map((table) => test.db(table).select()),
    );
    const everywhere = JSON.stringify([answers, tables, test.logs]);
    for (const secret of [code, state, state.slice(1)]) expect(everywhere).not.toContain(secret);
    expect(test.logs.join('')).toContain('"route":"/oauth/callback"');
  });

  it('SEC-23: leads to an address without code and state when it fails, whatever fails', async () => {
    const state = await started();
    const failed = '303 /oauth/callback/failed';
    received.fails = true;
    const answer = await alice.get(callback({ code, state }));
    expect(where(answer)).toBe(failed);
    const page = await alice.follow(answer);
    expect(page.text).toContain('We could not finish this sign-in');
    expect(page.text).toContain('<a href="/tenants"');
    received.fails = false;
    await test.db.schema.renameTable('sessions', 'sessions_away');
    expect(where(await alice.get(callback({ code, state })))).toBe(failed);
    await test.db.schema.renameTable('sessions_away', 'sessions');
    expect(where(await alice.get(callback({ code, state })))).toBe(connectionOf(north));
    expect(test.logs.filter((line) => line.includes('a request failed'))).toHaveLength(2);
    expect(test.logs.join('')).not.toContain(code);
  });

  it('has no verifier any more within the hour after its start, and is too old then', async () => {
    const state = await started();
    for (const minutes of [20, 19]) {
      test.clock.advance(minutes * 60_000);
      await alice.get('/tenants'); // stays signed in
    }
    await test.portal.clean();
    expect(await requests().whereNotNull('verifier_jwe')).toHaveLength(1);
    test.clock.advance(2 * 60_000);
    await test.portal.clean();
    expect(await requests().select('verifier_jwe', 'verifier_kid')).toEqual([
      { verifier_jwe: null, verifier_kid: null },
    ]);
    expect(where(await alice.get(callback({ code, state })))).toBe(refusedAs('too_old'));
    expect([await usedUp(), received.codes]).toEqual([1, []]);
  });

  it('is forgotten a day after its start', async () => {
    await started();
    test.clock.advance(23 * 3_600_000);
    await test.portal.clean();
    expect(await requests()).toHaveLength(1);
    test.clock.advance(2 * 3_600_000);
    await test.portal.clean();
    expect(await requests()).toHaveLength(0);
  });
});

describe('the matrix of session, clinic, state and code', () => {
  it('accepts only a fresh state of this session with a code, whatever else is combined', async () => {
    const south = await test.addTenant('South Clinic');
    const bert = await test.member(south, 'Bert Hill');
    const both = await test.member(north, 'Dana Both');
    const dana = (await test.portal.services.tenants.members(north)).at(-1)?.personId ?? '';
    await test.portal.services.tenants.addMember(test.db, south, dana, 'owner');
    // The same person in another browser, and in the same browser after signing out and in again.
    const otherBrowser = test.visitor();
    await otherBrowser.get('/sign-in');
    await otherBrowser.post('/sign-in', { email: alice.email, password: 'correct-zebra-lantern-42' });
    const sessions: Record<string, Visitor> = {
      alice,
      'alice elsewhere': otherBrowser,
      bert,
      both,
      'signed out': test.visitor(),
    };
    const owners: Record<string, [who: string, tenantId: string]> = {
      alice: ['alice', north],
      bert: ['bert', south],
      'both in the north': ['both', north],
      'both in the south': ['both', south],
    };
    const rows: Record<string, object> = {};
    for (const [owner, [who, tenantId]] of Object.entries(owners)) {
      await started(sessions[who], tenantId);
      const [row] = await test
        .db('authorization_requests')
        .where({ tenant_id: tenantId })
        .orderBy('created_at', 'desc');
      rows[owner] = row as object;
    }
    /** Another request like the one that this owner started. */
    async function aRequest(owner: string, kind: string): Promise<string> {
      const [id, state] = [randomUUID(), randomBytes(32).toString('base64url')];
      const hash = createHash('sha256').update(state).digest('base64url');
      const at = (minutes: number) => new Date(test.clock().getTime() - minutes * 60_000).toISOString();
      const changed = { created_at: at(kind === 'old' ? 11 : 1), used_at: kind === 'used' ? at(0) : null };
      await test.db('authorization_requests').insert({ ...rows[owner], id, state_hash: hash, ...changed });
      return state;
    }
    const states = ['fresh', 'used', 'old', 'altered', 'empty', 'absent', 'twice'] as const;
    const codes = ['one', 'none', 'denied'] as const;
    const wrong: string[] = [];
    let accepted = 0;
    for (const [session, visitor] of Object.entries(sessions))
      for (const [owner, [who, tenantId]] of Object.entries(owners))
        for (const kind of states)
          for (const sent of codes) {
            const state = await aRequest(owner, kind);
            const values = {
              fresh: [state],
              used: [state],
              old: [state],
              altered: [`${state.slice(0, -2)}${state.endsWith('A') ? 'BB' : 'AA'}`],
              empty: [''],
              absent: [],
              twice: [state, state],
            }[kind];
            const query = new URLSearchParams(values.map((value): [string, string] => ['state', value]));
            if (sent === 'one') query.set('code', code);
            if (sent === 'denied') query.set('error', 'access_denied');
            const before = received.codes.length;
            const answer = await visitor.get(`/oauth/callback?${query.toString()}`);
            const isAccepted = received.codes.length === before + 1;
            if (isAccepted) accepted += 1;
            const isRight = session === who && kind === 'fresh' && sent === 'one';
            const to = isAccepted ? received.codes.at(-1)?.tenantId : tenantId;
            const cell = `${session}, ${owner}, ${kind}, ${sent}: ${where(answer)}`;
            if (isAccepted !== isRight || to !== tenantId) wrong.push(cell);
            // Each refusal has its text.
            const expected = expectedAnswer({ session, who, tenantId, kind, sent });
            if (where(answer) !== expected) wrong.push(`${cell}, not ${expected}`);
            // Another session uses nothing up.
            if (session === who || kind !== 'fresh' || sent !== 'one') continue;
            await sessions[who]?.get(callback({ code, state }));
            if (received.codes.length !== before + 1) wrong.push(`${cell}, used up by another session`);
          }
    expect(wrong).toEqual([]);
    expect(accepted).toBe(4);
  });

  type Cell = { session: string; who: string; tenantId: string; kind: string; sent: string };
  function expectedAnswer({ session, who, tenantId, kind, sent }: Cell): string {
    const isKnown = ['fresh', 'used', 'old'].includes(kind);
    if (session === 'signed out') return signedOut + (isKnown ? `?next=${encodeURIComponent(pageOf(tenantId))}` : '');
    if (!isKnown) return tooOld;
    if (session !== who) return '303 /oauth/callback/elsewhere';
    if (kind === 'used') return usedBefore(tenantId);
    if (kind === 'old') return `303 ${pageOf(tenantId)}?notice=too_old`;
    if (sent === 'one') return connectionOf(tenantId);
    return `303 ${pageOf(tenantId)}?notice=${sent === 'denied' ? 'denied' : 'failed'}`;
  }
});
