import type { Texts } from '../en/english.js';
import { account } from './account.js';
import { accounts } from './accounts.js';
import { activity } from './activity.js';
import { api } from './api.js';
import { bySignIn } from './connections/by-sign-in.js';
import { codeFlow } from './connections/code-flow.js';
import { company } from './accounts/company.js';
import { common } from './common.js';
import { connections } from './connections.js';
import { credentials } from './credentials.js';
import { disconnection } from './connections/disconnection.js';
import { guide } from './guide.js';
import { handOffs } from './hand-offs.js';
import { mailStates } from './mail-states.js';
import { mails } from './mails.js';
import { people } from './people.js';
import { staff } from './staff.js';
import { webhooks } from './staff/webhooks.js';

/**
 * Formal "usted". The names used in RingCentral's console stay English, because as far as we know the console is
 * English only.
 */
export const spanish: Texts = {
  account,
  accounts,
  activity,
  api,
  bySignIn,
  codeFlow,
  common,
  company,
  connections,
  credentials,
  disconnection,
  guide,
  handOffs,
  mails,
  mailStates,
  people,
  staff,
  webhooks,
};
