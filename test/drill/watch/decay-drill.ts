import { withoutOutage } from './decay-judge.js';
import { LongWatch, type WatchedClinic } from './long-watch.js';

export type DecayDrillOptions = {
  /** Failures begin and end at multiples of this many days: 10 for 400 days in total, 0.5 for 20. */
  unitDays: number;
  databaseUrl?: string;
  /** The names of some decays; default all. */
  only?: readonly string[] | undefined;
};
export type DecayDrillResult = { days: number; checks: number; problems: string[] };

type Step = { at: number; plusDays?: number; what: (watch: LongWatch, clinic: WatchedClinic) => unknown };
/**
 * `failing` and `works`: the unit on which RingCentral starts to answer so; each is found within a day and its
 * confirmation.
 */
type Decay = {
  name: string;
  expires?: number;
  steps: Step[];
  becomes: { cause: string; failing: number; works?: number } | null;
  /** How many days the mail may follow the state. */
  mailLate?: number;
};

const CLIENT = (watch: LongWatch) => watch.test.example.app.clientId;
const SECRET = (watch: LongWatch) => watch.test.env.RINGCENTRAL_CLIENT_SECRET ?? '';
const ASLEEP = 68 * 365;
/** A day on which no clinic gets an answer. */
const OUTAGE_UNIT = 14;

/** Of the five calls a minute that are configured. */
const HALVED_LIMIT = 2;

/** Twelve ways in which a working connection is lost or seems to be. The number of a step is its unit. */
const decays: Decay[] = [
  { name: 'expiry chosen', expires: 4, steps: [], becomes: { cause: 'credential_expired', failing: 4 } },
  { name: 'expiry at 68 years', expires: -1, steps: [], becomes: null },
  {
    name: 'owner disabled',
    steps: [
      { at: 2, what: ({ test }, { serviceUserId }) => test.emulator.setExtensionStatus(serviceUserId, 'Disabled') },
      { at: 5, what: ({ test }, { serviceUserId }) => test.emulator.setExtensionStatus(serviceUserId, 'Enabled') },
    ],
    becomes: { cause: 'owner_inactive', failing: 2, works: 5 },
  },
  {
    name: 'role loses ReadMessages',
    steps: [
      { at: 3, what: ({ test }, { serviceUserId: id }) => test.emulator.setPermission(id, 'ReadMessages', null) },
    ],
    becomes: { cause: 'permission_missing', failing: 3 },
  },
  {
    name: 'JWT deleted',
    steps: [{ at: 6, what: ({ test }, { jti }) => void test.emulator.deleteJwt(jti) }],
    becomes: { cause: 'credential_rejected', failing: 6 },
  },
  {
    name: 'our ID removed from its list',
    steps: [
      { at: 7, what: (watch, { jti }) => watch.test.emulator.forbidApp(jti, CLIENT(watch)) },
      { at: 11, what: (watch, { jti }) => watch.test.emulator.permitApp(jti, CLIENT(watch)) },
    ],
    becomes: { cause: 'app_not_permitted', failing: 7, works: 11 },
  },
  {
    name: 'account suspended',
    steps: [
      { at: 8, what: ({ test }, { accountId }) => test.emulator.setAccountStatus(accountId, 'Disabled') },
      { at: 12, what: ({ test }, { accountId }) => test.emulator.setAccountStatus(accountId, 'Confirmed') },
    ],
    becomes: { cause: 'account_inactive', failing: 8, works: 12 },
  },
  {
    name: 'fax line deleted',
    steps: [{ at: 10, what: ({ test }, clinic) => test.emulator.removeExtension(lineOf(test.emulator, clinic)) }],
    becomes: { cause: 'extension_not_visible', failing: 10 },
  },
  {
    name: 'RingCentral out for a day',
    steps: [
      { at: OUTAGE_UNIT, what: ({ test }) => void test.emulator.faults.add({ kind: 'unavailable' }) },
      { at: OUTAGE_UNIT, plusDays: 1, what: ({ test }) => test.emulator.faults.clear() },
    ],
    becomes: null,
  },
  {
    name: 'our secret rotated',
    steps: [
      {
        at: 18,
        what: (watch, clinic) => {
          watch.test.emulator.setAppSecret(CLIENT(watch), 'another-secret-of-the-console');
          return watch.checkNow(clinic);
        },
      },
      { at: 18, plusDays: 2 / 24, what: (watch) => watch.test.emulator.setAppSecret(CLIENT(watch), SECRET(watch)) },
    ],
    becomes: null,
  },
  {
    name: 'mail server down for a day',
    steps: [
      { at: 22, what: ({ test }) => test.mail.setFault({ kind: 'refuse', code: 451, at: 'message' }) },
      { at: 22, what: ({ test }, { serviceUserId }) => test.emulator.setExtensionStatus(serviceUserId, 'Disabled') },
      { at: 22, plusDays: 1, what: ({ test }) => test.mail.setFault(null) },
    ],
    becomes: { cause: 'owner_inactive', failing: 22 },
    mailLate: 2.5,
  },
  {
    name: 'budget halved',
    steps: [
      {
        at: 26,
        what: async (watch) => {
          watch.test.emulator.setLimits({ auth: HALVED_LIMIT });
          for (const clinic of watch.clinics) await watch.checkNow(clinic);
        },
      },
    ],
    becomes: null,
  },
];

