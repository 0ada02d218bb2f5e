/** What to do, by the code of the error; the first pattern that matches counts. */
const advice: [RegExp, string][] = [
  [/^ECONNREFUSED$/, 'no server listens at its host and port: start it, or correct them'],
  [/^(ENOTFOUND|EAI_AGAIN)$/, 'its host name cannot be resolved: correct it, or check DNS'],
  [/^(ETIMEDOUT|EHOSTUNREACH|ENETUNREACH)$/, 'its server does not answer: check the address and the firewall'],
  [/^3D000$/, 'its server has no database of that name: create it, empty and in UTF-8'],
  [/^28/, 'its server refuses the user or password, or this machine (pg_hba.conf)'],
  [
    /^08P01$/,
    `its server refuses parameters of the connection: ignore_startup_parameters of PgBouncer must list
    lock_timeout, statement_timeout, idle_in_transaction_session_timeout`.replace(/\s+/g, ' '),
  ],
  [/^NO_TLS$/, 'its server has no TLS: turn it on there, or say sslmode=disable'],
  [
    /CERT|^UNABLE_TO_|^ERR_TLS|^ERR_SSL|^EPROTO$/,
    "its server's certificate is not trusted: check sslrootcert, the host name and the date",
  ],
  [/^ENOENT$/, 'a certificate file that it names does not exist'],
  [
    /^42501$/,
    'its user has no right in the schema: make that user the owner of the database, or "grant usage, create on schema public"',
  ],
  [/^(53300|57P03)$/, 'its server accepts no connection now: try again, or raise max_connections'],
  [
    /^ERR_DLOPEN_FAILED$/,
    'better-sqlite3 was built for another Node.js: run "npm rebuild better-sqlite3" with this one',
  ],
  [/^SQLITE_TOO_OLD$/, 'better-sqlite3 brings an SQLite before 3.51.3, which can lose data: run "npm ci"'],
  [/^NO_DATABASE_FILE$/, 'there is no such file: run "latchkey migrate", which creates it'],
  [/^SQLITE_NOTADB$/, 'its file is not an SQLite database'],
  [/^SQLITE_CORRUPT/, 'its file is damaged: restore a backup'],
  [/^MigrationLocked$/, 'another migration runs: wait for it'],
  [/^SQLITE_(BUSY|LOCKED)/, 'another process holds its lock'],
  [/^(SQLITE_(CANTOPEN|READONLY|PERM)|EACCES)/, 'its file or folder does not exist, or this user may not write there'],
  [/^SQLITE_(FULL|IOERR)/, 'its disk is full or fails'],
];

/** The code of an error, also of those that have only a message. */
function codeOf(error: unknown): string {
  const { code, name, message } = error as { code?: unknown; name?: unknown; message?: unknown };
  if (typeof code === 'string') return code;
  if (name === 'MigrationLocked') return name;
  if (String(message).includes('does not support SSL')) return 'NO_TLS';
  if (String(message).includes('directory does not exist')) return 'SQLITE_CANTOPEN';
  if (name === 'KnexTimeoutError' || /timeout expired|terminated/.test(String(message))) return 'ETIMEDOUT';
  return '';
}

/**
 * Why a database cannot be used, and what to do, to follow the words "cannot be opened". Contains no address.
 *
 * @returns undefined if the cause is not known
 */
export function openingAdvice(error: unknown): string | undefined {
  const code = codeOf(error);
  const known = advice.find(([pattern]) => pattern.test(code))?.[1];
  return known && `${known} (${code})`;
}

/** The same for every error, with its code if it has one. */
export function openingProblem(error: unknown): string {
  const code = codeOf(error);
  const plain = /^\w{1,40}$/.test(code) ? ` (${code})` : '';
  const known = openingAdvice(error);
  return known ? `cannot be opened: ${known}` : `cannot be opened${plain}`;
}
