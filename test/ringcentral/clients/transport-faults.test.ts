import { inspect } from 'node:util';
import { Secret } from '../../../src/platform/secret.js';
import { realWorld } from '../../../src/platform/world.js';
import type { AuthBudget } from '../../../src/ringcentral/auth-budget/auth-budget-types.js';
import { fixedSecret } from '../../../src/ringcentral/clients/client-secret.js';
import { createGuardedCall, originOf } from '../../../src/ringcentral/clients/guarded-call.js';
import { createRingCentralClient } from '../../../src/ringcentral/clients/ringcentral-client.js';
import { createEmulator, type Emulator } from '../../../src/emulator/emulator.js';
import { faultTable, type Expected } from '../../drill/faults/fault-table.js';
import { aServer } from '../../support/visits/http-server.js';

const ASSERTION = 'eyJraWQiOi.ASSERTION-THAT-MUST-NOT-LEAK.signature';
const CLIENT_SECRET = 'CLIENT-SECRET-THAT-MUST-NOT-LEAK';
const TOKEN = 'TOKEN-THAT-MUST-NOT-LEAK';
const DEADLINE_MS = 1500;

const unlimited: Pick<AuthBudget, 'run'> = {
  run: async (_ask, send) => ({ kind: 'sent', value: (await send()).value }),
};

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

function aClient(serverUrl: string) {
  const client = createRingCentralClient({
    apps: { production: { clientId: 'app', secret: { current: fixedSecret(CLIENT_SECRET) }, serverUrl } },
    requiredScopes: ['ReadAccounts'],
    budget: unlimited,
    world: realWorld,
    userAgent: 'Latchkey/0.0.0',
    deadlineMs: DEADLINE_MS,
  });
  closing.push(client.close);
  return {
    mint: () =>
      client.mint({ assertion: new Secret(ASSERTION), environment: 'production', lane: 'broker', tenantId: 'north' }),
    revoke: () =>
      client.revoke({ token: new Secret(TOKEN), environment: 'production', lane: 'broker', tenantId: 'north' }),
    identity: () => client.identity({ accessToken: new Secret(TOKEN), environment: 'production', ownerId: '123' }),
    listExtensions: () =>
      client.listExtensions({ accessToken: new Secret(TOKEN), environment: 'production', ownerId: '123' }),
    probeFaxLine: () =>
      client.probeFaxLine({ accessToken: new Secret(TOKEN), environment: 'production', ownerId: '123' }, '123'),
  };
}

/** Expects no secret in the value at any depth; inspects hidden properties too. */
function expectNoSecret(thing: unknown): void {
  const shown = inspect(thing, { depth: 20, showHidden: true, maxStringLength: null, maxArrayLength: null });
  for (const secret of [ASSERTION, CLIENT_SECRET, TOKEN]) expect(shown).not.toContain(secret);
}

describe('an undocumented answer', () => {
  let emulator: Emulator;
  beforeAll(async () => {
    emulator = createEmulator({ limits: 'generous' });
    await emulator.listen();
    emulator.addApp({ clientId: 'app', secret: CLIENT_SECRET });
  });
  afterAll(() => emulator.close());
  afterEach(() => emulator.faults.clear());

  /** The client's outcome. Only the proof retries with a new token after a 401. */
  const outcomeOf = (expected: Expected, name: string) =>
    expected === 'accepted' || name === '401' ? {} : { kind: expected.kind, cause: expected.cause };

  const cases = faultTable.flatMap((row) => {
    if (!('fault' in row.how) || row.token === null || row.api === null) return [];
    const { fault } = row.how;
    return [
      [row.name, 'mint', fault, outcomeOf(row.token, row.name)] as const,
      [row.name, 'identity', fault, outcomeOf(row.api, row.name)] as const,
    ];
  });

  it.each(cases)(
    '%s on %s is classified before the deadline after one request, and leaks nothing',
    async (_name, call, fault, class_) => {
      const elsewhere = await aServer((_request, response) => response.end('{}'));
      closing.push(elsewhere.close);
      emulator.faults.add({ ...fault, location: elsewhere.url });
      emulator.clearLog();
      const startedAt = Date.now();
      const outcome = await aClient(emulator.url)[call]();
      expect(outcome).toMatchObject(class_);
      expect(Date.now() - startedAt).toBeLessThan(DEADLINE_MS + 1000);
      expect(emulator.requests).toHaveLength(1);
      expect(elsewhere.state.visits).toBe(0);
      expectNoSecret(outcome);
    },
  );
});

