import { z, type ZodType } from 'zod';
import { limitOf } from '../app/api-limits.js';
import type { ApiRoute } from '../app/capability.js';
import { problemStatuses, type MemberProblem } from '../app/problem.js';
import { problemsOf } from './problem-causes.js';

export type Schema = {
  type?: string | string[];
  description?: string;
  title?: string;
  enum?: string[];
  format?: string;
  default?: unknown;
  $ref?: string;
  anyOf?: Schema[];
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
};
export type Parameter = { name: string; in: string; required: boolean; description?: string; schema: Schema };
export type Content = Record<string, { schema: Schema }>;
export type Operation = {
  operationId: string;
  summary: string;
  description: string;
  parameters: Parameter[];
  requestBody?: { required: boolean; content: Content };
  responses: Record<string, { description: string; headers?: object; content?: Content }>;
};
/** A request that the portal sends, with an example of its body. */
export type Webhook = { name: string; body: ZodType; example: unknown };

const REFS = '#/components/schemas/';

const problem = z
  .strictObject({
    type: z.url().describe('The page of the cause'),
    title: z.string(),
    status: z.int(),
    instance: z.string().describe('The id of the request, for support'),
    cause: z.string().describe('A stable code'),
    fix_owner: z.enum(['tenant', 'isv', 'ringcentral', 'nobody']).optional(),
    since: z.iso.datetime().optional(),
    reconnect_url: z.url().optional().describe('Where a person of the clinic fixes it'),
    retryable: z.boolean().describe('Whether the same call may succeed later without a change'),
    retry_at: z.iso.datetime().optional().describe('Not before; `Retry-After` says the same'),
    errors: z
      .array(z.strictObject({ pointer: z.string(), code: z.string() }) satisfies ZodType<MemberProblem>)
      .optional()
      .describe('Which members are wrong (RFC 6901)'),
  })
  .meta({ title: 'Problem' });