const LAST_UNIT = 40;
const REMINDERS = [30, 14, 7, 3, 1];

function lineOf(emulator: LongWatch['test']['emulator'], { accountId }: WatchedClinic): string {
  const line = emulator.world.extensionsOf(accountId).find(({ type }) => type === 'FaxUser');
  if (!line) throw new Error('the clinic has no fax line');
  return line.id;
}

/** Lets each of twelve clinics fail in a different way and judges the state, cause, mail and day of each. */
export async function runDecayDrill({ unitDays, databaseUrl, only }: DecayDrillOptions): Promise<DecayDrillResult> {
  const watch = await LongWatch.start({
    env: { RINGCENTRAL_AUTH_PER_MINUTE: '5', CHECK_EVERY_MINUTES: '1440' },
    emulator: { limits: {} }, // RingCentral's documented limits
    ...(databaseUrl === undefined ? {} : { databaseUrl }),
  });
  try {
    const staff = await watch.test.staff('operator');
    const chosen = decays.filter(({ name }) => only?.includes(name) ?? true);
    if (only && only.length !== chosen.length) throw new Error(`there is no decay of one of: ${only.join(', ')}`);
    const clinics = new Map<Decay, WatchedClinic>();
    for (const decay of chosen) {
      const expires = decay.expires === undefined ? undefined : decay.expires < 0 ? ASLEEP : decay.expires * unitDays;
      clinics.set(decay, await watch.addClinic(decay.name, expires === undefined ? {} : { expiresOnDay: expires }));
      watch.test.clock.advance(60_000); // for the limit of five a minute
    }
    const steps = chosen
      .flatMap((decay) =>
        decay.steps.map(({ at, plusDays = 0, what }) => ({
          day: at * unitDays + plusDays,
          what,
          clinic: clinics.get(decay)!,
        })),
      )
      .sort((one, other) => one.day - other.day);
    for (const { day, what, clinic } of steps) {
      await watch.liveUntil(day);
      await what(watch, clinic);
    }
    await watch.liveUntil(LAST_UNIT * unitDays);

    const problems: string[] = [];
    for (const [decay, clinic] of clinics)
      problems.push(...(await judge(watch, decay, clinic, unitDays)).map((problem) => `${decay.name}: ${problem}`));
    const has = (name: string) => chosen.some((decay) => decay.name === name);
    problems.push(...(await judgeStaff(watch, staff.email, has('our secret rotated') ? 1 : 0)));
    problems.push(...(await judgeBudget(watch, has('budget halved') ? HALVED_LIMIT : null)));
    const checks = (await watch.test.db('checks').select('id')).length;
    return { days: LAST_UNIT * unitDays, checks, problems };
  } finally {
    await watch.close();
  }
}

/** One check a day, up to a tenth earlier, plus the confirmation of a doubtful refusal. */
const FOUND_WITHIN_DAYS = 1.1;

