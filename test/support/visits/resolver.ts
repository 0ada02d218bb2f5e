import type { LookupFunction } from 'node:net';

export type DnsFailure = 'ENOTFOUND' | 'EAI_AGAIN' | 'silence';

/** Resolves every name to this machine until it is told to fail. */
export function aResolver() {
  let failure: DnsFailure | null = null;
  const lookup: LookupFunction = (hostname, options, callback) => {
    if (failure === 'silence') return;
    if (failure !== null) {
      callback(Object.assign(new Error(`getaddrinfo ${failure} ${hostname}`), { code: failure }), '', 4);
    } else if (options.all) callback(null, [{ address: '127.0.0.1', family: 4 }]);
    else callback(null, '127.0.0.1', 4);
  };
  return {
    lookup,
    fail: (how: DnsFailure | null) => {
      failure = how;
    },
  };
}
