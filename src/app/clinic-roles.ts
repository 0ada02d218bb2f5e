/** What a person may do in a clinic. Each role may do what the later ones may. */
export const clinicRoles = ['owner', 'member', 'viewer'] as const;
export type ClinicRole = (typeof clinicRoles)[number];

export const isClinicRole = (text: string): text is ClinicRole => clinicRoles.some((role) => role === text);

/** Whether this role may do what needs at least the other one. */
export const allows = (role: ClinicRole, needed: ClinicRole): boolean =>
  clinicRoles.indexOf(role) <= clinicRoles.indexOf(needed);

/** The least role that each route of a router needs. The keys are `get /` or `post /:personId/removal`. */
export type Needs = Readonly<Record<`${'get' | 'post'} /${string}`, ClinicRole>>;

/** What a member of the ISV's staff may do. */
export type StaffRole = 'administrator' | 'operator' | 'auditor';
/** The staff who may change something at a clinic. */
export const changingStaff: readonly StaffRole[] = ['operator', 'administrator'];
