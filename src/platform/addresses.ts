import { isIP, isIPv6 } from 'node:net';

/** 127.0.0.0/8, ::1 and localhost. */
export const isLoopback = (host: string): boolean =>
  ['localhost', '[::1]', '::1'].includes(host) || (isIP(host) === 4 && host.startsWith('127.'));

/** Accepts `10.0.0.7`, `10.0.0.0/8` and `fd00::/8`. */
export const isAddressRange = (text: string): boolean => {
  const [address = '', bits = '0', ...rest] = text.split('/');
  const most = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
  return rest.length === 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= most;
};
/** If (nearly) every address counted as a proxy, any client could choose its own address. */
export const isTooWide = (text: string): boolean => {
  const [address = '', bits = '128'] = text.split('/');
  if (isIP(address) === 4) return Number(bits) < 8;
  // An IPv4 address written as IPv6 begins after 96 bits.
  const isMapped = isIP(address) === 6 && new URL(`http://[${address}]`).hostname.startsWith('[::ffff:');
  return Number(bits) < (isMapped ? 104 : 7);
};

/** "Port blocking" of https://fetch.spec.whatwg.org/#port-blocking, from 1 to 65535. */
const refusedPorts = new Set([
  1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109, 110,
  111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526, 530, 531, 532,
  540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061,
  6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
]);
export const isRefusedByBrowsers = (port: number): boolean => refusedPorts.has(port);

/**
 * The addresses at the end of an `X-Forwarded-For`, in its form: the nearest proxy writes last. What is not an address
 * ends them, because no proxy of ours wrote it or what is before it.
 */
export function forwardedAddresses(header: string): string {
  const entries = header.split(',').map((entry) => entry.trim());
  return entries.slice(entries.findLastIndex((entry) => isIP(entry) === 0) + 1).join(', ');
}

/** A single customer of an internet provider: the address for IPv4, the first 64 bits for IPv6. */
export function networkOf(ip: string | undefined): string {
  if (ip === undefined) return 'unknown';
  const address = ip.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
  if (!isIPv6(address)) return address;
  const [head = '', tail] = address.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros =
    tail === undefined ? [] : Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => '0');
  return [...left, ...zeros, ...right]
    .slice(0, 4)
    .map((group) => group.toLowerCase().replace(/^0+(?=.)/, ''))
    .join(':');
}
