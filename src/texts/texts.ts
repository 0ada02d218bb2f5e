import { account } from './en/account.js';
import { accounts } from './en/accounts.js';
import { common } from './en/common.js';
import { connections } from './en/connections.js';
import { credentials } from './en/credentials.js';
import { guide } from './en/guide.js';
import { mails } from './en/mails.js';
import { staff } from './en/staff.js';

/** Every text a person reads. A second language must have this very shape, or it does not compile. */
export const english = { account, accounts, common, connections, credentials, guide, mails, staff };

export type Texts = typeof english;
