import type { Cell, Row, Table } from '../../platform/http/content.js';
import { shownTime, wholeNumber, type Clock } from '../../platform/http/view-helpers.js';
import { listUrl } from '../../staff/clinic-urls.js';
import type { Texts } from '../../texts/texts.js';
import { importColumns } from '../csv/columns.js';
import type { ClinicImport, ImportCounts, ImportLine, ImportPlan, ImportState } from '../import-types.js';
import { lineProblemText } from '../problem-texts.js';

export const importUrl = '/staff/clinics-import';
/** Rows that were left out: the first are seen at once, the others after a click. */
export const MOST_SHOWN = 100;
const MOST_UNFOLDED = 10;
/** New clinics of a preview. */
export const SAMPLE = 5;
const RUNNING_SECONDS = 3;
const INVITING_SECONDS = 60;

export type Facts = { t: Texts; clock: Clock };
const notices = ['started', 'stopped'] as const;
type ImportNotice = (typeof notices)[number];
/** The page keeps its address while it refreshes, so an act is only told while the file is still in its state. */
const toldIn: Record<ImportNotice, ImportState> = { started: 'running', stopped: 'stopped' };
export const readNotice = (value: unknown, state: ImportState) =>
  notices.find((notice) => notice === value && toldIn[notice] === state);

const badges: Record<ImportState, string> = {
  loading: 'warning',
  checked: 'pending',
  running: 'pending',
  finished: 'healthy',
  stopped: 'disconnected',
};

type UploadFacts = { newest: readonly ClinicImport[]; mostMegabytes: number; error?: string | undefined };

/** The form, and what was imported before. */
export function uploadPage({ newest, mostMegabytes, error }: UploadFacts, { t, clock }: Facts) {
  const texts = t.staff.clinicFiles.import;
  const { columns } = texts;
  return {
    title: texts.title,
    backLink: { text: t.staff.list.title, href: listUrl },
    action: importUrl,
    errors: error === undefined ? [] : [{ text: error, href: '#file' }],
    lead: [texts.what, texts.check],
    format: {
      summary: texts.format.summary,
      items: texts.format.items(importColumns.join(', '), 'admin_email', mostMegabytes),
    },
    file: { name: 'file', label: texts.file, hint: texts.fileHint, accept: '.csv,text/csv', error },
    button: texts.button,
    table: {
      caption: texts.earlier,
      empty: texts.none,
      head: [columns.time, columns.rows, columns.state],
      rows: newest.map(({ id, createdAt, total, state }): Cell[] => [
        { text: shownTime(createdAt, clock).exact, href: `${importUrl}/${id}` },
        wholeNumber(total, clock.language),
        { badge: { state: badges[state], text: texts.states[state] } },
      ]),
    } satisfies Table,
  };
}

type Shown = {
  file: ClinicImport;
  counts: ImportCounts;
  plan: ImportPlan;
  /** Some of the clinics that will be added. */
  sample: readonly ImportLine[];
  refused: readonly ImportLine[];
  invitationsPerMinute: number;
  mayChangeClinics: boolean;
  notice?: ImportNotice | undefined;
};

/** One file: what it will do, how far it is, or what it did. */
export function importPage(shown: Shown, { t, clock }: Facts) {
  const { file, counts, plan } = shown;
  const { state, total } = file;
  const texts = t.staff.clinicFiles.import;
  const { one } = texts;
  const number = (value: number) => wholeNumber(value, clock.language);
  const done = total - counts.waiting;
  const isAllowed = shown.mayChangeClinics || plan.changed === 0;
  const nothingToDo = state === 'checked' && counts.waiting === 0;
  const url = `${importUrl}/${file.id}`;
  const refreshed = counts.invitations.waiting > 0 && state === 'finished' ? INVITING_SECONDS : null;
  return {
    title: one.titles[state],
    backLink: { text: texts.title, href: importUrl },
    mainAttributes: { 'data-state': state },
    refreshSeconds: state === 'running' ? RUNNING_SECONDS : refreshed,
    notice: shown.notice && texts.notices[shown.notice],
    lead: leadOf(shown, texts, number, { isAllowed, nothingToDo }),
    progress:
      state === 'running' ? { text: one.progress(number(done), number(total)), value: done, most: total } : null,
    rows: rowsOf(shown, t, number),
    sample:
      shown.sample.length === 0
        ? null
        : ({
            caption: one.sample,
            head: [one.columns.name, one.columns.environment],
            rows: shown.sample.map(({ values }): Cell[] => [
              { text: values.name, note: values.external_ref },
              environmentText(values.environment, t),
            ]),
          } satisfies Table),
    ...refusedTables(shown.refused, t, number),
    more: counts.refused > shown.refused.length ? one.more(number(counts.refused - shown.refused.length)) : null,
    forms: [
      ...(state === 'checked' && isAllowed && !nothingToDo
        ? [{ action: `${url}/start`, button: one.start(counts.waiting, number(counts.waiting)), variant: undefined }]
        : []),
      ...(state === 'checked' || state === 'running'
        ? [{ action: `${url}/stop`, button: one.stop[state], variant: 'secondary' }]
        : []),
    ],
    links: state === 'finished' || state === 'stopped' ? [{ text: t.staff.list.title, href: listUrl }] : [],
  };
}

