import { peopleDirectory } from '../accounts/people/people-directory.js';
import { faxReportReader } from '../fax-reports/fax-report-reader.js';
import { eventReader } from '../notifications/event-reader.js';
import { tenantReader } from '../tenants/tenant-reader.js';

/** What a capability lets all others read of its tables, in a transaction or without one. They need no instance. */
export const readers = {
  tenants: tenantReader,
  people: peopleDirectory,
  faxReports: faxReportReader,
  events: eventReader,
};
