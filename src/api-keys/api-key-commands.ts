import type { CliCommand, CommandRun, Terminal } from '../app/cli-command.js';
import type { StaffMember } from '../accounts/people/account-types.js';
import { LONGEST_LINK_MINUTES, type ApiKeyService, type By } from './api-key-service.js';
import { apiScopes, stateOf, type ApiKey } from './api-key-types.js';
import type { ApiKeyProblem } from './new-api-key.js';

const PAGE = 200;
const USAGE_ERROR = 2;

export const apiKeyCommands = [
  {
    name: 'api-keys create',
    summary: 'creates an API key and prints it, or a link that shows it once',
    options: [
      { flags: '--name <name>', summary: 'clinics that the key serves read it too', required: true },
      { flags: '--scope <scopes>', summary: `separated by commas: ${apiScopes.join(', ')}`, required: true },
      { flags: '--tenant <ref>', summary: "only for this tenant, by the ISV's own id; default: every tenant" },
      {
        flags: '--purpose <purpose>',
        summary: 'clinics read it beside each use: letters, digits and _.:-',
        default: 'jobs',
      },
      { flags: '--expires <time>', summary: 'a date or an ISO 8601 time; default: no end' },
      { flags: '--wrap <minutes>', summary: 'print a link instead, which works once within this time' },
    ],
  },
  {
    name: 'api-keys list',
    summary: 'lists keys: id, state, scopes, tenants, purpose, end, last use, maker, name',
  },
  { name: 'api-keys revoke', summary: 'revokes a key', arguments: [{ name: '<id>', summary: 'the public part' }] },
] as const satisfies readonly CliCommand[];

function told(problem: ApiKeyProblem): string {
  switch (problem.field) {
    case 'name':
      return problem.code === 'missing'
        ? '--name is missing or has control characters'
        : '--name may have 100 characters at most';
    case 'purpose':
      return '--purpose may have 1 to 64 letters, digits and _.:-';
    case 'scopes':
      return `--scope must be some of ${apiScopes.join(', ')}, separated by commas`;
    case 'tenants':
      return '--tenant is the reference of no tenant';
    case 'expires':
      return problem.code === 'past'
        ? '--expires is in the past'
        : '--expires must be a date such as 2027-12-31, or a time such as 2027-12-31T23:00:00Z';
  }
}

const by: By = { actor: { kind: 'command_line' } };
const text = (value: string | boolean | undefined): string => (typeof value === 'string' ? value : '');

type Deps = { service: ApiKeyService; staff: () => Promise<StaffMember[]>; now: () => Date };

/** What runs the commands, by name. */
export function apiKeyRuns({ service, staff, now }: Deps): Record<string, CommandRun> {
  function refuse({ fail }: Terminal, problems: readonly ApiKeyProblem[]): number {
    const code = fail(...problems.map(told));
    return problems.some(({ field }) => field !== 'tenants') ? USAGE_ERROR : code;
  }

  const makerOf = (people: ReadonlyMap<string, StaffMember>, { madeBy }: ApiKey): string => {
    const person = madeBy === null ? undefined : people.get(madeBy);
    if (!person) return '-';
    return person.disabled ? `${person.email} (disabled)` : person.email;
  };

  return {
    'api-keys create': async (asked, terminal) => {
      const tenant = text(asked.tenant);
      const wanted = {
        name: text(asked.name),
        purpose: text(asked.purpose),
        scopes: text(asked.scope)
          .split(',')
          .map((scope) => scope.trim()),
        tenantRefs: asked.tenant === undefined ? null : [tenant],
        expires: text(asked.expires),
      };
      if (asked.wrap === undefined) {
        const made = await service.make(wanted, by);
        if (made.ok) terminal.say(made.key.reveal());
        else if ('problems' in made) return refuse(terminal, made.problems);
        return 0;
      }
      const minutes = /^\d{1,5}$/.test(text(asked.wrap)) ? Number(asked.wrap) : 0;
      if (minutes < 1 || minutes > LONGEST_LINK_MINUTES) {
        terminal.fail(`--wrap must be 1 to ${LONGEST_LINK_MINUTES} minutes`);
        return USAGE_ERROR;
      }
      const link = await service.makeLink(wanted, minutes, by);
      if (!link.ok) return refuse(terminal, link.problems);
      terminal.say(link.url.reveal());
      return 0;
    },

    'api-keys list': async (_asked, { say }) => {
      const people = new Map((await staff()).map((person) => [person.id, person]));
      for (const which of ['current', 'ended'] as const) {
        let page = await service.page(which, PAGE);
        while (page.length > 0) {
          for (const key of page)
            say(
              [
                key.id,
                stateOf(key, now()),
                key.scopes.join(','),
                key.tenantIds?.length ?? 'all',
                key.purpose,
                key.expiresAt?.toISOString() ?? '-',
                key.lastUsedAt?.toISOString() ?? '-',
                makerOf(people, key),
                key.name,
              ].join('\t'),
            );
          page = await service.page(which, PAGE, page.at(-1));
        }
      }
      return 0;
    },

    'api-keys revoke': async ({ id }, { say, fail }) => {
      const isRevoked = await service.revoke(text(id), by);
      if (isRevoked === undefined)
        return fail('there is no key with this id; it is the part between lky_ and the next _');
      say(isRevoked ? 'Revoked. The next request with it is refused.' : 'It was revoked before.');
      return 0;
    },
  };
}
