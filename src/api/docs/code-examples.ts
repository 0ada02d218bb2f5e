import type { Operation, Schema } from '../openapi.js';

/** What examples send, by the name of the member. */
const samples: Record<string, unknown> = {
  name: 'Example Clinic',
  external_ref: 'clinic-17',
  email: 'alice@clinic.example',
  time_zone: 'America/Denver',
  by: '2027-01-15T02:00:00Z',
  purpose: 'nightly-faxes',
  job_id: 'run-2027-01-15',
};

export type Asked = { method: string; path: string; operation: Operation; body: Schema | undefined };

/** A body with each required member; without one, with the first member. */
function sampleOf({ properties = {}, required = [] }: Schema): Record<string, unknown> {
  const names = required.length > 0 ? required : Object.keys(properties).slice(0, 1);
  return Object.fromEntries(names.map((name) => [name, valueOf(name, properties[name] ?? {})]));
}

const valueOf = (name: string, { enum: values, type, default: usual }: Schema): unknown => {
  if (name in samples) return samples[name];
  if (values) return values[0];
  if (usual !== undefined) return usual;
  if (type === 'integer' || type === 'number') return 60;
  return type === 'array' ? [] : 'text';
};

/** The same call in three languages. The key is in the variable LATCHKEY_API_KEY. */
export function examplesOf(
  { method, path, operation, body }: Asked,
  base: string,
): { language: string; code: string }[] {
  const query = operation.parameters
    .filter((one) => one.in === 'query' && one.required)
    .map(({ name, schema }) => `${name}=${encodeURIComponent(String(valueOf(name, schema)))}`)
    .join('&');
  const url = `${base}${path.replace('{tenant}', 'ref:clinic-17')}${query === '' ? '' : `?${query}`}`;
  const verb = method.toUpperCase();
  const sent = body && JSON.stringify(sampleOf(body));
  const keyed = operation.parameters.some(({ name }) => name === 'Idempotency-Key');
  const answers = Object.values(operation.responses)[0]?.content !== undefined;
  return [
    {
      language: 'curl',
      code: [
        `curl -X ${verb} '${url}'`,
        '  -H "Authorization: Bearer $LATCHKEY_API_KEY"',
        ...(keyed ? ["  -H 'Idempotency-Key: add-clinic-17'"] : []),
        ...(sent === undefined ? [] : ["  -H 'Content-Type: application/json'", `  -d '${sent}'`]),
      ].join(' \\\n'),
    },
    {
      language: 'TypeScript',
      code: [
        `const response = await fetch('${url}', {`,
        ...(verb === 'GET' ? [] : [`  method: '${verb}',`]),
        '  headers: {',
        '    Authorization: `Bearer ${process.env.LATCHKEY_API_KEY}`,',
        ...(keyed ? ["    'Idempotency-Key': 'add-clinic-17',"] : []),
        ...(sent === undefined ? [] : ["    'Content-Type': 'application/json',"]),
        '  },',
        ...(sent === undefined ? [] : [`  body: JSON.stringify(${sent}),`]),
        '});',
        'if (!response.ok) throw new Error((await response.json()).cause);',
        ...(answers ? ['console.log(await response.json());'] : []),
      ].join('\n'),
    },
    {
      language: 'Python',
      code: [
        'import json, os, urllib.request',
        '',
        'request = urllib.request.Request(',
        `    '${url}',`,
        `    method='${verb}',`,
        '    headers={',
        `        'Authorization': 'Bearer ' + os.environ['LATCHKEY_API_KEY'],`,
        ...(keyed ? ["        'Idempotency-Key': 'add-clinic-17',"] : []),
        ...(sent === undefined ? [] : ["        'Content-Type': 'application/json',"]),
        '    },',
        ...(sent === undefined ? [] : [`    data=json.dumps(${sent}).encode(),`]),
        ')',
        'with urllib.request.urlopen(request) as response:',
        `    print(${answers ? 'json.load(response)' : 'response.status'})`,
      ].join('\n'),
    },
  ];
}
