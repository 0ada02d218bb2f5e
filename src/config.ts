import { readFileSync } from 'node:fs';
import { z } from 'zod';
import {
  accountsKeyProblem,
  bearerToken,
  browserPort,
  checkedBy,
  environmentsFile,
  filled,
  issuerUrl,
  jwks,
  list,
  oneOf,
  origin,
  port,
  publicUrl,
  sessionSecretProblem,
  severalOf,
  signingKeys,
  wholeNumber,
} from './config-values.js';
import { mailFromProblem, smtpUrlProblem } from './platform/mail-settings.js';
import { isAddressRange, isTooWide } from './platform/addresses.js';
import { isPrivateNetwork } from './platform/outbound/public-address.js';
import { databaseUrlProblem } from './platform/database/database-url.js';
import { colorProblem } from './platform/assets/brand-styles.js';
import { logoProblem } from './platform/assets/logo.js';

/** One line per bad name; values are never repeated, because they may be secrets. */
export type ConfigProblem = { name: string; problem: string };
export const problemLines = (problems: ConfigProblem[]) => problems.map(({ name, problem }) => `${name} ${problem}`);
export type ParsedConfig = { ok: true; config: Config } | { ok: false; problems: ConfigProblem[] };
export type Environment = Record<string, string | undefined>;

const roleNames = ['web', 'api', 'worker'] as const;
export type Role = (typeof roleNames)[number];

