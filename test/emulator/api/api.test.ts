import { aRingCentral, own, read, type Answer, type Cast } from '../cast.js';

let cast: Cast;
let token: string;
beforeEach(async () => {
  cast = await aRingCentral({ limits: 'generous' });
  token = (await cast.mint())['access_token'] ?? '';
});
afterEach(() => cast.emulator.close());

const first = (list: Answer) => list.records[0]!;
const of = (id: string, rest = '') => `/restapi/v1.0/account/~/extension/${id}${rest}`;
const asStandard = async () => {
  const { jwt } = cast.emulator.createJwt({ extensionId: cast.standard.id, clientIds: [cast.app.clientId] });
  return (await cast.mint(jwt))['access_token'] ?? '';
};

describe('error bodies match the documented ones', () => {
  it('a call without an Authorization header', async () => {
    const message = 'Authorization header is not specified';
    expect(await read(await cast.get(own))).toEqual([
      401,
      { errorCode: 'AGW-401', message, errors: [{ errorCode: 'AGW-401', message }] },
    ]);
  });

  it('the JWT itself in place of an access token', async () => {
    expect(await read(await cast.get(own, cast.jwt))).toEqual([
      401,
      {
        errorCode: 'TokenInvalid',
        message: 'OAuth token is invalid',
        errors: [{ errorCode: 'OAU-149', message: 'Unparsable access token' }],
      },
    ]);
  });

  it('a header that is not a bearer token', async () => {
    const response = await fetch(cast.url + own, { headers: cast.basic() });
    expect((await read(response))[1].errorCode).toBe('AGW-402');
  });

  it('an app without the scope', async () => {
    cast.emulator.updateApp(cast.app.clientId, { scopes: ['ReadAccounts'] });
    const { access_token: fresh } = await cast.mint();
    const message = 'In order to call this API endpoint, application needs to have [ReadMessages] permission';
    expect(await read(await cast.get(`${own}/message-store`, fresh))).toEqual([
      403,
      {
        errorCode: 'InsufficientPermissions',
        message,
        errors: [{ errorCode: 'CMN-401', permissionName: 'ReadMessages', message }],
        permissionName: 'ReadMessages',
      },
    ]);
  });

  it('a user without the permission', async () => {
    cast.emulator.setPermission(cast.ana.id, 'ReadCompanyInfo', null);
    const message =
      'In order to call this API endpoint, user needs to have [ReadCompanyInfo] permission for requested resource.';
    expect(await read(await cast.get('/restapi/v1.0/account/~', token))).toEqual([
      403,
      {
        errorCode: 'CMN-408',
        message,
        errors: [{ errorCode: 'CMN-408', permissionName: 'ReadCompanyInfo', message }],
        permissionName: 'ReadCompanyInfo',
      },
    ]);
  });

  it('another extension without extended scope', async () => {
    const message =
      'In order to call this API endpoint for another extension, user needs to have [ReadMessages] permission granted with extended scope';
    expect(await read(await cast.get(of(cast.line.id, '/message-store'), await asStandard()))).toEqual([
      403,
      {
        errorCode: 'CMN-419',
        message,
        errors: [{ errorCode: 'CMN-419', permissionsName: 'ReadMessages', message }],
      },
    ]);
  });

  it('a resource that does not exist or is in another account', async () => {
    const stranger = cast.emulator.addExtension({ accountId: cast.isv.id });
    const message = 'Resource for parameter [extensionId] is not found';
    for (const id of ['999', stranger.id]) {
      expect(await read(await cast.get(of(id), token))).toEqual([
        404,
        {
          errorCode: 'CMN-102',
          message,
          errors: [{ errorCode: 'CMN-102', message, parameterName: 'extensionId' }],
          parameterName: 'extensionId',
        },
      ]);
    }
    expect((await read(await cast.get(`/restapi/v1.0/account/${cast.isv.id}`, token)))[1].parameterName).toBe(
      'accountId',
    );
    expect((await read(await cast.get('/restapi/v1.0/nothing', token)))[1].errorCode).toBe('CMN-120');
  });
});

