import type { Table } from '../../platform/http/content.js';
import type { Texts } from '../../texts/texts.js';
import type { OpenApi, Operation, Parameter, Schema } from '../openapi.js';
import { examplesOf } from './code-examples.js';
import { titleOf } from './error-page.js';

const REFS = '#/components/schemas/';

/** A cause that so many calls have is said once, for all of them. */
const LEAST_SHARED = 3;

/** The data of views/api/api.ejs, from the OpenAPI document alone. */
export function apiPage(document: OpenApi, base: string, t: Texts) {
  const texts = t.api.page;
  const schemas: Record<string, Schema> = document.components.schemas;
  const resolved = (schema: Schema | undefined): Schema | undefined =>
    schema?.$ref === undefined ? schema : schemas[schema.$ref.slice(REFS.length)];
  const operations = Object.entries(document.paths).flatMap(([path, own]) =>
    Object.entries(own).map(([method, operation]) => ({ method, path, operation })),
  );
  const problems = operations.flatMap(({ operation }) => problemsOf(operation));
  const isShared = ({ cause }: Failure) => problems.filter((one) => one.cause === cause).length >= LEAST_SHARED;
  const summaryOf = ({ operationId, summary }: Operation) => texts.summaries[operationId] ?? summary;
  const answerRef = ({ responses }: Operation) =>
    Object.values(responses)[0]?.content?.['application/json']?.schema.$ref;

  const calls = operations.map(({ method, path, operation }, index) => {
    const body = resolved(operation.requestBody?.content['application/json']?.schema);
    const [status = '', good] = Object.entries(operation.responses)[0] ?? [];
    const answer = resolved(good?.content?.['application/json']?.schema);
    const alike = operations.slice(0, index).find((one) => answer && answerRef(one.operation) === answerRef(operation));
    return {
      id: operation.operationId,
      heading: `${method.toUpperCase()} /api/v1${path}`,
      summary: summaryOf(operation),
      scope: plain(operation.description),
      answers: texts.answers(status),
      alike: alike && { text: texts.sameAnswer(summaryOf(alike.operation)), href: `#${alike.operation.operationId}` },
      tables: [
        tableOf(texts.parameters, operation.parameters.map(parameterRow), texts),
        body && tableOf(texts.body, rowsOf(body, schemas, texts), texts),
        answer && !alike && answerTable(rowsOf(answer, schemas, texts), texts),
        problemTable(
          problemsOf(operation).filter((one) => !isShared(one)),
          texts.problems,
          t,
        ),
      ].filter((table): table is Table => typeof table === 'object' && table.rows.length > 0),
      examples: examplesOf({ method, path, operation, body }, `${base}/api/v1`).map(({ language, code }) => ({
        summary: texts.example(language),
        code,
      })),
    };
  });
  const once = new Map(problems.filter(isShared).map((one) => [one.cause, one]));
  const shared = [...once.values()].sort((a, b) => (a.status < b.status ? -1 : a.status > b.status ? 1 : 0));
  return {
    title: texts.title,
    intro: texts.intro(base),
    contents: texts.contents,
    calls,
    document: texts.document,
    shared: {
      ...texts.shared,
      table: { ...problemTable(shared, texts.shared.heading, t), hideCaption: true },
    },
  };

  function parameterRow({ name, required, description = '', schema }: Parameter): string[] {
    return [name, typeOf(schema), required ? texts.required : texts.optional, plain(description)];
  }
}

type PageTexts = Texts['api']['page'];

const tableOf = (caption: string, rows: string[][], { columns }: PageTexts): Table => ({
  caption,
  head: [columns.name, columns.type, columns.needed, columns.meaning],
  rows,
});

/** What an answer has is not for the caller to decide, so it does not say what is needed. */
const answerTable = (rows: string[][], { answer, columns }: PageTexts): Table => ({
  caption: answer,
  head: [columns.name, columns.type, columns.meaning],
  rows: rows.map(([name = '', type = '', , meaning = '']) => [name, type, meaning]),
});

/** The document marks names as Markdown does. */
const plain = (text: string): string => text.replaceAll('`', '');

/** Members of members have their path as a name: `connection.state`. */
function rowsOf(
  { properties = {}, required = [] }: Schema,
  schemas: Record<string, Schema>,
  texts: PageTexts,
  before = '',
): string[][] {
  return Object.entries(properties).flatMap(([name, schema]) => {
    const own = { ...schema, ...(schema.anyOf?.find(({ type }) => type !== 'null') ?? {}) };
    const item = own.items?.$ref === undefined ? own.items : schemas[own.items.$ref.slice(REFS.length)];
    const needed = required.includes(name) ? texts.required : texts.optional;
    const row = [before + name, typeOf(schema), needed, plain(schema.description ?? own.description ?? '')];
    const inner = own.properties ? own : item;
    return [row, ...(inner ? rowsOf(inner, schemas, texts, `${before}${name}${item ? '[]' : ''}.`) : [])];
  });
}

/** The causes are more than a reader wants to see there; they have pages. */
const MOST_VALUES = 12;

function typeOf({ type, enum: values, format, anyOf, items, $ref }: Schema): string {
  if (anyOf) return anyOf.map(typeOf).join(' | ');
  if (values && values.length > MOST_VALUES) return 'string';
  if (values) return values.map((value) => `"${value}"`).join(' | ');
  if ($ref) return 'object';
  if (items) return `${typeOf(items)}[]`;
  return format ?? [type ?? 'any'].flat().join(' | ');
}

type Failure = { cause: string; status: string };

const problemsOf = ({ responses }: Operation): Failure[] =>
  Object.entries(responses).flatMap(([status, { description, content }]) =>
    content && 'application/problem+json' in content
      ? [...description.matchAll(/`(\w+)`/g)].map(([, cause = '']) => ({ cause, status }))
      : [],
  );

function problemTable(problems: readonly Failure[], caption: string, t: Texts): Table {
  const { columns } = t.api.page;
  const rows = problems.map(({ cause, status }) => [
    { text: cause, href: `/docs/errors/${cause}` },
    status,
    titleOf(cause, t),
  ]);
  return { caption, head: [columns.cause, columns.status, columns.meaning], rows };
}