describe('the connection to RingCentral', () => {
  it('is unreachable if nothing listens', async () => {
    const server = await aServer(() => undefined);
    await server.close();
    expect(await aClient(server.url).mint()).toMatchObject({
      kind: 'inconclusive',
      cause: 'unreachable',
      status: null,
    });
  });
});

async function mintAnswered(body: unknown, status = 200, headers: Record<string, string> = {}) {
  const server = await aServer((_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  closing.push(server.close);
  return aClient(server.url).mint();
}

const good = {
  access_token: TOKEN,
  token_type: 'bearer',
  expires_in: 3600,
  scope: 'ReadAccounts',
  owner_id: '63304567004',
};

describe('a token answer', () => {
  it('is accepted with its owner, and does not show the token', async () => {
    const outcome = await mintAnswered({ ...good, endpoint_id: 'here' }, 200, { RCRequestId: 'abc-1' });
    expect(outcome).toMatchObject({
      kind: 'accepted',
      requestId: 'abc-1',
      value: { expiresInSeconds: 3600, scopes: ['ReadAccounts'], ownerId: '63304567004' },
    });
    expectNoSecret(outcome);
  });

  it('keeps every digit of an owner given as a number beyond 2^53', async () => {
    const text = JSON.stringify(good).replace('"63304567004"', '12345678901234567891');
    expect(await mintAnswered(text)).toMatchObject({ value: { ownerId: '12345678901234567891' } });
  });

  it.each([
    ['no lifetime', { expires_in: undefined }],
    ['a lifetime of 0', { expires_in: 0 }],
    ['a negative lifetime', { expires_in: -1 }],
    ['a lifetime that is no number', { expires_in: 'x' }],
    ['no token', { access_token: undefined }],
    ['an empty token', { access_token: '' }],
    ['a token that is no text', { access_token: { a: 1 } }],
    ['a token of more than 4 KB', { access_token: 'x'.repeat(4097) }],
    ['no owner', { owner_id: undefined }],
    ['an owner that is no number', { owner_id: '../12' }],
    ['another type of token', { token_type: 'mac' }],
  ])('with %s says nothing about the credential', async (_name, change) => {
    expect(await mintAnswered({ ...good, ...change })).toMatchObject({
      kind: 'inconclusive',
      cause: 'ringcentral_unavailable',
      status: 200,
    });
  });

  it('counts a lifetime above a day as a day', async () => {
    expect(await mintAnswered({ ...good, expires_in: 1e9 })).toMatchObject({ value: { expiresInSeconds: 86_400 } });
  });

  it('keeps a request id only if all its characters are allowed', async () => {
    expect(await mintAnswered(good, 200, { RCRequestId: 'a b<c>' })).toMatchObject({ requestId: null });
    expect(await mintAnswered(good, 200, { RCRequestId: 'x'.repeat(101) })).toMatchObject({ requestId: null });
  });
});

describe('a request', () => {
  it('SEC-29: names the app unencoded, the scopes, who we are, and asks for no encoding', async () => {
    const seen: { headers: Record<string, unknown>; body: string }[] = [];
    const server = await aServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        seen.push({ headers: request.headers, body });
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(good));
      });
    });
    closing.push(server.close);
    await aClient(server.url).mint();
    expect(seen[0]?.headers).toMatchObject({
      authorization: `Basic ${Buffer.from(`app:${CLIENT_SECRET}`).toString('base64')}`,
      accept: 'application/json',
      'accept-encoding': 'identity',
      'x-user-agent': 'Latchkey/0.0.0',
      'content-type': 'application/x-www-form-urlencoded;charset=UTF-8',
    });
    const form = new URLSearchParams(seen[0]?.body);
    expect(Object.fromEntries(form)).toEqual({
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      assertion: ASSERTION,
      scope: 'ReadAccounts',
      refresh_token_ttl: '0',
    });
  });

  it('SEC-25: goes only to a configured origin', async () => {
    const server = await aServer((_request, response) => response.end('{}'));
    closing.push(server.close);
    const guarded = createGuardedCall({
      allowedOrigins: ['https://platform.ringcentral.com'],
      world: realWorld,
      userAgent: 'x',
    });
    closing.push(guarded.close);
    for (const url of [server.url, 'https://platform.ringcentral.com.example/', 'nonsense'])
      expect(await guarded.call({ method: 'GET', url, headers: {} })).toMatchObject({ failure: 'origin_not_allowed' });
    expect(server.state.visits).toBe(0);
  });

  it.each(['http://platform.ringcentral.com', 'http://10.0.0.1', 'ftp://localhost'])('never goes to %s', (address) => {
    expect(() => originOf(address)).toThrow('neither https nor loopback');
  });
});

