import { createEmulator, type EmulatorOptions } from '../../src/emulator/emulator.js';

export const jwtGrant = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

/** One clinic with its administrator and a fax line, the ISV's app, and a clock that only the test moves. */
export async function aRingCentral(options: EmulatorOptions = {}) {
  const time = { now: new Date('2026-09-02T09:00:00.000Z') };
  let ids = 0;
  const newId = () => `EXAMPLEid${String(++ids).padStart(13, '0')}`;
  const emulator = createEmulator({ now: () => time.now, newId, ...options });
  const isv = emulator.addAccount({ companyName: 'Example ISV', id: '20000001' });
  const app = emulator.addApp({ ownerAccountId: isv.id });
  const clinic = emulator.addAccount({ companyName: 'Riverside Family Clinic', id: '37439510' });
  const ana = emulator.addExtension({ accountId: clinic.id, role: 'super_admin', firstName: 'Ana', lastName: 'Ruiz' });
  const line = emulator.addExtension({ accountId: clinic.id, type: 'FaxUser', name: 'Front Desk Fax' });
  const standard = emulator.addExtension({ accountId: clinic.id, firstName: 'Bo', lastName: 'Lind' });
  const { jwt, jti } = emulator.createJwt({ extensionId: ana.id, clientIds: [app.clientId] });
  const url = await emulator.listen();

  const basic = (clientId = app.clientId, secret = app.secret ?? '') => ({
    authorization: `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}`,
  });
  const form = (path: string, fields: Record<string, string> | string, headers: Record<string, string> = basic()) =>
    fetch(`${url}/restapi/oauth/${path}`, { method: 'POST', headers, body: new URLSearchParams(fields) });
  /** A token call with the cast's JWT and the given changes. */
  const ask = (fields: Record<string, string> = {}, headers?: Record<string, string>) =>
    form('token', { grant_type: jwtGrant, assertion: jwt, ...fields }, headers);
  const mint = async (assertion = jwt, fields: Record<string, string> = {}) => {
    const response = await ask({ assertion, ...fields });
    if (response.status !== 200) throw new Error(`no token: ${await response.text()}`);
    return (await response.json()) as Record<string, string>;
  };
  const get = (path: string, token?: string) =>
    fetch(url + path, token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } });
  const later = (seconds: number) => {
    time.now = new Date(time.now.getTime() + seconds * 1000);
  };
  return { emulator, url, app, isv, clinic, ana, line, standard, jwt, jti, basic, form, ask, mint, get, later, time };
}

export type Cast = Awaited<ReturnType<typeof aRingCentral>>;

export const redirectUri = 'https://isv.example/callback';

/** One whose app may also use the authorization code grant, and gets refresh tokens. */
export async function aRingCentralWithSignIn(): Promise<Cast> {
  const cast = await aRingCentral({ limits: 'generous' });
  const grants = ['jwt' as const, 'authorization_code' as const];
  cast.emulator.updateApp(cast.app.clientId, { grants, issueRefreshTokens: true, redirectUris: [redirectUri] });
  return cast;
}

/** The parts of an API answer that the tests read. */
export type Answer = {
  errorCode: string;
  parameterName: string;
  errors: { errorCode: string }[];
  id: number | string;
  uri: string;
  records: {
    id: number;
    uri: string;
    creationTime: string;
    readStatus: string;
    attachments: { uri: string; size: number }[];
  }[];
  paging: object;
  navigation: Record<string, { uri: string }>;
  permissions: unknown;
  serviceFeatures: unknown[];
  successful: boolean;
  readStatus: string;
  apiVersions: { uriString: string }[];
  keys: object[];
};

export const read = async (response: Response): Promise<[number, Answer]> => [
  response.status,
  (await response.json()) as Answer,
];

export const own = '/restapi/v1.0/account/~/extension/~';

/** Status and codes: the parts a client may rely on. */
export async function codes(response: Response): Promise<[number, string | undefined, string | undefined]> {
  const body = (await response.json()) as { errorCode?: string; error?: string; errors?: { errorCode: string }[] };
  return [response.status, body.error ?? body.errorCode, body.errors?.[0]?.errorCode];
}
