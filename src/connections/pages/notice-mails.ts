import type { CredentialReader } from '../../credentials/credential-service.js';
import type { ReadFaxReports } from '../../fax-reports/fax-report-reader.js';
import type { Notice } from '../../notifications/notice-store.js';
import { toldAbout, type Composed } from '../../notifications/notices.js';
import type { Knex } from '../../platform/database/database.js';
import type { Brand } from '../../platform/http/locals.js';
import { dateOnly, exactTime, wholeNumber } from '../../platform/http/view-helpers.js';
import { composeMail, shortName, type MailParts } from '../../platform/mail-message.js';
import type { World } from '../../platform/world.js';
import { isEnvironment } from '../../ringcentral/environments.js';
import { signInPathOf } from '../../tenants/journey.js';
import type { Tenant } from '../../tenants/tenant-types.js';
import type { Language } from '../../texts/languages.js';
import type { Texts, TextsIn } from '../../texts/texts.js';
import { unconfirmedAccounts } from '../proof/confirmed-account-store.js';
import { causeText, type IsvFacts } from './cause-page.js';
import { deadlineText } from './connection-lead.js';
import { fixOwnerOf, type Cause, type FixOwner } from '../health/causes.js';
import { connectionStore } from '../health/connection-store.js';
import { nextReminderAt } from '../health/expiry-schedule.js';
import { faxesLostAt } from '../health/faxes-lost.js';
import { serves } from '../health/health.js';
import { aboutSignIn } from '../health/overdue-sign-ins.js';
import { incidentStore, type Incident } from '../health/incident-store.js';
import { textsFor } from './method-texts.js';
import { ownerChangePart } from './owner-change-page.js';
import { shownChange } from '../proof/owner-change.js';
import { renewalReader } from '../../tokens/refresh/renewals.js';
import { ownerStore } from '../proof/owner-store.js';
import { digestOf, worstFirst, type Digest } from '../health/staff-digest.js';

/** The reader of a notice, as far as a mail needs it. Staff read English unless they chose another language. */
type NoticeReader = { email: string; language: Language | null; isStaff: boolean };

export type MailDeps = {
  db: Knex;
  world: Pick<World, 'now'>;
  credentials: Pick<CredentialReader, 'living'>;
  /** undefined if the person may no longer sign in, or is neither a member of the tenant nor staff. */
  readerOf: (personId: string, tenantId: string | null) => Promise<NoticeReader | undefined>;
  tenantOf: (tenantId: string) => Promise<Tenant | undefined>;
  isvFor: (environment: Tenant['environment']) => IsvFacts;
  faxReports: Pick<ReturnType<ReadFaxReports>, 'find' | 'newest'>;
  textsIn: TextsIn;
  brand: Brand;
  publicUrl: string;
};

type Parts = Omit<MailParts, 'to' | 'language' | 'signature' | 'contact'>;
type About = { notice: Notice; tenant: Tenant; reader: NoticeReader; language: Language };

