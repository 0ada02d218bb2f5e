import { clinicRoles } from '../../app/clinic-roles.js';
import { staffRoles } from '../../accounts/people/account-types.js';
import { allAudiences, type Audience, type MailName } from '../../notifications/audience.js';
import type { Texts } from '../../texts/texts.js';

const parts = ['connection', 'people', 'portal'] as const satisfies readonly Audience['of'][];

/** The data of views/staff/notices.ejs: which role gets which mail, from the table by which they are sent. */
export function noticesPage(t: Texts) {
  const texts = t.staff.notices;
  const sentences: Record<MailName, string> = texts.mails;
  const named = <Role extends string>(roles: readonly Role[], all: readonly Role[], nameOf: (role: Role) => string) => {
    if (roles.length === 0) return texts.none;
    return roles.length === all.length
      ? texts.all
      : all
          .filter((role) => roles.includes(role))
          .map(nameOf)
          .join(', ');
  };
  const clinicCell = ({ clinic, self }: Audience) => {
    const others = named(clinic, clinicRoles, (role) => t.people.roles[role].name);
    if (!self) return others;
    return clinic.length === 0 ? texts.self : texts.selfAnd(others);
  };
  return {
    title: texts.title,
    lead: texts.lead,
    tables: parts.map((part) => ({
      caption: texts.parts[part],
      head: [texts.columns.mail, texts.columns.clinic, texts.columns.staff],
      rows: allAudiences
        .filter(([, { of }]) => of === part)
        .map(([mail, audience]) => [
          sentences[mail],
          clinicCell(audience),
          // Their accounts are like those of clinics: the person alone is told.
          audience.self && audience.clinic.length === 0
            ? texts.self
            : named(audience.staff, staffRoles, (role) => t.account.roles[role]),
        ]),
    })),
  };
}
