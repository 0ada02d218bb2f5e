import { BlockList, isIP } from 'node:net';

/** The blocks of https://www.iana.org/assignments/iana-ipv4-special-registry that are not for the public internet. */
const notPublic4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3', // multicast, reserved, broadcast
  '168.63.129.16/32', // answers every machine of one cloud with its configuration
];
/** In 2000::/3, which alone is given out. */
const notPublic6 = ['2001::/23', '2001:db8::/32', '3fff::/20'];
/** What an operator may allow. */
const privateNetworks = ['10.0.0.0/8', '100.64.0.0/10', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'];
/** Inside private networks, but with the credentials of the machine: no setting allows them. */
const metadata = ['100.100.100.200/32', 'fd00:42::42/128', 'fd00:ec2::23/128', 'fd00:ec2::254/128', 'fd20:ce::254/128'];

function listOf(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', bits] = network.split('/');
    list.addSubnet(address, Number(bits), isIP(address) === 6 ? 'ipv6' : 'ipv4');
  }
  return list;
}

/** The 16 bytes of an IPv6 address; null for what is none, or names an interface of this machine. */
function bytesOf(address: string): number[] | null {
  if (!URL.canParse(`http://[${address}]`)) return null;
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const groups = (text = '') => text.split(':').filter(Boolean);
  const [left, right] = [groups(head), groups(tail)];
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => '0');
  return [...left, ...zeros, ...right].flatMap((group) => {
    const value = parseInt(group, 16);
    return [value >> 8, value & 255];
  });
}

/** The IPv4 addresses to which a network may carry on what is sent to this IPv6 address. */
function embedded(bytes: readonly number[]): string[] {
  const begins = (...start: number[]) => start.every((byte, at) => bytes[at] === byte);
  const four = (at: number, mask = 0) =>
    bytes
      .slice(at, at + 4)
      .map((byte) => byte ^ mask)
      .join('.');
  const zeros = (count: number) => Array.from({ length: count }, () => 0);
  if (begins(...zeros(10), 0xff, 0xff)) return [four(12)]; // ::ffff:0:0/96
  if (begins(0, 0x64, 0xff, 0x9b, ...zeros(8))) return [four(12)]; // 64:ff9b::/96
  if (begins(0x20, 0x02)) return [four(2)]; // 2002::/16
  if (begins(0x20, 0x01, 0, 0)) return [four(4), four(12, 0xff)]; // 2001::/32: the server and the client
  return [];
}

const refused = { four: listOf(notPublic4), six: listOf(notPublic6), metadata: listOf(metadata) };
const given = listOf(['2000::/3']);

/** Whether a CIDR range contains only private addresses, so that an operator may allow it. */
export function isPrivateNetwork(text: string): boolean {
  const [address = '', bits = '', ...rest] = text.split('/');
  if (isIP(address) === 0 || !/^\d{1,3}$/.test(bits) || rest.length > 0) return false;
  if (Number(bits) > (isIP(address) === 4 ? 32 : 128)) return false;
  return privateNetworks.some((network) => {
    const isWider = Number(bits) >= Number(network.split('/')[1]);
    return isWider && isIn(listOf([network]), address);
  });
}

const isIn = (list: BlockList, address: string): boolean => list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');

export type JudgeAddress = (address: string) => boolean;

/**
 * Whether a connection may be opened to an IP address that a person's input led to: a public one, also after unwrapping
 * the IPv4 address in it, or one of the private networks that the operator allows.
 *
 * @param loopback whether this machine's own addresses are allowed too; for the demo and for tests
 */
export function addressJudge(allowedNetworks: readonly string[], loopback = false): JudgeAddress {
  const allowed = listOf(allowedNetworks);
  const own = listOf(loopback ? ['127.0.0.0/8', '::1/128'] : []);
  const mayReach = (address: string): boolean =>
    isIn(own, address) || (isIn(allowed, address) && !isIn(refused.metadata, address));
  const mayReach4 = (address: string): boolean => mayReach(address) || !isIn(refused.four, address);
  return (address) => {
    if (isIP(address) === 4) return mayReach4(address);
    const bytes = isIP(address) === 6 ? bytesOf(address) : null;
    if (!bytes) return false;
    const inside = embedded(bytes);
    if (inside.length > 0) return inside.every(mayReach4);
    return mayReach(address) || (isIn(given, address) && !isIn(refused.six, address));
  };
}

export type UrlProblem = 'malformed' | 'not_https' | 'names_user' | 'fragment' | 'not_public';

/** The host of a URL as an IP address, if it is one. */
export const literalOf = ({ hostname }: URL): string | null => {
  const host = hostname.replace(/^\[|\]$/g, '');
  return isIP(host) === 0 ? null : host;
};

/**
 * What is wrong with a URL that a person typed, as far as the text shows; the look-up is judged when it is called.
 *
 * @param loopback whether http is allowed too, to this machine
 */
export function urlProblem(text: string, judge: JudgeAddress, loopback = false): UrlProblem | null {
  if (!URL.canParse(text)) return 'malformed';
  const url = new URL(text);
  const literal = literalOf(url);
  const isOwn = url.hostname === 'localhost' || url.hostname.endsWith('.localhost');
  const isHttp = url.protocol === 'http:' && loopback && (isOwn || (literal !== null && judge(literal)));
  if (url.protocol !== 'https:' && !isHttp) return 'not_https';
  if (url.username !== '' || url.password !== '' || /^[^/?#]*\/\/[^/?#]*@/.test(text)) return 'names_user';
  if (text.includes('#')) return 'fragment';
  if (literal !== null ? !judge(literal) : isOwn && !loopback) return 'not_public';
  return null;
}
