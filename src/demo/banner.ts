import { clinicNames, type ClinicKey } from '../emulator/seed.js';
import type { DemoClinic } from './demo-clinics.js';
import { codeAt, codeEnds, demoPassword, type StaffSignIn } from './demo-people.js';
import type { DemoWorld } from './demo-world.js';

/** Everything that can be opened or signed in to. */
export type DemoFacts = Pick<DemoWorld, 'urls' | 'example' | 'database'> & {
  staff: StaffSignIn;
  clinics: DemoClinic[];
};

/** The one line of `--json`, for programs. */
export const jsonLine = ({ urls, staff, clinics }: DemoFacts): string =>
  JSON.stringify({
    ...urls,
    staff: { email: staff.email, password: staff.password, totpSecret: staff.totpSecret },
    tenants: clinics.map(({ id, externalRef, name, state, invitationUrl }) => ({
      id,
      externalRef,
      name,
      state,
      ...(invitationUrl === undefined ? {} : { invitationUrl }),
    })),
  });

/** "123456, good until 10:31:30 (UTC)". */
export function codeText({ totpSecret }: StaffSignIn, now: Date): string {
  const ends = codeEnds(now).toISOString().slice(11, 19);
  return `${codeAt(totpSecret, now)}  until ${ends} UTC, once`;
}

/** What a person reads who has just started the demo. `canAsk`: Enter tells the code of the moment. */
export function banner(facts: DemoFacts, now: Date, canAsk: boolean): string {
  const { urls, database, staff, clinics } = facts;
  const [first] = clinics.filter(({ member }) => member);
  return [
    rule('Latchkey demo'),
    'Everything here is made up: clinics, people, faxes, and RingCentral, which is an emulator on this machine.',
    'It started empty and forgets everything when it is started again.',
    '',
    ...table([
      ['Portal', urls.portal],
      ['Console', urls.console, "stands for RingCentral's Developer Console; choose a user, there is no password"],
      ['Mailbox', urls.mailbox, 'every mail the portal sends'],
      ['Emulator', urls.emulator, "stands for RingCentral's servers"],
      ['Database', database.about],
    ]),
    '',
    rule(`Staff: ${staff.name}, administrator`),
    ...table([
      ['Sign in', `${urls.portal}/sign-in`],
      ['E-mail', staff.email],
      ['Password', staff.password],
      ['Code', codeText(staff, now), canAsk ? 'press Enter here for the code of the moment' : ''],
      ['TOTP secret', staff.totpSecret, 'for an authenticator app'],
    ]),
    '',
    rule('Clinics'),
    ...table(clinics.map(clinicRow)),
    '',
    ...table([
      ['Sign in', `${urls.portal}/sign-in`],
      ['E-mail', first?.member?.email ?? '', 'or another of the addresses above'],
      ['Password', demoPassword, 'of them all'],
    ]),
    '',
    rule("Users of RingCentral's console"),
    ...table(Object.keys(clinicNames).map((key) => consoleRow(facts, key as ClinicKey))),
    '',
    rule('To begin'),
    ...beginning(facts),
    'Ctrl+C ends the demo.',
    '',
  ].join('\n');
}

const clinicRow = ({ externalRef, name, state, cause, member }: DemoClinic): string[] => [
  externalRef,
  name,
  cause === null ? state : `${state} (${cause})`,
  member?.email ?? 'invited, not accepted yet: see below',
];

function consoleRow({ example }: DemoFacts, key: ClinicKey): string[] {
  const { admin, serviceUser } = example.clinics[key];
  return [
    clinicNames[key],
    `${admin.name}, ext. ${admin.extensionNumber}, super admin`,
    `${serviceUser.name}, ext. ${serviceUser.extensionNumber}`,
  ];
}

/** The journey that the invitation begins, in four lines. */
function beginning({ clinics, urls }: DemoFacts): string[] {
  const open = clinics.find(({ invitationUrl }) => invitationUrl !== undefined);
  if (!open) return [];
  return [
    `1. Open the invitation of ${open.name}: ${open.invitationUrl ?? ''}`,
    '   It was mailed too: see the mailbox. Choose a name and a password, and follow the guide.',
    `2. In the console, sign in as a user of ${open.name} and create the JWT.`,
    `3. Paste it, then look at ${urls.portal}/staff/tenants as staff.`,
    '',
  ];
}

const WIDTH = 100;
const rule = (title: string): string => `── ${title} ${'─'.repeat(Math.max(0, WIDTH - title.length - 4))}`;

/** Columns as wide as their widest text; nothing hangs over at the end of a line. */
function table(rows: string[][]): string[] {
  const widths = Array.from({ length: Math.max(...rows.map((row) => row.length)) }, (_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd());
}