/** Every name, once. A name in `secrets` may instead be given as `NAME_FILE`, the path of a file with the value. */
const schema = z.object({
  PORT: port.default(3000),
  HOST: filled.default('127.0.0.1'),
  PUBLIC_URL: publicUrl,
  ROLES: list.pipe(z.array(oneOf(roleNames)).min(1, 'must name at least one role')).default([...roleNames]),
  DATABASE_URL: checkedBy(databaseUrlProblem).default('sqlite:./data/latchkey.db'),
  SESSION_SECRET: severalOf(sessionSecretProblem).optional(),
  ACCOUNTS_KEY: severalOf(accountsKeyProblem)
    .transform((keys) => keys.map((text) => Buffer.from(text, 'base64')))
    .optional(),
  SEALING_KEYS_FILE: jwks.optional(),
  SEALING_PUBLIC_KEYS_FILE: jwks.optional(),
  AUDIT_SIGNING_KEY_FILE: signingKeys.optional(),
  RINGCENTRAL_SERVER_URL: origin.default('https://platform.ringcentral.com'),
  RINGCENTRAL_CLIENT_ID: filled,
  RINGCENTRAL_CLIENT_SECRET: filled.optional(),
  RINGCENTRAL_CLIENT_SECRET_PREVIOUS: filled.optional(),
  RINGCENTRAL_CODE_CLIENT_ID: filled.optional(),
  RINGCENTRAL_CODE_CLIENT_SECRET: filled.optional(),
  RINGCENTRAL_CODE_CLIENT_SECRET_PREVIOUS: filled.optional(),
  RINGCENTRAL_CONTROL_JWT: filled.optional(),
  RINGCENTRAL_CONSOLE_URL: origin.default('https://developers.ringcentral.com'),
  RINGCENTRAL_APP_NAME: filled,
  RINGCENTRAL_AUTH_PER_MINUTE: wholeNumber(2, 10_000).default(5),
  RINGCENTRAL_AUTH_SCOPE: oneOf(['app', 'account', 'user']).default('app'),
  RINGCENTRAL_REQUIRED_SCOPES: list.default(['ReadAccounts', 'ReadMessages']),
  RINGCENTRAL_ENVIRONMENTS_FILE: environmentsFile.optional(),
  OIDC_ISSUER: issuerUrl.optional(),
  OIDC_CLIENT_ID: filled.optional(),
  OIDC_CLIENT_SECRET: filled.optional(),
  OIDC_ROLE_CLAIM: filled.optional(),
  OIDC_MFA_VALUES: list.default([]),
  JOB_PROBE: oneOf(['faxes', 'none']).default('faxes'),
  CHECK_EVERY_MINUTES: wholeNumber(1, 525_600).default(1440),
  RETENTION_ERASURE_DAYS: wholeNumber(7, 3650).default(30),
  REJECTION_CONFIRM_SECONDS: wholeNumber(1, 86_400).default(180),
  API_TOKEN_CALLS_PER_MINUTE: wholeNumber(1, 10_000_000).default(60_000),
  API_READS_PER_MINUTE: wholeNumber(1, 10_000_000).default(600),
  API_WRITES_PER_MINUTE: wholeNumber(1, 10_000_000).default(60),
  ISV_NAME: filled,
  ISV_SUPPORT_EMAIL: z.email('must be an email address'),
  ISV_COLOR: checkedBy(colorProblem).optional(),
  ISV_LOGO_FILE: z.string().optional(),
  SMTP_URL: checkedBy(smtpUrlProblem).optional(),
  MAIL_FROM: checkedBy(mailFromProblem).optional(),
  TRUST_PROXY: list
    .refine((ranges) => ranges.every(isAddressRange), 'must be addresses or CIDR ranges, with commas between them')
    .refine((ranges) => !ranges.some(isTooWide), 'must name your own proxies: this range includes nearly every address')
    .default([]),
  IMPORT_INVITATIONS_PER_MINUTE: wholeNumber(1, 10_000).default(30),
  RETENTION_EVENTS_DAYS: wholeNumber(30, 3650).default(90),
  RETENTION_CHECKS_DAYS: wholeNumber(30, 3650).default(365),
  RETENTION_MAIL_DAYS: wholeNumber(7, 3650).default(30),
  WEBHOOK_ALLOWED_NETWORKS: list
    .refine((networks) => networks.every(isPrivateNetwork), 'must be private networks such as 10.20.0.0/16')
    .default([]),
  HSTS_SUBDOMAINS: oneOf(['include', 'exclude']).default('include'),
  METRICS_TOKEN: bearerToken.optional(),
  LOG_LEVEL: oneOf(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
});

export type Config = z.output<typeof schema> & {
  /** The names that gave a file with a secret, and its path. */
  secretFiles: readonly { name: string; path: string }[];
};

type Name = keyof z.input<typeof schema>;
export const configNames = Object.keys(schema.shape) as Name[];

/** May be given as a path (`NAME_FILE`) or directly. */
export const secretNames: readonly Name[] = [
  'SESSION_SECRET',
  'ACCOUNTS_KEY',
  'RINGCENTRAL_CLIENT_SECRET',
  'RINGCENTRAL_CLIENT_SECRET_PREVIOUS',
  'RINGCENTRAL_CODE_CLIENT_SECRET',
  'RINGCENTRAL_CODE_CLIENT_SECRET_PREVIOUS',
  'RINGCENTRAL_CONTROL_JWT',
  'OIDC_CLIENT_SECRET',
  'SMTP_URL',
  'DATABASE_URL',
  'METRICS_TOKEN',
];
/** The name itself is a path, and the value is the text of the file. */
const files: Name[] = [
  'SEALING_KEYS_FILE',
  'SEALING_PUBLIC_KEYS_FILE',
  'AUDIT_SIGNING_KEY_FILE',
  'RINGCENTRAL_ENVIRONMENTS_FILE',
];
/** Those whose file holds a private key. */
const privateFiles: Name[] = ['SEALING_KEYS_FILE', 'AUDIT_SIGNING_KEY_FILE'];

/** Names that earlier versions read. Ignoring one would start a portal without a setting that the operator wanted. */
const formerNames: Record<string, string> = {
  ISV_COLOUR: 'was renamed ISV_COLOR',
  RINGCENTRAL_CANARY_CLIENT_ID: 'was removed; delete it',
  RINGCENTRAL_CANARY_CLIENT_SECRET: 'was removed; delete it',
  RINGCENTRAL_CANARY_CLIENT_SECRET_FILE: 'was removed; delete it',
};

/** What a role needs in addition to what every process needs. `web` has no RingCentral secret and no private key. */
const neededBy: Record<Role, Name[]> = {
  web: ['SESSION_SECRET', 'ACCOUNTS_KEY'],
  api: ['SEALING_KEYS_FILE', 'RINGCENTRAL_CLIENT_SECRET'],
  worker: ['SEALING_KEYS_FILE', 'RINGCENTRAL_CLIENT_SECRET', 'SMTP_URL', 'MAIL_FROM'],
};

/** `latin1` means bytes. */
type ReadFile = (path: string, encoding: 'utf8' | 'latin1') => string;
type Values = Partial<Record<Name, string>>;

/**
 * Reads the configuration; no other code knows the names. `readFile` is a parameter so that tests need no disk.
 *
 * @returns the configuration, or every bad name with its problem
 */
export function parseConfig(environment: Environment, readFile: ReadFile = readFileSync): ParsedConfig {
  const { values, problems, unreadable, secretFiles } = gather(environment, readFile);
  for (const [name, problem] of Object.entries(formerNames)) if (environment[name]) problems.set(name, problem);
  const parsed = schema.safeParse(values);
  const missing: string[] = missingForRoles(values);
  for (const { name, problem } of problemsOf(parsed.error))
    if (values[name as Name] === undefined) missing.push(name);
    else problems.set(name, problem);
  for (const name of missing) if (!unreadable.has(name)) problems.set(name, 'is missing');
  if (parsed.success && problems.size === 0) return { ok: true, config: { ...parsed.data, secretFiles } };
  const all = [...problems].map(([name, problem]) => ({ name, problem }));
  return { ok: false, problems: all.sort((a, b) => a.name.localeCompare(b.name)) };
}

const problemsOf = (error: z.ZodError | undefined): ConfigProblem[] =>
  (error?.issues ?? []).map(({ path, message }) => ({ name: String(path[0]), problem: message }));

/** The text of every name that is given, from the environment or from a file. */
function gather(environment: Environment, readFile: ReadFile) {
  const problems = new Map<string, string>();
  const values: Values = {};
  // Only the file's own name is reported; the name itself is neither missing nor wrong.
  const unreadable = new Set<string>();
  const secretFiles: { name: string; path: string }[] = [];
  const read = (name: string, path: string, encoding: 'utf8' | 'latin1' = 'utf8'): string | undefined => {
    try {
      return readFile(path, encoding);
    } catch {
      problems.set(name, 'names a file that cannot be read');
      return undefined;
    }
  };
  for (const name of configNames) {
    const direct = environment[name] || undefined;
    const path = (secretNames.includes(name) && environment[`${name}_FILE`]) || undefined;
    if (direct && path) problems.set(name, `is given twice: as ${name} and as ${name}_FILE`);
    const file = path ?? (files.includes(name) ? direct : undefined);
    const value = file ? read(path ? `${name}_FILE` : name, file)?.replace(/\r?\n$/, '') : direct;
    if (value !== undefined) values[name] = value;
    else if (file) unreadable.add(name);
    if (path) secretFiles.push({ name: `${name}_FILE`, path });
    if (privateFiles.includes(name) && file) secretFiles.push({ name, path: file });
  }
  if (values.ISV_LOGO_FILE !== undefined) {
    const picture = read('ISV_LOGO_FILE', values.ISV_LOGO_FILE, 'latin1');
    const problem = picture === undefined ? undefined : logoProblem(Buffer.from(picture, 'latin1'));
    if (problem !== undefined) problems.set('ISV_LOGO_FILE', problem);
  }
  return { values, problems, unreadable, secretFiles };
}

function missingForRoles(values: Values): Name[] {
  const roles = (values.ROLES ?? roleNames.join(',')).split(/[\s,]+/).filter(Boolean);
  const needed = roleNames.filter((role) => roles.includes(role)).flatMap((role) => neededBy[role]);
  const missing = needed.filter((name) => values[name] === undefined);
  const oidc: Name[] = ['OIDC_ISSUER', 'OIDC_CLIENT_ID', 'OIDC_CLIENT_SECRET'];
  const isWeb = roles.includes('web');
  if (isWeb && oidc.some((name) => values[name] !== undefined))
    missing.push(...oidc.filter((name) => values[name] === undefined));
  const hasSealingKey = values.SEALING_KEYS_FILE !== undefined || values.SEALING_PUBLIC_KEYS_FILE !== undefined;
  if (isWeb && !hasSealingKey)
    missing.push(roles.includes('worker') || roles.includes('api') ? 'SEALING_KEYS_FILE' : 'SEALING_PUBLIC_KEYS_FILE');
  const { RINGCENTRAL_CLIENT_ID: clientId, RINGCENTRAL_CODE_CLIENT_ID: codeClientId = clientId } = values;
  const hasCodeSecret = codeClientId === clientId || values.RINGCENTRAL_CODE_CLIENT_SECRET !== undefined;
  if (!hasCodeSecret && roles.some((role) => role !== 'web')) missing.push('RINGCENTRAL_CODE_CLIENT_SECRET');
  return missing;
}

/** For commands that call a portal and need no configuration of their own. */
export const processEnvironment = (): Environment => process.env;

/** The configuration of this process. */
export const readConfig = (): ParsedConfig => parseConfig(process.env);

/** An SQLite file is not used, because all its content would have to be deleted. */
const ownDatabase = schema.shape.DATABASE_URL.transform((url) => (url.startsWith('postgres') ? url : null));
/** The ports of `npm run demo`; 0 is any free port. */
export type DemoPorts = Record<'PORT' | 'EMULATOR_PORT' | 'MAILBOX_PORT', number>;
/** `databaseUrl` is null if the demo uses its own file. */
export type DemoOptions = { ports: DemoPorts; databaseUrl: string | null };

/** The only names that the demo reads from the environment; everything else in it is invented. */
export function readDemoOptions(
  defaults: DemoPorts,
  environment: Environment = process.env,
): { ok: true; options: DemoOptions } | { ok: false; problems: ConfigProblem[] } {
  const given = Object.entries(environment).filter(([, value]) => value !== '');
  const parsed = z
    .object({
      PORT: browserPort.default(defaults.PORT),
      EMULATOR_PORT: browserPort.default(defaults.EMULATOR_PORT),
      MAILBOX_PORT: browserPort.default(defaults.MAILBOX_PORT),
      DATABASE_URL: ownDatabase,
    })
    .safeParse(Object.fromEntries(given));
  if (!parsed.success) return { ok: false, problems: problemsOf(parsed.error) };
  const { DATABASE_URL: databaseUrl, ...ports } = parsed.data;
  return { ok: true, options: { ports, databaseUrl } };
}

/** For programs that create their own database: null unless DATABASE_URL names PostgreSQL. @throws if it is wrong */
export function readPostgresUrl(): string | null {
  const parsed = ownDatabase.safeParse(process.env['DATABASE_URL'] || undefined);
  if (!parsed.success) throw new Error(`DATABASE_URL ${parsed.error.issues[0]?.message ?? 'is wrong'}`);
  return parsed.data;
}

/** For commands that need the database and nothing else. */
export function readDatabaseUrl(): { ok: true; url: string } | { ok: false; problems: ConfigProblem[] } {
  const parsed = schema
    .pick({ DATABASE_URL: true })
    .safeParse({ DATABASE_URL: process.env['DATABASE_URL'] || undefined });
  return parsed.success
    ? { ok: true, url: parsed.data.DATABASE_URL }
    : { ok: false, problems: problemsOf(parsed.error) };
}
