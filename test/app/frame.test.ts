import request from 'supertest';
import { frame } from '../../src/app/frame.js';
import { forwardedAddresses } from '../../src/platform/addresses.js';
import { createLogger } from '../../src/platform/log.js';

/** The frame around a page that says which address a visitor has. */
function aFrame(TRUST_PROXY: string[], HSTS_SUBDOMAINS: 'include' | 'exclude' = 'include') {
  const warned: string[] = [];
  const log = createLogger('warn', { write: (line: string) => void warned.push(line) });
  const app = frame({ https: true, config: { TRUST_PROXY, HSTS_SUBDOMAINS }, runtime: { log } }, [
    (req, res) => void res.send(req.ip),
  ]);
  return { warned, get: (headers: Record<string, string> = {}) => request(app).get('/').set(headers) };
}
const loopback = /^(::ffff:)?127\.0\.0\.1$|^::1$/;

describe('SEC-63: proxy headers', () => {
  it.each([
    ['203.0.113.9', '203.0.113.9'],
    ['203.0.113.9, 198.51.100.7', '203.0.113.9, 198.51.100.7'],
    ['fd00::7', 'fd00::7'],
    ['<script>, 198.51.100.7', '198.51.100.7'],
    ['203.0.113.9, unknown, 198.51.100.7', '198.51.100.7'],
    ['203.0.113.9, unknown', ''],
    ['999.1.1.1', ''],
    ['203.0.113.9:4711', ''],
    ['', ''],
  ])('of X-Forwarded-For "%s", the addresses "%s" are kept', (header, kept) => {
    expect(forwardedAddresses(header)).toBe(kept);
  });

  it('a visitor behind our proxy has the address that the proxy wrote, or that of the proxy', async () => {
    const { get, warned } = aFrame(['loopback']);
    expect((await get({ 'X-Forwarded-For': '203.0.113.9' })).text).toBe('203.0.113.9');
    expect((await get({ 'X-Forwarded-For': 'evil, 203.0.113.9' })).text).toBe('203.0.113.9');
    expect((await get({ 'X-Forwarded-For': '203.0.113.9, evil' })).text).toMatch(loopback);
    expect(warned).toEqual([]);
  });

  it.each(['X-Forwarded-For', 'X-Forwarded-Proto', 'X-Forwarded-Host', 'Forwarded'])(
    'from a sender that TRUST_PROXY does not name, %s is ignored, and the log says so once',
    async (name) => {
      const { get, warned } = aFrame([]);
      expect((await get()).text).toMatch(loopback);
      expect(warned).toEqual([]);
      for (let times = 0; times < 3; times += 1) expect((await get({ [name]: '203.0.113.9' })).text).toMatch(loopback);
      expect(warned).toHaveLength(1);
      expect(warned[0]).toContain('TRUST_PROXY');
      expect(warned[0]).not.toContain('203.0.113.9');
    },
  );
});

it.each([
  ['include', 'max-age=31536000; includeSubDomains'],
  ['exclude', 'max-age=31536000'],
] as const)('SEC-14: HSTS_SUBDOMAINS=%s sends %s', async (choice, header) => {
  expect((await aFrame([], choice).get()).headers['strict-transport-security']).toBe(header);
});