/** The OpenAPI document of the calls, from the schemas that validate their requests and answers. */
export function openApiOf(
  calls: readonly ApiRoute[],
  webhooks: readonly Webhook[],
  { publicUrl, title }: { publicUrl: string; title: string },
) {
  const requests = registered(calls.flatMap((call) => (call.request ? [[nameOf(call, 'Request'), call.request]] : [])));
  const answers = registered([
    ...calls.flatMap((call): [string, ZodType][] => (call.response ? [[nameOf(call, 'Answer'), call.response]] : [])),
    ['Problem', problem],
    ...webhooks.map(({ name, body }): [string, ZodType] => [name, body]),
  ]);
  const paths: Record<string, Record<string, Operation>> = {};
  for (const call of calls) {
    const operation: Operation = {
      operationId: operationIdOf(call),
      summary: call.summary,
      description: `Scope: \`${call.scope}\`. Counts as: \`${limitOf(call)}\`.`,
      parameters: parametersOf(call),
      ...(call.request
        ? { requestBody: { required: isRequired(call.request), content: json(requests, call.request) } }
        : {}),
      responses: {
        [call.responseStatus ?? 200]: {
          description: 'The call succeeded',
          ...(call.response ? { content: json(answers, call.response) } : {}),
        },
        ...Object.fromEntries(
          problemsOf(call).map(([status, causes]) => [
            status,
            {
              description: `${problemStatuses[status].title}: ${causes.map((cause) => `\`${cause}\``).join(', ')}`,
              content: { 'application/problem+json': { schema: { $ref: `${REFS}Problem` } } },
            },
          ]),
        ),
      },
    };
    paths[call.path] = { ...paths[call.path], [call.method]: operation };
  }
  return {
    openapi: '3.1.0',
    info: { title, version: '1' },
    servers: [{ url: `${publicUrl}/api/v1` }],
    security: [{ key: [] }],
    paths,
    webhooks: Object.fromEntries(webhooks.map((webhook) => [webhook.name, { post: requestOf(webhook, answers) }])),
    components: {
      securitySchemes: { key: { type: 'http', scheme: 'bearer', description: 'An API key, `lky_…`' } },
      schemas: { ...schemasOf(requests, 'input'), ...schemasOf(answers, 'output') },
    },
  };
}

const webhookHeaders = [
  ['webhook-id', 'The id of the event, the same in every try'],
  ['webhook-timestamp', 'The time of the try, in seconds since 1970'],
  ['webhook-signature', 'One signature for each valid secret, separated by spaces'],
] as const;

/** What a receiver gets. It has no API key: the signature of Standard Webhooks shows who sent it. */
const requestOf = ({ name, body, example }: Webhook, registry: Registry) => ({
  summary: `The event ${name}`,
  description: 'Verify the signature of the bytes that arrived, before any JSON parser.',
  security: [],
  parameters: webhookHeaders.map(([header, description]) => ({
    name: header,
    in: 'header',
    required: true,
    description,
    schema: { type: 'string' },
  })),
  requestBody: {
    required: true,
    content: { 'application/json': { ...json(registry, body)['application/json'], example } },
  },
  responses: {
    '2XX': { description: 'It was delivered' },
    410: { description: 'The endpoint is gone: it is turned off' },
    default: { description: 'It is sent again later' },
  },
});

export type OpenApi = ReturnType<typeof openApiOf>;

/** `get /tenants/{tenant}/connection` is `getTenantConnection`. */
export function operationIdOf({ method, path }: Pick<ApiRoute, 'method' | 'path'>): string {
  const words = path.replace('/tenants/{tenant}', '/tenant').split(/[/-]/).filter(Boolean);
  return method + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}
const nameOf = (call: ApiRoute, role: 'Request' | 'Answer'): string => {
  const id = operationIdOf(call);
  return id.charAt(0).toUpperCase() + id.slice(1) + role;
};

type Registry = ReturnType<typeof z.registry<{ id: string }>>;

/** Each schema under its title or, without one, under the first of its names. */
function registered(schemas: (readonly [string, ZodType])[]): Registry {
  const registry = z.registry<{ id: string }>();
  for (const [name, schema] of schemas)
    if (!registry.has(schema)) registry.add(schema, { id: schema.meta()?.title ?? name });
  return registry;
}

const json = (registry: Registry, schema: ZodType): Content => ({
  'application/json': { schema: { $ref: REFS + (registry.get(schema)?.id ?? '') } },
});

/** Long patterns of times tell a reader nothing. */
const override = ({ jsonSchema }: { jsonSchema: { format?: string | undefined; pattern?: string | undefined } }) => {
  if (jsonSchema.format === 'date-time') delete jsonSchema.pattern;
};

function schemasOf(registry: Registry, io: 'input' | 'output'): Record<string, Schema> {
  const { schemas } = z.toJSONSchema(registry, { uri: (id) => REFS + id, io, override });
  return Object.fromEntries(
    Object.entries(schemas).map(([id, schema]) => {
      const { $schema: _dialect, $id: _id, ...rest } = schema;
      return [id, rest as Schema];
    }),
  );
}

const isRequired = (schema: ZodType): boolean => !schema.safeParse({}).success;

function parametersOf({ path, query, idempotent }: ApiRoute): Parameter[] {
  const schema: object = query ? z.toJSONSchema(query, { io: 'input', override }) : {};
  const { properties = {}, required = [] } = schema as Schema;
  return [
    ...(path.includes('{tenant}')
      ? [
          {
            name: 'tenant',
            in: 'path',
            required: true,
            description: 'The id of the clinic, or `ref:` and its external_ref, percent-encoded',
            schema: { type: 'string' },
          },
        ]
      : []),
    ...Object.entries(properties).map(([name, { description, ...schema }]) => ({
      name,
      in: 'query',
      required: required.includes(name),
      ...(description === undefined ? {} : { description }),
      schema,
    })),
    ...(idempotent
      ? [
          {
            name: 'Idempotency-Key',
            in: 'header',
            required: false,
            description: 'The same key and body get the first answer for 24 hours',
            schema: { type: 'string' },
          },
        ]
      : []),
  ];
}
