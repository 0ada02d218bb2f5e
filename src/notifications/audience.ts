import { clinicRoles, type ClinicRole, type StaffRole } from '../app/clinic-roles.js';
import type { Texts } from '../texts/texts.js';

/** Each mail by its section of the texts, so that none is left out; and those whose texts are elsewhere. */
export type MailName = Exclude<keyof Texts['mails'], 'signature' | 'stopReminders'> | 'disconnected' | 'webhooks';

/** Who gets a mail: everyone in these roles of the clinic that it is about, and of the ISV's staff. */
export type Audience = {
  of: 'connection' | 'people' | 'portal';
  clinic: readonly ClinicRole[];
  staff: readonly StaffRole[];
  /** Also, or only, the person whose account or address it is about. */
  self?: true;
};

/** Viewers see and do not act, so no mail asks them to. */
const actors = ['owner', 'member'] as const;
const changers = ['administrator', 'operator'] as const;
const self = { of: 'people', clinic: [], staff: [], self: true } as const;

/**
 * Who gets which mail. The code that sends one reads the roles here, and the page for staff shows them. A new mail needs
 * its line here, and the compiler asks for its sentence on the page.
 */
export const audiences = {
  /** Staff alone if only the ISV can fix it, otherwise the clinic alone. */
  failing: { of: 'connection', clinic: actors, staff: changers },
  /** Staff send it: how to fix what the clinic can fix. */
  fix: { of: 'connection', clinic: actors, staff: [] },
  /** Those who got the mail before: that it failed. */
  recovered: { of: 'connection', clinic: actors, staff: changers },
  expires: { of: 'connection', clinic: actors, staff: [] },
  ownerChanged: { of: 'connection', clinic: actors, staff: [] },
  notConfirmed: { of: 'connection', clinic: actors, staff: [] },
  /** What happened to the connection that they see. */
  disconnected: { of: 'connection', clinic: clinicRoles, staff: changers },
  /** Those who were owners when the clinic was offboarded. Also its receipt, and that it came back. */
  offboarded: { of: 'connection', clinic: ['owner'], staff: changers },
  personAdded: { of: 'people', clinic: actors, staff: [] },
  roleChanged: { of: 'people', clinic: ['owner'], staff: [], self: true },
  /** It is about their own sign-in too. */
  secondFactorRule: { of: 'people', clinic: clinicRoles, staff: [] },
  staffChanged: { of: 'people', clinic: [], staff: ['administrator'] },
  invitation: self,
  reminder: self,
  personRemoved: self,
  staffSetup: self,
  passwordReset: self,
  newAddress: self,
  proveAddress: self,
  security: self,
  incident: { of: 'portal', clinic: [], staff: changers },
  digest: { of: 'portal', clinic: [], staff: changers },
  preflight: { of: 'portal', clinic: [], staff: changers },
  webhooks: { of: 'portal', clinic: [], staff: ['administrator'] },
  apiKeys: { of: 'portal', clinic: [], staff: ['administrator'] },
} as const satisfies Record<MailName, Audience>;

const lists: Readonly<Record<MailName, Audience>> = audiences;

/** Whether a person in this role of the clinic gets the mail. */
export const isForClinicRole = (mail: MailName, role: ClinicRole): boolean => lists[mail].clinic.includes(role);

/** Whether a member of staff in this role gets the mail. */
export const isForStaffRole = (mail: MailName, role: StaffRole): boolean => lists[mail].staff.includes(role);

/** Every mail with its audience, in the order of the page. */
export const allAudiences = Object.entries(lists) as [MailName, Audience][];
