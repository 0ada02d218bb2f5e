import { confirmPart } from '../../connections/confirmation/confirm-part.js';
import type { ConnectionView } from '../../connections/connection-view.js';
import { historyPart } from '../../connections/pages/history-page.js';
import { ownerChangePart } from '../../connections/pages/owner-change-page.js';
import type { Row } from '../../platform/http/content.js';
import { shownTime } from '../../platform/http/view-helpers.js';
import { withheldFacts } from './account-approval-page.js';
import type { ClinicFacts, OverviewEvidence } from './clinic-evidence.js';
import { clinicHeader, factsFor } from './clinic-header.js';
import { linesTable } from './clinic-tables.js';
import { clinicUrl, type ClinicNotice } from '../clinic-urls.js';
import { endedParts, eventRows } from './ended-parts.js';
import { faxesPart } from './fax-report-table.js';
import { fixPart } from './fix-part.js';
import { stateRows } from './state-rows.js';

/** The first page of a clinic: what needs a decision or a fix, what is connected, and how it went. */
export function overviewPage(evidence: OverviewEvidence, given: ClinicFacts, notice?: ClinicNotice) {
  const { tenant, view, names } = evidence;
  const facts = factsFor(evidence, given);
  const { t } = facts;
  const url = clinicUrl(tenant.id);
  const unticked = view.lines.filter(({ selected }) => !selected).length;
  return {
    ...clinicHeader(evidence, given, 'overview', notice),
    withheld: withheldPart(evidence, facts, url),
    confirm: unconfirmedPart(view, facts, url),
    ownerChange:
      view.ownerChange &&
      ownerChangePart(view.ownerChange, facts, { who: 'staff', failing: view.shown.state === 'failing' }),
    state: {
      heading: t.staff.tenant.state.heading,
      rows: [...stateRows(view, facts), ...eventRows(evidence, facts)],
      /** Shown if there is nothing to list. */
      none: t.staff.tenant.state.nothingYet,
    },
    fix: fixPart(evidence, facts),
    ...endedParts(evidence, facts, url),
    identity: identityPart(view, facts),
    history: historyPart(evidence.past, { ...facts, nameOf: (id) => names.get(id)?.name }),
    // Before the first connection there is nothing to list.
    lines: view.lines.length > 0 || view.active ? linesTable(view, facts) : null,
    faxes: faxesPart(view, facts),
    moreLines: unticked > 0 ? t.staff.tenant.lines.more(unticked) : null,
    noSecret: t.staff.tenant.noSecret,
  };
}

function withheldPart(evidence: OverviewEvidence, { t, mayManage }: ClinicFacts, url: string) {
  const found = withheldFacts(evidence, t);
  if (!found) return null;
  const texts = t.staff.tenant.withheld;
  return {
    heading: texts.heading,
    paragraphs: [...found.why, ...(mayManage ? [] : [texts.role])],
    table: found.table,
    rows: found.rows,
    /** Link to the page that first requires a fresh second factor. */
    approve: mayManage ? { text: texts.decide, href: `${url}/account-approval` } : null,
  };
}

/** Staff answer in the place of the clinic, with its words. */
function unconfirmedPart(view: ConnectionView, facts: ClinicFacts, url: string) {
  const actions = { confirm: `${url}/confirmation`, disown: `${url}/refusal`, forClinic: true } as const;
  const confirm = confirmPart(view, facts, facts.mayChange ? actions : null);
  const texts = facts.t.connections.confirm;
  return confirm && { heading: texts.staffHeading, paragraphs: [texts.staffText, texts.forStaff], confirm };
}

/** The company and the user that the connection acts as; in the past tense while it does not work. */
function identityPart(view: ConnectionView, { t, clock }: ClinicFacts) {
  const texts = t.staff.tenant.identity;
  const { identity, connectedAt } = view.connection;
  const number = identity?.ownerExtensionNumber ?? null;
  const works = !['failing', 'disconnected'].includes(view.shown.state);
  const rows: Row[] = identity
    ? [
        {
          key: texts.company,
          value: {
            text: identity.accountName ?? texts.unnamed,
            note: `${t.staff.tenant.withheld.account}: ${identity.accountId}`,
          },
        },
        {
          key: works ? texts.owner : texts.ownerBefore,
          value: {
            text: identity.ownerName ?? texts.unnamed,
            note: number === null ? identity.ownerId : `${texts.extension(number)}, ${identity.ownerId}`,
          },
        },
        ...(view.active ? [{ key: texts.by, value: texts.methods[view.active.method] }] : []),
        ...(connectedAt && works ? [{ key: texts.connected, value: { time: shownTime(connectedAt, clock) } }] : []),
      ]
    : [];
  return { heading: texts.heading, none: identity ? null : texts.none, rows };
}
