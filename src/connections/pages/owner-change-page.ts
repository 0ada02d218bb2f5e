import { exactTime, type Clock } from '../../platform/http/view-helpers.js';
import type { Texts } from '../../texts/texts.js';
import type { OwnerChangeKind, OwnerFacts, ShownOwnerChange } from '../proof/owner-change.js';

type Facts = { t: Texts; clock: Omit<Clock, 'now'> };
type How = {
  /** The reader. */
  who?: 'clinic' | 'staff';
  /** The connection fails already, so a warning that it may fail is not needed. */
  failing?: boolean;
};

/** The data of views/connections/owner-change.ejs and of mails. Roles and types have RingCentral's names. */
export function ownerChangePart(
  { before, now, kinds, seenAt }: ShownOwnerChange,
  { t, clock }: Facts,
  { who = 'clinic', failing = false }: How = {},
) {
  const texts = t.connections.ownerChange;
  const has = (...some: OwnerChangeKind[]) => some.some((kind) => kinds.includes(kind));
  const status = ({ status: word }: OwnerFacts) => known(texts.statuses, word ?? '');
  const roles = ({ roles: all }: OwnerFacts) =>
    (all ?? []).map(({ id, name }) => name ?? texts.role(id)).join(', ') || texts.noRole;
  const pointOf: Record<OwnerChangeKind, string> = {
    status: texts.status(status(before), status(now)),
    type: texts.type(before.type ?? '', now.type ?? ''),
    admin: texts.admin,
    roles: texts.roles(roles(before), roles(now)),
  };
  const onlyRights = !has('status', 'type');
  const may = [
    ...(has('status') ? [texts.may.status] : []),
    ...(has('type') ? [texts.may.type] : []),
    ...(has('admin', 'roles') ? [texts.may.rights] : []),
  ];
  return {
    heading: texts.heading,
    seen: texts.seen(exactTime(seenAt, clock)),
    points: kinds.map((kind) => pointOf[kind]),
    // The possible consequences, unless they have already happened, and who can look into it.
    paragraphs: [...(failing ? [] : [may.join(' ')]), `${texts.why} ${texts.look[who]}`],
    // What to do on this page if the change was intended.
    meant: failing || who === 'staff' ? null : onlyRights ? texts.meant.rights : texts.meant.status,
  };
}

export type OwnerChangePart = ReturnType<typeof ownerChangePart>;

const known = (texts: Record<string, string>, word: string): string =>
  Object.prototype.hasOwnProperty.call(texts, word) ? (texts[word] ?? word) : word;