/** Composes the mail of a notice from what is known when it is sent; an outdated notice is not sent. */
export function noticeMails(deps: MailDeps) {
  const { db, world, brand, textsIn } = deps;
  const isv = brand.name;
  const linkTo = (path: string) => new URL(path, deps.publicUrl).href;
  const textsOf = ({ language }: { language: Language }) => textsIn(language);

  async function compose(notice: Notice): Promise<Composed> {
    const reader = await deps.readerOf(notice.personId, notice.tenantId);
    const tenant = notice.tenantId === null ? undefined : await deps.tenantOf(notice.tenantId);
    if (!reader || (notice.tenantId !== null && !tenant)) return { kind: 'not_wanted' };
    const language = reader.language ?? (reader.isStaff ? 'en' : (tenant?.language ?? 'en'));
    const parts = await (tenant ? aboutTenant({ notice, tenant, reader, language }) : aboutPortal(notice, language));
    if (parts === null) return { kind: 'not_wanted' };
    if (parts === 'later') return { kind: 'later' };
    const signature = textsIn(language).mails.signature({ isv, support: brand.supportEmail });
    return {
      kind: 'mail',
      mail: composeMail({ ...parts, to: reader.email, language, signature, contact: brand.supportEmail }),
    };
  }

  async function aboutTenant(about: About): Promise<Parts | null | 'later'> {
    const { notice } = about;
    if (notice.kind === 'failing' || notice.kind === 'recovered') {
      const incident = await incidentStore(db).find(notice.about);
      if (!incident) return null;
      return notice.kind === 'failing' ? failing(about, incident) : recovered(about, incident);
    }
    if (notice.kind === 'sign_in_ends') return signInEnds(about);
    if (notice.kind === 'not_confirmed') return notConfirmed(about);
    return notice.kind === 'owner_changed' ? ownerChanged(about) : expires(about);
  }

  async function failing(about: About, incident: Incident): Promise<Parts | null> {
    const { tenant, reader } = about;
    const connection = await connectionStore(db).forTenant(tenant.id).find();
    if (incident.closedAt || connection?.health.serving.state !== 'failing') return null;
    const { cause } = connection.health.serving;
    const inUse = (await deps.credentials.living(tenant.id)).find(({ status }) => status === 'active');
    const t = textsFor(textsOf(about), inUse?.method ?? 'jwt');
    const facts = deps.isvFor(tenant.environment);
    const said = causeText(t, cause);
    const unexpired = inUse !== undefined && (inUse.expiresAt === null || inUse.expiresAt > world.now());
    const told = { isv: facts.isvName, app: facts.appName, expires: null, unexpired, unanswered: false };
    const elsewhere =
      cause === 'credential_rejected' && inUse && inUse.environment !== tenant.environment
        ? t.connections.fix.otherEnvironment
        : null;
    const clock = { language: about.language, timeZone: tenant.timeZone };
    const texts = t.mails.failing;
    return {
      subject: texts.subject({ isv, tenant: shortName(tenant.name), act: actorFor(fixOwnerOf(cause), reader) }),
      paragraphs: [
        texts.since({ isv, tenant: tenant.name, at: exactTime(incident.openedAt, clock) }),
        ...(elsewhere ? [`${elsewhere.title}.`, elsewhere.what] : []),
        `${said.title(told)}.`,
        ...said.what(told),
        ...(fixOwnerOf(cause) === 'tenant' ? [texts.yours] : []),
        deadlineText(faxesLostAt(connection.health, await deps.faxReports.find(tenant.id)), {
          t,
          clock: { ...clock, now: world.now() },
        }),
      ],
      button: {
        text: texts.button,
        url: linkTo(reader.isStaff ? `/staff/tenants/${tenant.id}` : fixPathOf(tenant.id, cause)),
      },
      after: [texts.once],
    };
  }

  /** Whether this person's mail about the failure was delivered; `later`: the next attempt will know. */
  async function firstMail({ about, personId }: Notice, kind: 'failing' | 'portal_failing') {
    const outcome = (await toldAbout(db, about, kind)).find((one) => one.personId === personId)?.outcome;
    return outcome === 'delivered' ? outcome : outcome === 'waiting' ? 'later' : null;
  }

  async function recovered(about: About, incident: Incident): Promise<Parts | null | 'later'> {
    const first = await firstMail(about.notice, 'failing');
    if (first !== 'delivered' || !incident.closedAt) return first === 'later' ? first : null;
    const { tenant } = about;
    const texts = textsOf(about).mails.recovered;
    const at = exactTime(incident.closedAt, { language: about.language, timeZone: tenant.timeZone });
    return {
      subject: texts.subject({ isv, tenant: shortName(tenant.name) }),
      paragraphs: [texts.since({ isv, tenant: tenant.name, at }), texts.nothing],
    };
  }

  async function ownerChanged(about: About): Promise<Parts | null> {
    const { notice, tenant } = about;
    const [connection, owner] = await Promise.all([
      connectionStore(db).forTenant(tenant.id).find(),
      ownerStore(db).forTenant(tenant.id).find(),
    ]);
    const change = shownChange(owner);
    // The change is over, a newer one has its own notice, or the mail about its consequence says more.
    if (change?.id !== notice.about || !connection || !serves(connection.health)) return null;
    const inUse = (await deps.credentials.living(tenant.id)).find(({ status }) => status === 'active');
    const t = textsFor(textsOf(about), inUse?.method ?? 'jwt');
    const texts = t.mails.ownerChanged;
    const said = ownerChangePart(change, { t, clock: { language: about.language, timeZone: tenant.timeZone } });
    return {
      subject: texts.subject({ isv, tenant: shortName(tenant.name) }),
      paragraphs: [texts.about({ isv, tenant: tenant.name }), said.seen, ...said.points, ...said.paragraphs],
      button: { text: texts.button, url: linkTo(`/tenants/${tenant.id}/connection`) },
      after: [texts.once],
    };
  }

  async function expires({ notice, tenant, language }: About): Promise<Parts | null> {
    const living = await deps.credentials.living(tenant.id);
    const credential = living.find(({ id, status }) => id === notice.about && status === 'active');
    const now = world.now();
    if (!credential?.expiresAt || credential.expiresAt <= now) return null;
    const clock = { language, timeZone: tenant.timeZone };
    const next = nextReminderAt(credential.expiresAt, now);
    const texts = textsFor(textsIn(language), credential.method).mails.expires;
    const page = credential.method === 'jwt' ? 'jwt' : 'sign-in';
    const on = dateOnly(credential.expiresAt, clock);
    return {
      subject: texts.subject({ isv, tenant: shortName(tenant.name), on }),
      paragraphs: texts.paragraphs({ isv, tenant: tenant.name, on }),
      button: { text: texts.button, url: linkTo(`/tenants/${tenant.id}/guide/${page}`) },
      after: next ? [texts.next({ on: dateOnly(next, clock) })] : [],
    };
  }

  async function signInEnds({ notice, tenant, language }: About): Promise<Parts | null> {
    const now = world.now();
    const connection = await connectionStore(db).forTenant(tenant.id).find();
    const inUse = (await deps.credentials.living(tenant.id)).find(({ status }) => status === 'active');
    const overdue = inUse && (await renewalReader(db).find(tenant.id, inUse.id, now));
    // It was renewed, replaced or refused, or it has ended: then RingCentral's answer says more.
    if (!overdue || notice.about !== aboutSignIn(overdue) || overdue.endsAt <= now) return null;
    if (!connection || !serves(connection.health)) return null;
    const clock = { language, timeZone: tenant.timeZone };
    const texts = textsIn(language).bySignIn.mails.ends;
    const on = exactTime(overdue.endsAt, clock);
    const since = exactTime(overdue.renewedAt, clock);
    return {
      subject: texts.subject({ isv, tenant: shortName(tenant.name) }),
      paragraphs: texts.paragraphs({ isv, tenant: tenant.name, since, on }),
      button: { text: texts.button, url: linkTo(signInPathOf(tenant.id)) },
      after: [texts.once],
    };
  }

  /** Outdated once a person has answered, or the credential is another. */
  async function notConfirmed({ notice, tenant, language }: About): Promise<Parts | null> {
    const connection = await connectionStore(db).forTenant(tenant.id).find();
    const waiting = await unconfirmedAccounts(db).forTenant(tenant.id).find();
    if (connection?.health.pending?.cause !== 'not_confirmed' || waiting?.credentialId !== notice.about) return null;
    const texts = textsIn(language).mails.notConfirmed;
    return {
      subject: texts.subject({ isv, tenant: tenant.name }),
      paragraphs: texts.paragraphs({ isv, tenant: tenant.name }),
      button: { text: texts.button, url: linkTo(`/tenants/${tenant.id}/connection`) },
      after: [texts.once],
    };
  }

  async function digest(language: Language): Promise<Parts | null> {
    const found = await digestOf(db, world.now(), await deps.faxReports.newest());
    if (!found) return null;
    const t = textsIn(language);
    const texts = t.mails.digest;
    const states = worstFirst.flatMap((state) => {
      const count = found.counts.find((one) => one.state === state)?.count;
      return count === undefined ? [] : `${t.connections.states[state]}: ${wholeNumber(count, language)}`;
    });
    return {
      subject: texts.subject({ isv }),
      paragraphs: [
        texts.clinics,
        states,
        ...found.incidents.flatMap(({ kind }) =>
          kind === 'connection' ? [] : texts.incident(t.staff.incidents.kinds[kind].title),
        ),
        ...(found.refusedMails > 0 ? [texts.refused(found.refusedMails)] : []),
        ...(found.filling > 0 ? [texts.filling(found.filling)] : []),
        ...(found.overdue ? [overdueText(found.overdue, t, language)] : []),
        ...(found.lastRun ? [texts.lastRun(exactTime(found.lastRun, { language, timeZone: 'UTC' }))] : []),
      ],
      button: { text: texts.button, url: linkTo('/staff/tenants') },
    };
  }

  async function aboutPortal(notice: Notice, language: Language): Promise<Parts | null | 'later'> {
    if (notice.kind === 'digest') return digest(language);
    if (notice.kind !== 'portal_failing' && notice.kind !== 'portal_recovered') return null;
    const incident = await incidentStore(db).find(notice.about);
    if (!incident || incident.kind === 'connection') return null;
    const t = textsIn(language);
    const { title, what, fix } = t.staff.incidents.kinds[incident.kind];
    const button = { text: t.mails.incident.button, url: linkTo(`/staff/incidents/${incident.id}`) };
    if (notice.kind === 'portal_failing') {
      if (incident.closedAt) return null;
      const which = isEnvironment(incident.subject) ? [] : [t.staff.incidents.ofSignIn.what];
      const paragraphs = [`${title}.`, ...which, what, fix];
      return { subject: t.mails.incident.subject({ isv, title }), paragraphs, button };
    }
    const first = await firstMail(notice, 'portal_failing');
    if (first !== 'delivered') return first;
    return { subject: t.mails.incident.over({ isv, title }), paragraphs: [t.staff.incidents.overWhat], button };
  }

  return compose;
}

/** Who must act, as this reader sees it. */
function actorFor(owner: FixOwner, { isStaff }: NoticeReader): 'you' | 'clinic' | 'others' {
  if (owner === 'tenant') return isStaff ? 'clinic' : 'you';
  return owner === 'isv' && isStaff ? 'you' : 'others';
}

/** The page with the button that fixes it. */
export const fixPathOf = (tenantId: string, cause: Cause): string =>
  cause === 'sign_in_again' ? signInPathOf(tenantId) : `/tenants/${tenantId}/connection#fix`;

function overdueText({ count, firstEnd }: NonNullable<Digest['overdue']>, t: Texts, language: Language): string {
  return t.staff.incidents.overdue(count, exactTime(firstEnd, { language, timeZone: 'UTC' }));
}
