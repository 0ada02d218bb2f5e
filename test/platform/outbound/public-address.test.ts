import fc from 'fast-check';
import { addressJudge, isPrivateNetwork, urlProblem } from '../../../src/platform/outbound/public-address.js';

const judge = addressJudge([]);
const hex = (value: number) => value.toString(16).padStart(2, '0');

it.each([
  ['8.8.8.8', true],
  ['1.1.1.1', true],
  ['100.63.255.255', true],
  ['100.128.0.0', true],
  ['172.15.255.255', true],
  ['172.32.0.0', true],
  ['2606:4700::1111', true],
  ['2a00:1450:4001::1', true],
  ['0.0.0.0', false],
  ['10.1.2.3', false],
  ['100.64.0.0', false],
  ['100.127.255.255', false],
  ['127.0.0.1', false],
  ['127.255.255.254', false],
  ['169.254.169.254', false],
  ['168.63.129.16', false],
  ['172.16.0.1', false],
  ['172.31.255.255', false],
  ['192.0.0.8', false],
  ['192.0.2.1', false],
  ['192.88.99.1', false],
  ['192.168.1.1', false],
  ['198.19.255.255', false],
  ['198.51.100.7', false],
  ['203.0.113.9', false],
  ['224.0.0.1', false],
  ['240.0.0.1', false],
  ['255.255.255.255', false],
  ['::', false],
  ['::1', false],
  ['::7f00:1', false],
  ['fe80::1', false],
  ['fe80::1%eth0', false],
  ['fc00::1', false],
  ['fd00:ec2::254', false],
  ['fec0::1', false],
  ['ff02::1', false],
  ['2001:db8::1', false],
  ['2001:20::1', false],
  ['3fff::1', false],
  ['100::1', false],
  ['64:ff9b:1::1', false],
  ['::ffff:8.8.8.8', true],
  ['::ffff:169.254.169.254', false],
  ['::ffff:a00:1', false],
  ['64:ff9b::808:808', true],
  ['64:ff9b::a9fe:a9fe', false],
  ['2002:808:808::1', true],
  ['2002:7f00:1::', false],
  ['2002:6440:1::1', false],
  ['2001:0:808:808::f7f7:f7f7', true], // server 8.8.8.8, client 8.8.8.8
  ['2001:0:808:808::80ff:fffe', false], // client 127.0.0.1
  ['2001:0:a00:1::f7f7:f7f7', false], // server 10.0.0.1
  ['example.com', false],
  ['', false],
])('SEC-38: may %s be called: %s', (address, expected) => {
  expect(judge(address)).toBe(expected);
});

it('SEC-38: every way to write an IPv4 address inside an IPv6 address has the verdict of that address', () => {
  const part = fc.nat({ max: 255 });
  const beginning = fc.oneof(fc.constantFrom([10], [127], [169, 254], [100, 64], [192, 168], [8, 8]), fc.constant([]));
  fc.assert(
    fc.property(fc.tuple(part, part, part, part), beginning, (random, start) => {
      const parts = [...start, ...random].slice(0, 4);
      const [a = 0, b = 0, c = 0, d = 0] = parts;
      const four = parts.join('.');
      const groups = `${hex(a)}${hex(b)}:${hex(c)}${hex(d)}`;
      const turned = `${hex(a ^ 255)}${hex(b ^ 255)}:${hex(c ^ 255)}${hex(d ^ 255)}`;
      const written = [`::ffff:${four}`, `0:0:0:0:0:ffff:${groups}`, `64:ff9b::${groups}`, `2002:${groups}::1`];
      written.push(`2001:0:${groups}::f7f7:f7f7`, `2001::808:808:0:0:${turned}`, `2001:0000:${groups}:0:0:${turned}`);
      expect(written.map(judge)).toEqual(written.map(() => judge(four)));
    }),
  );
});

it('SEC-38: WEBHOOK_ALLOWED_NETWORKS adds private networks, and nothing link-local or with the credentials of a machine', () => {
  const allowing = addressJudge(['10.20.0.0/16', 'fd00::/8', '100.64.0.0/10']);
  const may = (addresses: string[]) => addresses.filter(allowing);
  expect(may(['10.20.3.4', '10.21.0.1', '::ffff:10.20.3.4', '64:ff9b::a14:304', 'fd12::1', '8.8.8.8'])).toEqual([
    '10.20.3.4',
    '::ffff:10.20.3.4',
    '64:ff9b::a14:304',
    'fd12::1',
    '8.8.8.8',
  ]);
  const metadata = ['100.100.100.200', 'fd00:42::42', 'fd00:ec2::23', 'fd00:ec2::254', 'fd20:ce::254'];
  expect(may(['169.254.169.254', 'fe80::1', '127.0.0.1', ...metadata])).toEqual([]);
  const networks = ['10.0.0.0/8', '192.168.7.0/24', '192.168.7.1/32', '100.64.0.0/10', 'fc00::/7', 'fd00:1::/32'];
  expect(networks.filter(isPrivateNetwork)).toEqual(networks);
  const others = ['169.254.0.0/16', 'fe80::/10', '127.0.0.0/8', '10.0.0.0/7', '0.0.0.0/0', '8.8.8.0/24', '::/0'];
  expect([...others, '10.0.0.0', '10.0.0.0/33', '10.0.0.0/8/8', 'private', ''].filter(isPrivateNetwork)).toEqual([]);
});

it.each([
  ['https://hooks.example.com/in?team=7', null],
  ['https://8.8.8.8:8443/in', null],
  ['https://[2606:4700::1111]/in', null],
  ['http://hooks.example.com/in', 'not_https'],
  ['ftp://hooks.example.com/in', 'not_https'],
  ['http://127.0.0.1/in', 'not_https'],
  ['hooks.example.com/in', 'malformed'],
  ['', 'malformed'],
  ['https://user:pass@hooks.example.com/in', 'names_user'],
  ['https://user@hooks.example.com/in', 'names_user'],
  ['https://@hooks.example.com/in', 'names_user'],
  ['https://hooks.example.com/in?mail=a@b.example', null],
  ['https://hooks.example.com/in#part', 'fragment'],
  ['https://127.0.0.1/in', 'not_public'],
  ['https://0x7f.1/in', 'not_public'],
  ['https://2130706433/in', 'not_public'],
  ['https://017700000001/in', 'not_public'],
  ['https://[::1]/in', 'not_public'],
  ['https://[::ffff:169.254.169.254]/latest', 'not_public'],
  ['https://localhost/in', 'not_public'],
  ['https://app.localhost/in', 'not_public'],
])('SEC-38: what is wrong with the URL %s: %s', (url, expected) => {
  expect(urlProblem(url, judge)).toBe(expected);
});

it('SEC-38: only the demo may call this machine, also by http', () => {
  const own = addressJudge([], true);
  const problems = (urls: string[]) => urls.map((url) => urlProblem(url, own, true));
  expect(problems(['http://127.0.0.1:4026/in', 'http://[::1]/in', 'http://localhost/in'])).toEqual([null, null, null]);
  expect(problems(['http://10.0.0.1/in', 'http://hooks.example.com/', 'https://169.254.169.254/'])).toEqual([
    'not_https',
    'not_https',
    'not_public',
  ]);
});
