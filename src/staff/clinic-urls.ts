/** The list of clinics. */
export const listUrl = '/staff/tenants';

/** The pages of one clinic, in the order of their navigation. Each has its own address. */
export const clinicPages = ['overview', 'people', 'checks', 'activity', 'settings'] as const;
export type ClinicPage = (typeof clinicPages)[number];

/** The address of a page of a clinic. */
export const clinicUrl = (tenantId: string, page: ClinicPage = 'overview'): string =>
  page === 'overview' ? `${listUrl}/${tenantId}` : `${listUrl}/${tenantId}/${page}`;

export const settingsFormUrl = (tenantId: string): string => `${clinicUrl(tenantId, 'settings')}/change`;

/** What an action says when it is done, and the page that says it: the one with the action. */
const noticePages = {
  created: 'people',
  removed: 'people',
  role: 'people',
  saved: 'settings',
  mailed: 'overview',
  nothing_to_fix: 'overview',
  no_reader: 'people',
  approved: 'overview',
  refused: 'overview',
  confirmed: 'overview',
  disowned: 'overview',
  checked: 'checks',
  nothing: 'checks',
} as const satisfies Record<string, ClinicPage>;
type NoticeName = keyof typeof noticePages;

/** What came of the last action; `until`: when the limit allows it again, if it refused it now. */
export type ClinicNotice = NoticeName | { until: Date; of: 'checks' | 'fix' };

/** An address may have been changed by hand, so only the page of the action shows its notice. */
export const readClinicNotice = (text: unknown, page: ClinicPage): NoticeName | undefined =>
  typeof text === 'string' && Object.hasOwn(noticePages, text) && noticePages[text as NoticeName] === page
    ? (text as NoticeName)
    : undefined;

/** Where a person goes after an action. */
export const noticeUrl = (tenantId: string, notice: NoticeName): string =>
  `${clinicUrl(tenantId, noticePages[notice])}?notice=${notice}`;