describe('identity', () => {
  it('ids are numbers in v1.0 and strings in v2 and in the extension’s account', async () => {
    const [, account] = await read(await cast.get('/restapi/v1.0/account/~', token));
    expect(account).toMatchObject({ id: 37439510, bsid: '37439510', status: 'Confirmed' });
    expect(JSON.stringify(account)).not.toContain('Riverside');
    const [, v2] = await read(await cast.get('/restapi/v2/accounts/~', token));
    expect(v2).toMatchObject({ id: '37439510', companyName: 'Riverside Family Clinic' });
    const [, me] = await read(await cast.get(own, token));
    expect(me).toMatchObject({ id: Number(cast.ana.id), account: { id: '37439510' }, type: 'User', status: 'Enabled' });
    expect(me.permissions).toMatchObject({ admin: { enabled: true } });
    expect(me.serviceFeatures).toContainEqual({ featureName: 'FaxReceiving', enabled: true });
    const [, line] = await read(await cast.get(of(cast.line.id), token));
    expect(line).not.toHaveProperty('serviceFeatures');
  });

  it('lists extensions by type and status, page by page', async () => {
    const list = '/restapi/v1.0/account/~/extension';
    const [, fax] = await read(await cast.get(`${list}?type=FaxUser&status=Enabled`, token));
    expect(fax.records.map(({ id }) => id)).toEqual([Number(cast.line.id)]);
    const [, second] = await read(await cast.get(`${list}?type=User&type=FaxUser&perPage=2&page=2`, token));
    expect(second.records).toHaveLength(1);
    expect(second.paging).toEqual({ page: 2, totalPages: 2, perPage: 2, totalElements: 3, pageStart: 2, pageEnd: 2 });
    expect(second.navigation['previousPage']?.uri).toContain('page=1');
    expect((await read(await cast.get(`${list}?type=Robot`, token)))[1].errors[0]?.errorCode).toBe('CMN-101');
  });

  it('reports what the user may do', async () => {
    const [, profile] = await read(await cast.get(`${own}/authz-profile`, token));
    expect(profile.permissions).toContainEqual(
      expect.objectContaining({
        permission: expect.objectContaining({ id: 'ReadMessages' }),
        scopes: ['Self', 'AllExtensions'],
      }),
    );
    const check = (target: string) =>
      `${own}/authz-profile/check?permissionId=ReadMessages&targetExtensionId=${target}`;
    expect((await read(await cast.get(check(cast.line.id), token)))[1].successful).toBe(true);
    expect((await read(await cast.get(check(cast.line.id), await asStandard())))[1].successful).toBe(false);
    const [, features] = await read(
      await cast.get(`${own}/features?featureId=FaxReceiving&featureId=EditUsers`, token),
    );
    expect(features.records).toEqual([
      { id: 'FaxReceiving', available: true },
      { id: 'EditUsers', available: false, reason: expect.objectContaining({ code: 'InsufficientPermissions' }) },
    ]);
    const [, role] = await read(await cast.get(`${own}/assigned-role`, token));
    expect(role.records).toMatchObject([{ id: '1', displayName: 'Super Admin' }]);
  });

  it('reports that it is up without a token', async () => {
    expect((await read(await cast.get('/restapi')))[1].apiVersions[0]?.uriString).toBe('v1.0');
    expect((await read(await cast.get('/restapi/oauth/jwks')))[1].keys[0]).toMatchObject({
      kty: 'RSA',
      alg: 'RS256',
    });
  });
});

describe('the message store', () => {
  const hoursAgo = (hours: number) => new Date(cast.time.now.getTime() - hours * 3_600_000);
  beforeEach(() => {
    const extensionId = cast.line.id;
    cast.emulator.addMessage({ extensionId, createdAt: hoursAgo(1) });
    cast.emulator.addMessage({ extensionId, createdAt: hoursAgo(2), readStatus: 'Read' });
    cast.emulator.addMessage({ extensionId, createdAt: hoursAgo(30) });
    cast.emulator.addMessage({ extensionId, createdAt: hoursAgo(3), direction: 'Outbound' });
  });
  const store = (query: string) => of(cast.line.id, `/message-store?${query}`);

  it('lists the faxes of the last 24 hours by default, newest first', async () => {
    const [status, day] = await read(await cast.get(store('messageType=Fax&direction=Inbound'), token));
    expect(status).toBe(200);
    expect(day.records.map(({ creationTime }) => creationTime)).toEqual([
      '2026-09-02T08:00:00.000Z',
      '2026-09-02T07:00:00.000Z',
    ]);
    const since = 'direction=Inbound&dateFrom=2026-08-01T00:00:00.000Z&perPage=1&page=3';
    const [, all] = await read(await cast.get(store(since), token));
    expect(all.paging).toMatchObject({ totalElements: 3, totalPages: 3, page: 3 });
    expect(all.uri).toContain(`/account/37439510/extension/${cast.line.id}/message-store?direction=Inbound`);
    expect((await read(await cast.get(store('readStatus=Unread&direction=Inbound'), token)))[1].records).toHaveLength(
      1,
    );
    expect((await read(await cast.get(store('perPage=1001'), token)))[1].parameterName).toBe('perPage');
    expect((await read(await cast.get(`${own}/message-store`, token)))[1]).toMatchObject({
      records: [],
      paging: { totalElements: 0 },
    });
  });

  it('returns one message and its content, in full or by range', async () => {
    const [, list] = await read(await cast.get(store('messageType=Fax&direction=Inbound'), token));
    const attachment = first(list).attachments[0]!;
    expect((await read(await cast.get(new URL(first(list).uri).pathname, token)))[1].id).toBe(first(list).id);
    const headers = { authorization: `Bearer ${token}` };
    const whole = await fetch(attachment.uri, { headers });
    const pdf = Buffer.from(await whole.arrayBuffer());
    expect([whole.status, whole.headers.get('content-type'), pdf.length]).toEqual([
      200,
      'application/pdf',
      attachment.size,
    ]);
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    const part = await fetch(attachment.uri, { headers: { ...headers, range: 'bytes=0-4' } });
    expect([part.status, await part.text()]).toEqual([206, '%PDF-']);
    const beyond = await fetch(attachment.uri, { headers: { ...headers, range: 'bytes=999999-' } });
    expect((await read(beyond))[1].errorCode).toBe('CMN-107');
    cast.emulator.setPermission(cast.ana.id, 'ReadMessageContent', ['Self']);
    expect((await read(await fetch(attachment.uri, { headers })))[1].errorCode).toBe('CMN-419');
  });

  it('marks a message read', async () => {
    cast.emulator.updateApp(cast.app.clientId, { scopes: ['ReadAccounts', 'ReadMessages', 'EditMessages'] });
    const fresh = (await cast.mint())['access_token'] ?? '';
    const [, list] = await read(await cast.get(store('messageType=Fax'), fresh));
    const headers = { authorization: `Bearer ${fresh}`, 'content-type': 'application/json' };
    const body = JSON.stringify({ readStatus: 'Read' });
    const response = await fetch(first(list).uri, { method: 'PUT', headers, body });
    expect((await read(response))[1].readStatus).toBe('Read');
  });
});
