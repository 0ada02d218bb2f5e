import { actions } from './staff/actions.js';
import { apiKeys } from './staff/api-keys.js';
import { budget } from './staff/budget.js';
import { search } from './staff/clinic-search.js';
import { clinicFiles } from './staff/clinic-files.js';
import { list, create, settings } from './staff/clinics.js';
import { people } from './staff/colleagues.js';
import { incidents } from './staff/incidents.js';
import { dataExport, offboarding } from './staff/offboarding.js';
import { notices } from './staff/notices.js';
import { activity, overview } from './staff/overview.js';
import { memberSignIn, passwordReset, invite, invitation } from './staff/people.js';
import { preflight } from './staff/preflight.js';
import { tenant } from './staff/tenant.js';

export const staff = {
  list,
  search,
  /** As staff see it: they call a tenant a clinic. */
  owners: { tenant: 'The clinic', isv: 'Us', ringcentral: 'RingCentral', nobody: 'No one' },
  people,
  overview,
  incidents,
  notices,
  activity,
  budget,
  preflight,
  create,
  settings,
  tenant,
  export: dataExport,
  offboarding,
  clinicFiles,
  actions,
  apiKeys,
  memberSignIn,
  passwordReset,
  invite,
  invitation,
};
