import type { Row } from '../../platform/http/content.js';
import { languageNames } from '../../texts/languages.js';
import type { ClinicFacts, ClinicSeen } from './clinic-evidence.js';
import { clinicHeader, factsFor } from './clinic-header.js';
import { clinicUrl, settingsFormUrl, type ClinicNotice } from '../clinic-urls.js';

/** How the clinic is set up, its data, and its end. Changes are made on pages that ask for a fresh proof. */
export function settingsPage(of: ClinicSeen, given: ClinicFacts, notice?: ClinicNotice) {
  const facts = factsFor(of, given);
  const { tenant, view } = of;
  const { t, mayManage, hasSignInApp } = facts;
  const texts = t.staff.tenant;
  const url = clinicUrl(tenant.id);
  const row = (key: string, value: string): Row => ({ key, value });
  const settings = t.staff.settings;
  return {
    ...clinicHeader(of, given, 'settings', notice),
    settings: {
      heading: texts.settings.heading,
      rows: [
        row(texts.identity.language, languageNames[tenant.language]),
        row(texts.identity.timeZone, tenant.timeZone),
        row(
          settings.secondFactor,
          tenant.membersNeedSecondFactor ? settings.secondFactorNeeded : settings.secondFactorOptional,
        ),
        ...(hasSignInApp ? [row(settings.methods, settings.methodsOf[tenant.offeredMethods])] : []),
      ],
      change: mayManage ? { text: texts.settings.change, href: settingsFormUrl(tenant.id) } : null,
    },
    fixed: {
      heading: texts.settings.fixed,
      rows: [
        row(texts.identity.externalRef, tenant.externalRef),
        row(texts.identity.environment, t.staff.create.environments[tenant.environment].text),
      ],
    },
    ending: {
      heading: texts.settings.ending,
      links: [
        {
          text: view.shown.state === 'disconnected' ? t.disconnection.linkAfter : t.disconnection.link,
          href: `${url}/disconnection`,
        },
        ...(mayManage
          ? [
              { text: t.staff.export.link, href: `${url}/export` },
              { text: t.staff.offboarding.link, href: `${url}/offboarding` },
            ]
          : []),
      ],
    },
    noSecret: texts.noSecret,
  };
}
