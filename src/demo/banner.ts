import { clinicNames, type ClinicKey } from '../emulator/seed.js';
import type { DemoClinic } from './demo-clinics.js';
import { codeAt, codeEnds, demoPassword, type StaffSignIn } from './demo-people.js';
import type { DemoWorld } from './demo-world.js';

/** All addresses and sign-ins of the demo. */
export type DemoFacts = Pick<DemoWorld, 'urls' | 'example' | 'database'> & {
  staff: StaffSignIn;
  clinics: DemoClinic[];
  /** For the API, with every scope that calls need today. */
  apiKey: string;
};

/** The single line that `--json` prints, for programs. */
export const jsonLine = ({ urls, staff, clinics, apiKey }: DemoFacts): string =>
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
    apiKey,
  });

/** "123456, valid until 10:31:30 (UTC)". */
export function codeText({ totpSecret }: StaffSignIn, now: Date): string {
  const ends = codeEnds(now).toISOString().slice(11, 19);
  return `${codeAt(totpSecret, now)}  until ${ends} UTC, once`;
}

/** The text shown when the demo has started. `canAsk`: pressing Enter prints the current code. */
export function banner(facts: DemoFacts, now: Date, canAsk: boolean): string {
  const { urls, database, staff, clinics } = facts;
  const [first] = clinics.filter(({ member }) => member);
  return [
    rule('Latchkey demo'),
    'All data is invented: clinics, people and faxes. RingCentral is an emulator on this machine.',
    'The demo starts empty each time and keeps no data between runs.',
    '',
    ...table([
      ['Portal', urls.portal],
      ['Console', urls.console, "emulates RingCentral's Developer Console; choose a user, no password needed"],
      ['Mailbox', urls.mailbox, 'every email that the portal sends'],
      ['Receiver', urls.receiver, 'a program of yours that gets webhooks: what arrived, and whether it was verified'],
      ['Emulator', urls.emulator, "emulates RingCentral's servers"],
      ['Database', database.about],
    ]),
    '',
    rule(`Staff: ${staff.name}, administrator`),
    ...table([
      ['Sign in', `${urls.portal}/sign-in`],
      ['Email', staff.email],
      ['Password', staff.password],
      ['Code', codeText(staff, now), canAsk ? 'press Enter here for the current code' : ''],
      ['TOTP secret', staff.totpSecret, 'for an authenticator app'],
    ]),
    '',
    rule('Clinics'),
    ...table(clinics.map(clinicRow)),
    '',
    ...table(clinics.flatMap(colleagueRows)),
    '',
    ...table([
      ['Sign in', `${urls.portal}/sign-in`],
      ['Email', first?.member?.email ?? '', 'or another of the addresses above'],
      ['Password', demoPassword, 'the same for everyone'],
    ]),
    '',
    rule("Users of RingCentral's console"),
    ...table(Object.keys(clinicNames).map((key) => consoleRow(facts, key as ClinicKey))),
    '',
    rule('For jobs'),
    ...table([
      ['API key', facts.apiKey],
      [
        'A token',
        `curl -X POST -H 'Authorization: Bearer ${facts.apiKey}' ${urls.portal}/api/v1/tenants/ref:${tokenRef(clinics)}/access-token`,
      ],
    ]),
    '',
    rule('To begin'),
    ...beginning(facts),
    'Ctrl+C ends the demo.',
    '',
  ].join('\n');
}

/** A clinic that has a token to give. */
const tokenRef = (clinics: readonly DemoClinic[]): string =>
  clinics.find(({ state }) => state === 'healthy')?.externalRef ?? 'EHR-1002';

const clinicRow = ({ externalRef, name, state, cause, by, member }: DemoClinic): string[] => [
  externalRef,
  name,
  cause === null ? state : `${state} (${cause})`,
  by === null ? '' : `by ${by}`,
  member?.email ?? 'invited, not accepted yet: see below',
];

/** The people above are owners of their clinics. */
const colleagueRows = ({ externalRef, colleagues }: DemoClinic): string[][] =>
  colleagues.map(({ email, role }) => [externalRef, email, `a ${role} there; the address above is an owner's`]);

function consoleRow({ example }: DemoFacts, key: ClinicKey): string[] {
  const { admin, serviceUser } = example.clinics[key];
  return [
    clinicNames[key],
    `${admin.name}, ext. ${admin.extensionNumber}, super admin`,
    `${serviceUser.name}, ext. ${serviceUser.extensionNumber}`,
  ];
}

/** The steps of the journey that starts with the invitation. */
function beginning({ clinics, urls }: DemoFacts): string[] {
  const open = clinics.find(({ invitationUrl }) => invitationUrl !== undefined);
  if (!open) return [];
  return [
    `1. Open the invitation of ${open.name}: ${open.invitationUrl ?? ''}`,
    '   It was mailed too: see the mailbox. Choose a name and a password, and follow the guide.',
    `2. In the console, sign in as a user of ${open.name} and create the JWT.`,
    `3. Paste it, then look at ${urls.portal}/staff/tenants as staff.`,
    '   Or instead of 2 and 3: the link for people who cannot open the console leads to a RingCentral sign-in.',
    '',
  ];
}

const WIDTH = 100;
const rule = (title: string): string => `── ${title} ${'─'.repeat(Math.max(0, WIDTH - title.length - 4))}`;

/** Makes each column as wide as its widest text, without trailing spaces. */
function table(rows: string[][]): string[] {
  const widths = Array.from({ length: Math.max(...rows.map((row) => row.length)) }, (_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd());
}
