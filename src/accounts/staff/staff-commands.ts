import type { CliCommand, CommandRun, Terminal } from '../../app/cli-command.js';
import { emailAddressProblem } from '../people/email-address.js';
import { isSetUp, staffRoles } from '../people/account-types.js';
import type { StaffService } from './staff-service.js';
import type { By, StaffChange, StaffProblem, Who } from './staff-types.js';

const email = { flags: '--email <address>', required: true } as const;
const role = { flags: '--role <role>', choices: staffRoles, required: true } as const;

export const staffCommands = [
  {
    name: 'staff create',
    summary: 'creates a staff account and prints its one-time URL',
    options: [email, { flags: '--name <name>', required: true }, role],
  },
  { name: 'staff list', summary: 'lists staff: address, role, state, last use, name' },
  { name: 'staff disable', summary: 'disables a staff account and ends its sessions', options: [email] },
  { name: 'staff enable', summary: 'enables a staff account again', options: [email] },
  {
    name: 'staff role',
    summary: 'gives a member of staff another role and ends their sessions',
    options: [email, role],
  },
  {
    name: 'staff reset-second-factor',
    summary: 'removes the authenticator app and recovery codes of a member of staff',
    options: [email],
  },
  {
    name: 'staff remove-company-account',
    summary: 'removes the company account of a member of staff and prints a one-time URL to set a password',
    options: [email],
  },
] as const satisfies readonly CliCommand[];

const problems = {
  name_missing: '--name is missing or has control characters',
  name_too_long: '--name is too long',
  role_unknown: '--role must be administrator, operator or auditor',
  address_in_use: '--email already belongs to an account',
  not_staff: '--email belongs to no staff account',
  own_account: 'staff cannot change their own account',
  last_administrator:
    'This is the last administrator who can sign in. Make another one first: latchkey staff create --role administrator',
} as const;

const addressProblems = {
  no_single_at: 'it needs one @, with a name before it and a domain after it',
  local_part: 'the part before the @ has a character or a dot that does not belong there',
  quoted: 'quotation marks are not supported',
  domain: 'the part after the @ is not a domain name',
  too_long: 'it may have 64 characters before the @ and 254 in all',
} as const;

const whyNot = (problem: StaffProblem, address: string): string =>
  problem === 'email_unreadable'
    ? `--email is not an email address: ${addressProblems[emailAddressProblem(address) ?? 'no_single_at']}`
    : problems[problem];

const by: By = { actor: { kind: 'command_line' } };

/** What runs the commands, by name. */
export function staffRuns(staff: StaffService): Record<(typeof staffCommands)[number]['name'], CommandRun> {
  function told({ say, fail }: Terminal, done: StaffChange, sentence: string): 0 | 1 {
    if (done !== 'changed' && done !== 'unchanged') return fail(problems[done]);
    say(done === 'changed' ? sentence : 'Nothing to change.');
    return 0;
  }
  const changing =
    (change: (who: Who) => Promise<StaffChange>, sentence: string): CommandRun =>
    async (asked, terminal) =>
      told(terminal, await change({ email: String(asked.email) }), sentence);

  return {
    'staff create': async (asked, { say, fail }) => {
      const text = (name: string) => String(asked[name]);
      const created = await staff.createStaff({ email: text('email'), name: text('name'), role: text('role') });
      if (!created.ok) return fail(whyNot(created.problem, text('email')));
      say(created.url);
      return 0;
    },
    'staff list': async (_asked, { say }) => {
      for (const member of await staff.list()) {
        const { email: address, staffRole, disabled, lastUsedAt, name } = member;
        const state = disabled ? 'disabled' : isSetUp(member) ? 'active' : 'invited';
        say([address, staffRole, state, lastUsedAt?.toISOString() ?? '-', name].join('\t'));
      }
      return 0;
    },
    'staff disable': changing((who) => staff.disable(who, by), 'Disabled. Every session has ended.'),
    'staff enable': changing((who) => staff.enable(who, by), 'Enabled.'),
    'staff role': async (asked, terminal) =>
      told(
        terminal,
        await staff.setRole({ email: String(asked.email) }, String(asked.role), by),
        'The role was changed. Every session has ended.',
      ),
    'staff remove-company-account': async (asked, terminal) => {
      const done = await staff.removeCompanyAccount({ email: String(asked.email) }, by);
      if (typeof done === 'string') return told(terminal, done, '');
      terminal.say(done.url);
      return 0;
    },
    'staff reset-second-factor': changing(
      (who) => staff.resetSecondFactor(who, by),
      'The authenticator app and the recovery codes were removed. The next sign-in sets up another app.',
    ),
  };
}
