import type { Table } from '../../platform/http/content.js';
import type { Texts } from '../../texts/texts.js';
import type { OpenApi, Operation, Parameter, Schema } from '../openapi.js';
import { examplesOf } from './code-examples.js';

const REFS = '#/components/schemas/';

/** The data of views/api/api.ejs, from the OpenAPI document alone. */
export function apiPage(document: OpenApi, base: string, t: Texts) {
  const texts = t.api.page;
  const schemas: Record<string, Schema> = document.components.schemas;
  const resolved = (schema: Schema | undefined): Schema | undefined =>
    schema?.$ref === undefined ? schema : schemas[schema.$ref.slice(REFS.length)];

  const calls = Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => {
      const body = resolved(operation.requestBody?.content['application/json']?.schema);
      const [status = '', good] = Object.entries(operation.responses)[0] ?? [];
      const answer = resolved(good?.content?.['application/json']?.schema);
      return {
        id: operation.operationId,
        heading: `${method.toUpperCase()} /api/v1${path}`,
        summary: texts.summaries[operation.operationId] ?? operation.summary,
        scope: plain(operation.description),
        answers: texts.answers(status),
        tables: [
          tableOf(texts.parameters, operation.parameters.map(parameterRow), texts),
          body && tableOf(texts.body, rowsOf(body, schemas, texts), texts),
          answer && answerTable(rowsOf(answer, schemas, texts), texts),
          problemTable(operation, texts),
        ].filter((table): table is Table => table !== undefined && table.rows.length > 0),
        examples: examplesOf({ method, path, operation, body }, `${base}/api/v1`),
      };
    }),
  );
  return { title: texts.title, intro: texts.intro(base), contents: texts.contents, calls, document: texts.document };

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

function typeOf({ type, enum: values, format, anyOf, items, $ref }: Schema): string {
  if (anyOf) return anyOf.map(typeOf).join(' | ');
  if (values) return values.map((value) => `"${value}"`).join(' | ');
  if ($ref) return 'object';
  if (items) return `${typeOf(items)}[]`;
  return format ?? [type ?? 'any'].flat().join(' | ');
}

function problemTable({ responses }: Operation, { problems, columns }: PageTexts): Table {
  const rows = Object.entries(responses).flatMap(([status, { description, content }]) =>
    content && 'application/problem+json' in content
      ? [...description.matchAll(/`(\w+)`/g)].map(([, cause = '']) => [
          { text: cause, href: `/docs/errors/${cause}` },
          status,
        ])
      : [],
  );
  return { caption: problems, head: [columns.cause, columns.status], rows };
}
