import { spawn, spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

export const noPostgres =
  'The tests need PostgreSQL: install the package postgresql (Debian: apt-get install postgresql), or have initdb and postgres on the PATH.';

/**
 * The folder of PostgreSQL's programs: on the PATH, else where `pg_config` says, else Debian's newest.
 *
 * @param {NodeJS.ProcessEnv} env
 * @returns {string | undefined}
 */
export function findPostgres(env) {
  const onPath = (env.PATH ?? '').split(delimiter).filter(Boolean);
  const said = spawnSync('pg_config', ['--bindir'], { env, encoding: 'utf8' }).stdout?.trim();
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [...onPath, ...(said ? [said] : []), ...versions.map((version) => join(debian, version, 'bin'))];
  return folders.find((folder) => ['initdb', 'postgres'].every((program) => existsSync(join(folder, program))));
}

/** PostgreSQL refuses to run as root; there it runs as the user `nobody`. */
function identity() {
  if (process.getuid?.() !== 0) return {};
  const idOf = (/** @type {string} */ option) =>
    Number(spawnSync('id', [option, 'nobody'], { encoding: 'utf8' }).stdout);
  return { uid: idOf('-u'), gid: idOf('-g') };
}

/** @returns {Promise<number>} */
const freePort = () =>
  new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
      server.close(() => resolve(port));
    });
  });

// Lives as long as its parent process: when its standard input ends, the server stops and its folder is deleted.
const watched = `"$@" & server=$!; read -r word
  [ "$word" = immediate ] && signal=QUIT || signal=INT
  kill -$signal $server; wait $server
  case "$word" in fast|immediate) ;; *) rm -rf "$PWD" ;; esac`;
// Nothing here outlives the run, so nothing need survive a crash of the machine.
const settings = [
  'fsync=off',
  'synchronous_commit=off',
  'full_page_writes=off',
  'autovacuum=off',
  'shared_buffers=64MB',
];

/**
 * A private PostgreSQL on loopback, with the collation of a language, so that queries must ask for sorting by bytes.
 *
 * `restart` ends what is under way in order ('fast', the default) or as a crash would ('immediate').
 *
 * @returns {Promise<import('./postgres.js').Postgres>}
 */
export async function startPostgres() {
  const programs = findPostgres(process.env);
  if (!programs) throw new Error(noPostgres);
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-postgres-'));
  const { uid, gid } = identity();
  if (uid !== undefined && gid !== undefined) chownSync(folder, uid, gid);
  const port = await freePort();
  const options = { cwd: folder, uid, gid, env: { PATH: process.env.PATH, LC_ALL: 'C' } };

  const make = (/** @type {string[]} */ locale) =>
    spawnSync(join(programs, 'initdb'), ['-D', 'data', '-U', 'portal', '-A', 'trust', '-E', 'UTF8', '-N', ...locale], {
      ...options,
      encoding: 'utf8',
    });
  let made = make(['--locale=C', '--locale-provider=icu', '--icu-locale=en']);
  if (made.status !== 0) made = make(['--locale=C']); // older than 15, or built without ICU
  if (made.status !== 0) {
    rmSync(folder, { recursive: true, force: true });
    throw new Error(`initdb failed\n${made.stderr}`);
  }

  const flags = ['listen_addresses=127.0.0.1', `port=${port}`, 'unix_socket_directories=', ...settings];
  const words = [join(programs, 'postgres'), '-D', 'data', ...flags.flatMap((flag) => ['-c', flag])];
  const start = () => {
    const child = spawn('sh', ['-c', watched, 'sh', ...words], {
      ...options,
      detached: true, // Ctrl-C is not for it
      stdio: ['pipe', 'ignore', 'pipe'],
    });
    const gone = new Promise((resolve) => child.once('close', resolve));
    /** @type {Promise<void>} */
    const ready = new Promise((resolve, reject) => {
      let said = '';
      child.stderr.setEncoding('utf8').on('data', (text) => {
        said += said.length < 10_000 ? text : '';
        if (text.includes('ready to accept connections')) resolve();
      });
      child.once('error', reject);
      void gone.then(() => reject(new Error(`PostgreSQL did not start\n${said}`)));
    });
    /** @param {string} word */
    const end = async (word) => {
      child.stdin.end(`${word}\n`);
      await gone;
    };
    return { ready, end };
  };

  let server = start();
  await server.ready;
  return {
    url: `postgres://portal@127.0.0.1:${port}/postgres`,
    stop: () => server.end('remove'),
    restart: async (how = 'fast') => {
      await server.end(how);
      server = start();
      await server.ready;
    },
  };
}
