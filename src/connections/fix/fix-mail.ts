import type { Notice } from '../../notifications/notice-store.js';
import type { Composed } from '../../notifications/notices.js';
import { composeMail } from '../../platform/mail-message.js';
import type { ConnectionView } from '../connection-view.js';
import type { Check } from '../health/check-types.js';
import { fixPathOf, type MailDeps } from '../pages/notice-mails.js';
import { fixText } from './fix-text.js';

type Deps = Pick<MailDeps, 'world' | 'readerOf' | 'tenantOf' | 'isvFor' | 'textsIn' | 'brand' | 'publicUrl'> & {
  view: (tenantId: string) => Promise<ConnectionView>;
  checks: (tenantId: string) => Promise<Check[]>;
};

/** Composes the mail by which staff send the fix. It says what is so when it is sent; a fix that is done is not sent. */
export const fixMails =
  ({ world, readerOf, tenantOf, isvFor, textsIn, brand, publicUrl, view, checks }: Deps) =>
  async ({ personId, tenantId }: Notice): Promise<Composed> => {
    const [reader, tenant] =
      tenantId === null ? [] : await Promise.all([readerOf(personId, tenantId), tenantOf(tenantId)]);
    if (!reader || reader.isStaff || !tenant) return { kind: 'not_wanted' };
    const language = reader.language ?? tenant.language;
    const t = textsIn(language);
    const clock = { now: world.now(), timeZone: tenant.timeZone, language };
    const given = { t, isv: isvFor(tenant.environment), clock };
    const fix = fixText({ tenant, view: await view(tenant.id), checks: await checks(tenant.id) }, given);
    if (!fix) return { kind: 'not_wanted' };
    const texts = t.mails.fix;
    const names = { isv: brand.name, tenant: tenant.name };
    return {
      kind: 'mail',
      mail: composeMail({
        to: reader.email,
        language,
        subject: texts.subject(names),
        paragraphs: [texts.about(names), ...fix.what, ...fix.steps],
        button: { text: texts.button, url: new URL(fixPathOf(tenant.id, fix.cause), publicUrl).href },
        signature: t.mails.signature({ isv: brand.name, support: brand.supportEmail }),
      }),
    };
  };
