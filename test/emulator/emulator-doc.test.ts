import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Router } from 'express';
import { callNames } from '../../src/emulator/traffic/calls.js';
import { controlRoutes } from '../../src/emulator/control/control-routes.js';
import { createEmulator, type Emulator } from '../../src/emulator/emulator.js';
import { faultKinds } from '../../src/emulator/traffic/fault-kinds.js';
import { seedExample } from '../../src/emulator/seed.js';

const text = readFileSync(new URL('../../docs/emulator.md', import.meta.url), 'utf8');

type Layer = { route?: { path: string; methods: Record<string, boolean> }; handle: unknown };
/** Every "METHOD /path" that a router answers, including its nested routers. */
const routesOf = (router: Router): string[] =>
  (router.stack as unknown as Layer[]).flatMap(({ route, handle }) => {
    if (route) return Object.keys(route.methods).map((method) => `${method.toUpperCase()} ${route.path}`);
    return typeof handle === 'function' && 'stack' in handle ? routesOf(handle as unknown as Router) : [];
  });

type Example = { method: string; url: string; headers: Record<string, string>; body: string };

/** Turns a curl command of the document into a request. The only shell syntax supported is quotes. */
function requestOf(command: string): Example {
  const words = [...command.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(([, ...forms]) => forms.join(''));
  const values = (option: string) => words.filter((_word, at) => words[at - 1] === option);
  const data = values('-d');
  const [user] = values('-u');
  return {
    method: values('-X')[0] ?? (data.length > 0 ? 'POST' : 'GET'),
    url: words.find((word) => word.startsWith('http://')) ?? '',
    headers: {
      ...(data.length > 0 && { 'content-type': 'application/x-www-form-urlencoded' }),
      ...Object.fromEntries(values('-H').map((header) => header.split(': ') as [string, string])),
      ...(user !== undefined && { authorization: `Basic ${Buffer.from(user).toString('base64')}` }),
    },
    body: data.join('&'),
  };
}

const commands = [...text.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, block = '']) => block.trim().split('\n'));

describe('docs/emulator.md', () => {
  let emulator: Emulator;
  beforeAll(async () => {
    emulator = createEmulator();
    seedExample(emulator);
    await emulator.listen();
  });
  afterAll(() => emulator.close());

  it('every example works, in the order of the document', async () => {
    const known: Record<string, string> = {};
    const failed: string[] = [];
    for (const line of commands) {
      const [, name, value = line] = /^(\w+)=\$\((.*)\)$/.exec(line) ?? [];
      if (name !== undefined && !value.startsWith('curl ')) {
        known[name] = execFileSync('/bin/sh', ['-c', value], { env: known, encoding: 'utf8' }).trim();
        continue;
      }
      // As in a shell, a variable in single quotes stays as it is written.
      const filled = value
        .replace('http://127.0.0.1:4000', emulator.url)
        .replace(/'[^']*'|\$(JWT|JTI)/g, (whole, variable?: string) => (variable ? (known[variable] ?? '') : whole));
      const { method, url, headers, body } = requestOf(filled);
      const response = await fetch(url, { method, headers, ...(body !== '' && { body }) });
      const answer = await response.text();
      if (!response.ok) failed.push(`${line}: ${response.status} ${answer}`);
      if (name !== undefined) known[name] = answer;
    }
    expect(commands.length).toBeGreaterThan(20);
    expect(failed).toEqual([]);
  });

  it('names every call of the control API and no others', () => {
    const rows = [...text.matchAll(/^\| `([A-Z]+ \/\S+)` \|/gm)].map(([, call]) => call);
    expect(rows.sort()).toEqual(routesOf(controlRoutes(emulator)).sort());
  });

  it('names every fault and every call that faults can be set for', () => {
    const section = text.slice(text.indexOf('## The faults'), text.indexOf('## What it does not know'));
    const named = [...section.matchAll(/`([a-z_0-9]+)`/g)].map(([, name]) => name);
    expect([...faultKinds, ...callNames].filter((name) => !named.includes(name))).toEqual([]);
  });
});
