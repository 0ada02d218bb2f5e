import { fixOwnerOf } from '../../connections/health/causes.js';
import type { CheckDetail } from '../../connections/health/check-types.js';
import { causeText, type IsvFacts } from '../../connections/pages/cause-page.js';
import { fillingTexts } from '../../connections/pages/fax-report-texts.js';
import { textsFor } from '../../connections/pages/method-texts.js';
import type { ClinicFacts, OverviewEvidence } from './clinic-evidence.js';

const factsOf = (isv: IsvFacts, detail: CheckDetail = {}) => ({
  isv: isv.isvName,
  app: isv.appName,
  expires: null,
  unexpired: detail.unexpired === true,
  unanswered: detail.unanswered === true,
});

/** The clinic's steps in its language, ready to be mailed; contains no secret. */
export function fixPart(
  { tenant, view, checks }: Pick<OverviewEvidence, 'tenant' | 'view' | 'checks'>,
  { t, textsIn, isv, clock }: ClinicFacts,
) {
  const { shown, connection } = view;
  const cause = connection.health.pending?.cause ?? shown.cause;
  if (cause === null || fixOwnerOf(cause) !== 'tenant') return null;
  const texts = t.staff.tenant.fix;
  const about = connection.health.pending?.cause ? view.pending : view.active;
  const clinics = textsFor(textsIn(tenant.language), about?.method ?? view.lastMethod);
  const clinicsClock = { ...clock, language: tenant.language, timeZone: tenant.timeZone };
  const said = causeText(clinics, cause);
  const detail = checks.find((check) => check.cause === cause)?.detail;
  const facts = factsOf(isv, detail);
  const elsewhere = detail?.issuedBy === undefined ? null : clinics.connections.fix.otherEnvironment;
  const steps = [...(elsewhere ? [elsewhere.step(isv.isvName)] : []), ...said.steps(facts)].map(
    (step, index) => `${index + 1}. ${typeof step === 'string' ? step : step.text}`,
  );
  const clientId =
    cause === 'app_not_permitted' ? [`${clinics.connections.fix.clientId(isv.appName)}: ${isv.clientId}`] : [];
  const value = [
    clinics.staff.tenant.fix.greeting,
    [
      ...(elsewhere ? [`${elsewhere.title}.`, elsewhere.what, elsewhere.otherwise] : []),
      `${said.title(facts)}.`,
      ...(cause === 'mailbox_filling' ? fillingTexts(view, { t: clinics, clock: clinicsClock }) : []),
      ...said.what(facts),
    ].join(' '),
    [...steps, ...clientId].join('\n'),
    clinics.staff.tenant.fix.end,
  ].join('\n\n');
  return {
    heading: texts.heading,
    copy: { id: 'fix', label: texts.label, value, multiline: true, rows: steps.length + 8 },
  };
}
