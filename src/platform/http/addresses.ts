import { isIP } from 'node:net';

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
