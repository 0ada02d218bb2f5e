import { aRingCentral, codes, type Cast } from '../cast.js';

let cast: Cast;
beforeEach(async () => {
  cast = await aRingCentral();
  cast.emulator.updateApp(cast.app.clientId, { scopes: ['ReadAccounts', 'ReadMessages', 'ReadCallLog'] });
});
afterEach(() => cast.emulator.close());

type Log = { records: { message?: { id: string; uri: string }; direction: string; extension: { id: number } }[] };
const ofAna = async () => (await cast.mint())['access_token'] ?? '';
const log = (token: string, query = '') => cast.get(`/restapi/v1.0/account/~/call-log?type=Fax${query}`, token);
const recordsOf = async (response: Response) => ((await response.json()) as Log).records;

it('lists the faxes of all mailboxes of the account, newest first, and of no other account', async () => {
  const { emulator, line, standard, isv } = cast;
  const stranger = emulator.addExtension({ accountId: isv.id });
  const at = (hour: number) => new Date(cast.time.now.getTime() - hour * 3_600_000);
  emulator.addMessage({ extensionId: line.id, createdAt: at(3) });
  emulator.addMessage({ extensionId: standard.id, createdAt: at(2), direction: 'Outbound' });
  emulator.addMessage({ extensionId: standard.id, createdAt: at(1), type: 'SMS' });
  emulator.addMessage({ extensionId: standard.id, createdAt: at(30) });
  emulator.addMessage({ extensionId: stranger.id, createdAt: at(1) });
  const token = await ofAna();
  const lines = async (query: string) => (await recordsOf(await log(token, query))).map((one) => one.extension.id);
  expect(await lines('')).toEqual([Number(standard.id), Number(line.id)]);
  expect(await lines('&direction=Inbound')).toEqual([Number(line.id)]);
  expect(await lines(`&dateFrom=${at(48).toISOString()}&perPage=1&page=3`)).toEqual([Number(standard.id)]);
  expect((await recordsOf(await cast.get('/restapi/v1.0/account/~/call-log?type=Voice', token))).length).toBe(0);
});

it('names the message only for callers who may see it', async () => {
  const { emulator, line, ana } = cast;
  const { id } = emulator.addMessage({ extensionId: line.id });
  const token = await ofAna();
  const [seen] = await recordsOf(await log(token));
  expect(seen?.message).toMatchObject({ id });
  expect((await fetch(seen?.message?.uri ?? '', { headers: { authorization: `Bearer ${token}` } })).status).toBe(200);
  emulator.setPermission(ana.id, 'ReadMessages', ['Self']);
  const [unseen] = await recordsOf(await log(token));
  expect(unseen).toMatchObject({ extension: { id: Number(line.id) } });
  expect(unseen).not.toHaveProperty('message');
});

it('requires scope and permission, counts as Heavy, and validates its parameters', async () => {
  const token = await ofAna();
  expect((await log(token)).headers.get('x-rate-limit-group')).toBe('heavy');
  expect((await codes(await log(token, '&type=Smoke')))[2]).toBe('CMN-101');
  expect((await codes(await log(token, '&dateFrom=yesterday')))[2]).toBe('CMN-101');
  cast.emulator.setPermission(cast.ana.id, 'FullCompanyCallLog', null);
  expect(await codes(await log(token))).toEqual([403, 'CMN-408', 'CMN-408']);
  cast.emulator.updateApp(cast.app.clientId, { scopes: ['ReadAccounts', 'ReadMessages'] });
  expect((await codes(await log(await ofAna())))[2]).toBe('CMN-401');
});