type Says = { isAllowed: boolean; nothingToDo: boolean };

function leadOf(
  { file: { state }, counts, plan, invitationsPerMinute }: Shown,
  { one }: Texts['staff']['clinicFiles']['import'],
  number: (value: number) => string,
  { isAllowed, nothingToDo }: Says,
): string[] {
  const pace = (waiting: number) =>
    waiting === 0 ? [] : [one.pace(number(invitationsPerMinute), number(Math.ceil(waiting / invitationsPerMinute)))];
  switch (state) {
    case 'loading':
      return [one.loading];
    case 'checked':
      if (nothingToDo) return [one.nothingToDo];
      return [one.checked, ...pace(plan.addresses), ...(isAllowed ? [] : [one.administrators])];
    case 'running':
      return [one.running];
    case 'finished':
      return pace(counts.invitations.waiting);
    case 'stopped':
      return [one.stopped];
  }
}

function rowsOf({ file: { state }, counts, plan }: Shown, t: Texts, number: (value: number) => string): Row[] {
  const { one } = t.staff.clinicFiles.import;
  if (state === 'loading') return [];
  const isPlan = state === 'checked';
  const of = isPlan ? plan : counts;
  const keys = isPlan ? one.will : one.did;
  const { invitations } = counts;
  return [
    { key: keys.created, value: number(of.created) },
    { key: keys.changed, value: number(of.changed) },
    { key: keys.unchanged, value: number(of.unchanged) },
    { key: keys.refused, value: number(counts.refused) },
    ...(isPlan
      ? [{ key: one.will.invitations, value: number(plan.addresses) }]
      : [
          { key: one.did.invited, value: number(invitations.sent) },
          { key: one.did.inviting, value: number(invitations.waiting) },
          { key: one.did.notInvited, value: number(invitations.not_needed + invitations.refused) },
        ]),
    ...(state === 'stopped' ? [{ key: one.did.waiting, value: number(counts.waiting) }] : []),
  ];
}

/** Where the account of a new clinic is; an empty cell is the default. */
const environmentText = (code: string, t: Texts) =>
  code in t.staff.create.environments
    ? t.staff.create.environments[code as keyof Texts['staff']['create']['environments']].text
    : t.staff.clinicFiles.import.one.defaultEnvironment;

/** One entry for each row, with all that is wrong with it. */
function refusedTables(refused: readonly ImportLine[], t: Texts, number: (value: number) => string) {
  const { one } = t.staff.clinicFiles.import;
  const { columns } = one;
  const rows = refused.map(({ line, problems }): Cell[] => [
    one.line(number(line)),
    { list: problems.map((problem) => `${problem.column ?? one.wholeRow}: ${lineProblemText(problem, t)}`) },
  ]);
  const table = (some: Cell[][]): Table => ({ caption: one.refused, head: [columns.line, columns.reason], rows: some });
  const others = rows.slice(MOST_UNFOLDED);
  return {
    refused: rows.length === 0 ? null : table(rows.slice(0, MOST_UNFOLDED)),
    folded:
      others.length === 0
        ? null
        : { summary: one.unfold(others.length, number(others.length)), table: { ...table(others), hideCaption: true } },
  };
}