describe('a list of extensions', () => {
  it('is read page by page', async () => {
    const server = await aServer((request, response) => {
      const page = Number(new URL(request.url ?? '', 'http://x').searchParams.get('page'));
      const records = [{ id: 9_007_199_254_740_991 - page, type: 'FaxUser', status: 'Enabled' }, { id: 'no' }];
      response.end(JSON.stringify({ records, paging: { page, totalPages: 3 } }));
    });
    closing.push(server.close);
    expect(await aClient(server.url).listExtensions()).toMatchObject({
      kind: 'accepted',
      value: { complete: true, extensions: [{ type: 'FaxUser' }, { type: 'FaxUser' }, { type: 'FaxUser' }] },
    });
  });

  it('is requested with 100 records per page if RingCentral refuses 1,000, and every page is read', async () => {
    const sizes: string[] = [];
    const server = await aServer((request, response) => {
      const query = new URL(request.url ?? '', 'http://x').searchParams;
      sizes.push(query.get('perPage') ?? '');
      if (query.get('perPage') !== '100') {
        response.statusCode = 400;
        const errors = [{ errorCode: 'CMN-101', parameterName: 'perPage' }];
        response.end(JSON.stringify({ errorCode: 'CMN-101', message: 'Parameter [perPage] value is invalid', errors }));
        return;
      }
      const page = Number(query.get('page'));
      const records = Array.from({ length: page < 3 ? 100 : 7 }, (_, index) => ({ id: page * 1000 + index }));
      response.end(JSON.stringify({ records, paging: { page, totalPages: 3 } }));
    });
    closing.push(server.close);
    const listed = await aClient(server.url).listExtensions();
    expect(listed).toMatchObject({ kind: 'accepted', value: { complete: true } });
    expect(listed.kind === 'accepted' && listed.value.extensions).toHaveLength(207);
    expect(sizes).toEqual(['1000', '100', '100', '100']);
  });

  it('is not requested a third time if RingCentral refuses both sizes', async () => {
    const server = await aServer((_request, response) => {
      response.statusCode = 400;
      response.end(JSON.stringify({ errorCode: 'CMN-101' }));
    });
    closing.push(server.close);
    expect(await aClient(server.url).listExtensions()).toMatchObject({ kind: 'refused', codes: ['CMN-101'] });
    expect(server.state.visits).toBe(2);
  });

  it('ends after 20 pages, and says so', async () => {
    const server = await aServer((_request, response) =>
      response.end(JSON.stringify({ records: [{ id: 1 }], paging: { totalPages: 1e9 } })),
    );
    closing.push(server.close);
    expect(await aClient(server.url).listExtensions()).toMatchObject({ value: { complete: false } });
    expect(server.state.visits).toBe(20);
  });
});

it('SEC-54: drops the messages of a fax line: no name or number of a patient is returned', async () => {
  const server = await aServer((_request, response) =>
    response.end(JSON.stringify({ records: [{ from: { name: 'PATIENT', phoneNumber: '+12135550976' } }] })),
  );
  closing.push(server.close);
  const outcome = await aClient(server.url).probeFaxLine();
  expect(outcome).toEqual({ kind: 'accepted', value: null, requestId: null });
});