async function judge(watch: LongWatch, decay: Decay, clinic: WatchedClinic, unitDays: number): Promise<string[]> {
  const problems: string[] = [];
  const events = withoutOutage(await watch.eventsOf(clinic), OUTAGE_UNIT * unitDays + 1);
  const mails = watch.mailsTo(clinic.email);
  const { becomes } = decay;
  const expected = ['connection.connected'];
  const within = (what: string, day: number, from: number, late: number) => {
    if (day < from - 0.001 || day > from + late)
      problems.push(`${what} on day ${day.toFixed(2)}, not within ${late} of ${from}`);
  };
  if (becomes) {
    const isExpiry = decay.expires !== undefined && decay.expires > 0;
    if (isExpiry && decay.expires! * unitDays < 31) expected[0] = 'connection.connected connection.warning';
    if (isExpiry && decay.expires! * unitDays >= 31) expected.push('connection.warning');
    expected.push('connection.failing', ...(becomes.works === undefined ? [] : ['connection.recovered']));
    const failing = events.find(({ type }) => type === 'connection.failing');
    if (!failing) problems.push('never failed');
    else {
      within('failed', failing.day, becomes.failing * unitDays, FOUND_WITHIN_DAYS);
      if (failing.cause !== becomes.cause) problems.push(`failed for ${failing.cause}, not ${becomes.cause}`);
    }
    const recovered = events.findLast(({ type }) => type === 'connection.recovered');
    if (becomes.works !== undefined && recovered)
      within('recovered', recovered.day, becomes.works * unitDays, FOUND_WITHIN_DAYS);
  }
  const told = events.map(({ type }) => type).join(' ');
  if (told !== expected.join(' ')) problems.push(`events: ${told}; expected: ${expected.join(' ')}`);
  const now = await watch.stateOf(clinic);
  const wanted = becomes && becomes.works === undefined ? `failing ${becomes.cause}` : 'healthy null';
  if (`${now.state} ${now.cause}` !== wanted) problems.push(`ended as ${now.state} ${now.cause}, not ${wanted}`);

  const of = (word: string) => mails.filter(({ subject }) => subject.includes(word));
  const count = (word: string, times: number) => {
    if (of(word).length !== times) problems.push(`${of(word).length} mails "${word}", not ${times}`);
  };
  count('is not working', becomes ? 1 : 0);
  count('works again', becomes?.works === undefined ? 0 : 1);
  const late = FOUND_WITHIN_DAYS + (decay.mailLate ?? 0.05);
  for (const { day } of of('is not working')) within('mail of failing', day, (becomes?.failing ?? 0) * unitDays, late);
  for (const { day } of of('works again')) within('mail of recovery', day, (becomes?.works ?? 0) * unitDays, late);
  const expires = (decay.expires ?? 0) > 0 ? decay.expires! * unitDays : null;
  const reminders =
    expires === null ? [] : REMINDERS.filter((days) => expires - days > 0).map((days) => expires - days);
  count('expires on', reminders.length);
  for (const [index, { day }] of of('expires on').entries()) within('reminder', day, reminders[index] ?? 0, 0.05);
  return problems;
}

/**
 * Staff are told once when the rotated secret begins to fail and once when it is over; of the outage they are told
 * nothing.
 */
async function judgeStaff(watch: LongWatch, email: string, rotations: number): Promise<string[]> {
  const subjects = watch.mailsTo(email).map(({ subject }) => subject);
  const opened = subjects.filter((subject) => subject.includes('incident')).length;
  const over = subjects.filter((subject) => subject.includes('resolved:')).length;
  const incidents = await watch.test.db('incidents').whereNull('tenant_id').select<{ kind: string }[]>('kind');
  const problems: string[] = [];
  if (opened !== rotations || over !== rotations)
    problems.push(`staff: ${opened} mails of an incident and ${over} of its end, not ${rotations} of each`);
  if (incidents.map(({ kind }) => kind).join() !== (rotations > 0 ? 'app' : ''))
    problems.push(`incidents: ${incidents.map(({ kind }) => kind).join()}`);
  return problems;
}

/** The first answer names the lower limit; from then on no call exceeds it, although every clinic is due. */
async function judgeBudget({ test }: LongWatch, lower: number | null): Promise<string[]> {
  const problems: string[] = [];
  const [learned] = await test.db('auth_budgets').pluck<number[]>('learned_limit');
  if ((learned ?? null) !== lower) problems.push(`the budget learned the limit ${learned}, not ${lower}`);
  const { length } = test.emulator.violations;
  if (length > 0) problems.push(`${length} calls exceeded RingCentral's limit`);
  return problems;
}
