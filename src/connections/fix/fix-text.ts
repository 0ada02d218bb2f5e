import type { Tenant } from '../../tenants/tenant-types.js';
import type { Clock } from '../../platform/http/view-helpers.js';
import type { Texts } from '../../texts/texts.js';
import { methodOf, type ConnectionView } from '../connection-view.js';
import type { Health, Shown } from '../health/health.js';
import { fixOwnerOf, type Cause } from '../health/causes.js';
import type { Check } from '../health/check-types.js';
import { causeText, type IsvFacts } from '../pages/cause-page.js';
import { fillingTexts } from '../pages/fax-report-texts.js';
import { textsFor } from '../pages/method-texts.js';

/** What the clinic can fix now; null if there is nothing that it can. What was given last counts first. */
export function clinicsCause({ shown, health }: { shown: Pick<Shown, 'cause'>; health: Health }): Cause | null {
  const cause = health.pending?.cause ?? shown.cause;
  return cause !== null && fixOwnerOf(cause) === 'tenant' ? cause : null;
}

export type Fixable = {
  tenant: Pick<Tenant, 'language' | 'timeZone'>;
  view: ConnectionView;
  /** The newest checks. */
  checks: readonly Check[];
};

/**
 * What happened and the steps of the clinic, as an email says them; contains no secret. Null if the clinic cannot fix
 * anything now.
 */
export function fixText({ tenant, view, checks }: Fixable, given: { t: Texts; isv: IsvFacts; clock: Clock }) {
  const { connection, shown } = view;
  const cause = clinicsCause({ shown, health: connection.health });
  if (cause === null) return null;
  const about = connection.health.pending?.cause ? view.pending : view.active;
  const t = textsFor(given.t, about?.method ?? methodOf(view));
  const { isv } = given;
  const said = causeText(t, cause);
  const detail = checks.find((check) => check.cause === cause)?.detail;
  const facts = {
    isv: isv.isvName,
    app: isv.appName,
    expires: null,
    unexpired: detail?.unexpired === true,
    unanswered: detail?.unanswered === true,
  };
  const elsewhere = detail?.issuedBy === undefined ? null : t.connections.fix.otherEnvironment;
  const clock = { ...given.clock, language: t.common.lang, timeZone: tenant.timeZone };
  const steps = [...(elsewhere ? [elsewhere.step(isv.isvName)] : []), ...said.steps(facts)];
  return {
    cause,
    title: said.title(facts),
    what: [
      ...(elsewhere ? [`${elsewhere.title}.`, elsewhere.what, elsewhere.otherwise] : []),
      `${said.title(facts)}.`,
      ...(cause === 'mailbox_filling' ? fillingTexts(view, { t, clock }) : []),
      ...said.what(facts),
    ],
    steps: [
      ...steps.map((step, index) => `${index + 1}. ${typeof step === 'string' ? step : step.text}`),
      ...(cause === 'app_not_permitted' ? [`${t.connections.fix.clientId(isv.appName)}: ${isv.clientId}`] : []),
    ],
  };
}
