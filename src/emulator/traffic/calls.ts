import type { RateGroup } from './rate-limits.js';

type Call = { method: string; path: RegExp; group: RateGroup };

const one = '[^/]+';
const extension = `/restapi/v1\\.0/account/${one}/extension/${one}`;
const call = (method: string, path: string, group: RateGroup): Call => ({
  method,
  path: new RegExp(`^${path}/?$`),
  group,
});

/** Every call that RingCentral counts, with the name that faults use and its documented rate group. */
const table = {
  token: call('POST', '/restapi/oauth/token', 'auth'),
  revoke: call('POST', '/restapi/oauth/revoke', 'auth'),
  account: call('GET', `/restapi/v1\\.0/account/${one}`, 'light'),
  company: call('GET', `/restapi/v2/accounts/${one}`, 'light'),
  extensions: call('GET', `/restapi/v1\\.0/account/${one}/extension`, 'medium'),
  extension: call('GET', extension, 'light'),
  assigned_role: call('GET', `${extension}/assigned-role`, 'light'),
  permissions: call('GET', `${extension}/authz-profile`, 'medium'),
  permission: call('GET', `${extension}/authz-profile/check`, 'light'),
  features: call('GET', `${extension}/features`, 'medium'),
  messages: call('GET', `${extension}/message-store`, 'light'),
  message: call('GET', `${extension}/message-store/${one}`, 'light'),
  message_update: call('PUT', `${extension}/message-store/${one}`, 'medium'),
  message_sync: call('GET', `${extension}/message-sync`, 'light'),
  call_log: call('GET', `/restapi/v1\\.0/account/${one}/call-log`, 'heavy'),
  content: call('GET', `${extension}/message-store/${one}/content/${one}`, 'medium'),
} satisfies Record<string, Call>;

export type CallName = keyof typeof table;
export const callNames = Object.keys(table) as CallName[];

/** @param path without the query; the result is undefined if the path is none of the calls */
export const callOf = (method: string, path: string): CallName | undefined =>
  callNames.find((name) => table[name].method === method && table[name].path.test(path));

export const groupOf = (name: CallName): RateGroup => table[name].group;
