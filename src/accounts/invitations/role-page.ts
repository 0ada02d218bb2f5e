import { clinicRoles, type ClinicRole } from '../../app/clinic-roles.js';
import type { Texts } from '../../texts/texts.js';
import type { Member } from '../people/people-directory.js';

/** The arguments of partials/form/radios: what a person may do. */
export const roleField = (t: Texts, chosen: ClinicRole, legend: string) => ({
  name: 'role',
  legend,
  items: clinicRoles.map((value) => ({
    value,
    text: t.people.roles[value].name,
    hint: t.people.roles[value].what,
    checked: value === chosen,
  })),
});

/** The role that a form offers first: a clinic needs an owner, and then people who do the work. */
export const offeredRole = (
  members: readonly { role: ClinicRole }[],
  open: readonly { role: ClinicRole }[],
): ClinicRole => ([...members, ...open].some(({ role }) => role === 'owner') ? 'member' : 'owner');

/**
 * The data of views/accounts/invitations/role.ejs.
 *
 * @param asked `isLast`: why the person must stay an owner
 */
export function rolePage(
  t: Texts,
  asked: {
    person: Pick<Member, 'name' | 'email' | 'role'>;
    isLast: boolean;
    tenantName: string;
    action: string;
    back: { text: string; href: string };
    /** The form was sent and refused, because the person is the last owner. */
    wasRefused?: boolean;
    /** The page is one of the ISV's staff. */
    byStaff?: boolean;
  },
) {
  const texts = t.people.role;
  const { name, email, role } = asked.person;
  return {
    title: asked.byStaff ? texts.titleByStaff({ name, clinic: asked.tenantName }) : texts.title(name),
    caption: asked.tenantName,
    backLink: asked.back,
    errors: asked.wasRefused ? [{ text: t.people.removal.last }] : [],
    paragraphs: asked.isLast
      ? [texts.now(email, t.people.roles[role].name), t.people.removal.last]
      : [texts.now(email, t.people.roles[role].name), texts.told],
    form: asked.isLast
      ? null
      : {
          action: asked.action,
          field: roleField(t, role, texts.legend),
          note: role === 'owner' ? texts.invitations : null,
          button: { text: texts.button },
        },
  };
}
