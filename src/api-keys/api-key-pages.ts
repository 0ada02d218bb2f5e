import type { StaffMember } from '../accounts/people/account-types.js';
import type { Secret } from '../platform/secret.js';
import type { Cell, Row, Table } from '../platform/http/content.js';
import { exactTime, shownTime, type Clock } from '../platform/http/view-helpers.js';
import type { Texts } from '../texts/texts.js';
import { stateOf, type ApiKey, type ApiKeyState } from './api-key-types.js';

export const apiKeysUrl = '/staff/api-keys';
export const PAGE = 100;
export type ApiKeyNotice = keyof Texts['staff']['apiKeys']['notices'];

export type Facts = { t: Texts; clock: Clock };
/** Members of staff by id, also those whose account was disabled. */
export type Makers = ReadonlyMap<string, Pick<StaffMember, 'name' | 'disabled'>>;

const badges: Record<ApiKeyState, string> = {
  active: 'healthy',
  waiting: 'pending',
  link_expired: 'disconnected',
  expired: 'disconnected',
  revoked: 'disconnected',
};

const stateCell = (key: ApiKey, { t, clock }: Facts): Cell => {
  const state = stateOf(key, clock.now);
  const texts = t.staff.apiKeys;
  const end = state === 'waiting' ? key.linkExpiresAt : key.expiresAt;
  const isCurrent = state === 'active' || state === 'waiting';
  const note = end ? texts.until(exactTime(end, clock)) : texts.noEnd;
  return { badge: { state: badges[state], text: texts.states[state] }, ...(isCurrent ? { note } : {}) };
};

const lastUse = ({ lastUsedAt }: ApiKey, { t, clock }: Facts): Cell =>
  lastUsedAt ? { time: shownTime(lastUsedAt, clock) } : t.staff.apiKeys.neverUsed;

function makerCell({ madeBy }: ApiKey, makers: Makers, { t }: Facts): Cell {
  const texts = t.staff.apiKeys;
  if (madeBy === null) return texts.commandLine;
  const maker = makers.get(madeBy);
  return { text: maker?.name ?? t.staff.tenant.gone, ...(maker?.disabled ? { note: texts.disabledMaker } : {}) };
}

const clinicsOf = ({ tenantIds }: ApiKey, { t }: Facts): string =>
  tenantIds === null ? t.staff.apiKeys.allClinics : t.staff.apiKeys.someClinics(tenantIds.length);

type List = {
  keys: readonly ApiKey[];
  which: 'current' | 'ended';
  /** Keys whose link was used again. */
  repeated: readonly ApiKey[];
  makers: Makers;
  /** Whether there are older keys. */
  more: boolean;
  mayChange: boolean;
};

/** The keys that can be used now or later, or the ended ones. */
export function apiKeysPage(list: List, facts: Facts, notice?: ApiKeyNotice) {
  const texts = facts.t.staff.apiKeys;
  const { columns } = texts;
  const isEnded = list.which === 'ended';
  const title = isEnded ? texts.endedTitle : texts.title;
  const table: Table = {
    caption: title,
    hideCaption: true,
    empty: isEnded ? texts.emptyEnded : texts.empty,
    head: [columns.key, columns.scopes, columns.clinics, columns.state, columns.lastUse, columns.maker],
    rows: list.keys.map((key) => [
      { text: key.name, href: `${apiKeysUrl}/${key.id}`, note: `${key.id} · ${key.purpose}` },
      key.scopes.join(', '),
      clinicsOf(key, facts),
      stateCell(key, facts),
      lastUse(key, facts),
      makerCell(key, list.makers, facts),
    ]),
  };
  const last = list.keys.at(-1);
  const query = (which: string, before?: string) =>
    `${apiKeysUrl}?${new URLSearchParams({ ...(which === 'ended' ? { ended: '1' } : {}), ...(before === undefined ? {} : { before }) }).toString()}`;
  return {
    title,
    lead: texts.lead,
    notice: notice && texts.notices[notice],
    warnings: list.repeated.map(({ name }) => texts.repeatedLink(name)),
    table,
    create: list.mayChange && !isEnded ? { text: texts.create, href: `${apiKeysUrl}/new` } : null,
    links: [
      ...(list.more && last
        ? [{ text: texts.older, href: query(list.which, `${last.madeAt.toISOString()} ${last.id}`) }]
        : []),
      isEnded ? { text: texts.showCurrent, href: apiKeysUrl } : { text: texts.showEnded, href: query('ended') },
    ],
  };
}

/** One key, with what may be done about it. `clinics` are those it is limited to. */
export function apiKeyPage(
  key: ApiKey,
  shown: {
    makers: Makers;
    clinics: readonly { name: string }[];
    mayChange: boolean;
    notice?: ApiKeyNotice | undefined;
  },
  facts: Facts,
) {
  const { t, clock } = facts;
  const texts = t.staff.apiKeys;
  const { one, columns, form } = texts;
  const at = (time: Date): Cell => ({ time: shownTime(time, clock) });
  const state = stateOf(key, clock.now);
  const canEnd = key.revokedAt === null && state !== 'expired' && state !== 'link_expired';
  const rows: Row[] = [
    { key: one.id, value: key.id },
    { key: columns.state, value: stateCell(key, facts) },
    { key: one.purpose, value: key.purpose },
    { key: columns.scopes, value: key.scopes.map((scope) => form.scopeTexts[scope]).join(' · ') },
    {
      key: columns.clinics,
      value: key.tenantIds ? shown.clinics.map(({ name }) => name).join(', ') : texts.allClinics,
    },
    { key: one.created, value: at(key.madeAt) },
    { key: columns.maker, value: makerCell(key, shown.makers, facts) },
    { key: columns.lastUse, value: lastUse(key, facts) },
    { key: one.end, value: key.expiresAt ? at(key.expiresAt) : texts.noEnd },
    ...(key.linkExpiresAt ? [{ key: one.linkEnd, value: at(key.linkExpiresAt) }] : []),
    ...(key.revokedAt ? [{ key: one.revokedAt, value: at(key.revokedAt) }] : []),
  ];
  return {
    title: key.name,
    backLink: { text: texts.title, href: apiKeysUrl },
    notice: shown.notice && texts.notices[shown.notice],
    warnings: key.linkRepeats > 0 && key.revokedAt === null ? [texts.repeatedLink(key.name)] : [],
    rows,
    replace: shown.mayChange ? { ...one.replace, href: `${apiKeysUrl}/new?like=${key.id}` } : null,
    revoke: shown.mayChange && canEnd ? { ...one.revoke, action: `${apiKeysUrl}/${key.id}/revocation` } : null,
  };
}

/** The page that shows a key, once. */
export const shownKeyPage = (key: Secret, t: Texts, isStaff: boolean) => ({
  ...t.staff.apiKeys.made,
  key: key.reveal(),
  back: isStaff ? { text: t.staff.apiKeys.made.back, href: apiKeysUrl } : null,
});
