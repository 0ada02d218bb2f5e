import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TLSSocket } from 'node:tls';
import { startPostgres, type Postgres } from '../../../scripts/postgres.js';
import { makeCertificates } from '../../../src/emulator/listening/certificates.js';
import { migrateDatabase } from '../../../src/installation.js';
import { openDatabase } from '../../../src/platform/database/database.js';
import { openingProblem } from '../../../src/platform/database/opening-problem.js';

/** What the command says of this database. */
const saidOf = (url: string): Promise<string> =>
  migrateDatabase(url).then(
    () => 'nothing',
    (error: unknown) => (error as Error).message,
  );

describe('a database that cannot be used: the code of the cause, and what to do', () => {
  it.each([
    ['ECONNREFUSED', 'start it, or correct them'],
    ['ENOTFOUND', 'check DNS'],
    ['ETIMEDOUT', 'check the address and the firewall'],
    ['3D000', 'create it, empty and in UTF-8'],
    ['28P01', 'the user or password'],
    ['28000', 'pg_hba.conf'],
    ['08P01', 'ignore_startup_parameters of PgBouncer must list lock_timeout, statement_timeout, idle_in_tr'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'check sslrootcert'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'the host name and the date'],
    ['42501', 'grant usage, create on schema public'],
    ['53300', 'max_connections'],
    ['ERR_DLOPEN_FAILED', 'npm rebuild better-sqlite3'],
    ['SQLITE_TOO_OLD', '3.51.3'],
    ['SQLITE_NOTADB', 'not an SQLite database'],
    ['SQLITE_CORRUPT', 'restore a backup'],
    ['SQLITE_BUSY', 'another process holds its lock'],
    ['SQLITE_READONLY_DIRECTORY', 'may not write there'],
    ['SQLITE_IOERR_WRITE', 'its disk is full or fails'],
  ])('%s', (code, told) => {
    const problem = openingProblem(Object.assign(new Error('at postgres://portal:secret@db.example'), { code }));
    expect(problem).toMatch(/^cannot be opened: /);
    expect(problem).toContain(told);
    expect(problem).toContain(`(${code})`);
    expect(problem).not.toMatch(/secret|db\.example/);
  });

  it('a cause that is not known is named by its code, and by no text of its own', () => {
    expect(openingProblem(Object.assign(new Error('secret'), { code: 'XX000' }))).toBe('cannot be opened (XX000)');
    expect(openingProblem(new Error('secret'))).toBe('cannot be opened');
    expect(openingProblem(Object.assign(new Error('x'), { code: 'two words' }))).toBe('cannot be opened');
  });
});

describe('real databases', () => {
  let server: Postgres;
  const listening: Server[] = [];
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(async () => {
    for (const fake of listening) fake.close();
    await server.stop();
  });

  /** A server that treats each first message as the test says. */
  async function aServer(answer: (socket: Socket, message: Buffer) => void): Promise<string> {
    const fake = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', (message) => answer(socket, message));
    });
    listening.push(fake);
    await new Promise<void>((resolve) => fake.listen(0, '127.0.0.1', resolve));
    return `postgres://portal@127.0.0.1:${(fake.address() as AddressInfo).port}/portal`;
  }

  it('no server', async () => {
    expect(await saidOf('postgres://portal@127.0.0.1:1/portal')).toMatch(/no server listens.*\(ECONNREFUSED\)$/);
  });

  it('no database of that name', async () => {
    const absent = Object.assign(new URL(server.url), { pathname: '/absent' }).href;
    expect(await saidOf(absent)).toMatch(/has no database of that name.*\(3D000\)$/);
  });

  it('a user without a right in the schema public', async () => {
    const admin = openDatabase(server.url);
    await admin.raw('revoke create on schema public from public');
    await admin.raw(`create user limited password 'synthetic-password-17'`);
    await admin.destroy();
    const limited = Object.assign(new URL(server.url), { username: 'limited', password: 'synthetic-password-17' }).href;
    expect(await saidOf(limited)).toMatch(/^DATABASE_URL cannot be migrated: .*schema public" \(42501\)$/);
  });

  it('PgBouncer, which refuses parameters that it does not know', async () => {
    const fields = 'SFATAL\0C08P01\0Munsupported startup parameter: lock_timeout\0\0';
    const length = Buffer.alloc(4);
    length.writeInt32BE(4 + fields.length);
    const url = await aServer((socket) => socket.end(Buffer.concat([Buffer.from('E'), length, Buffer.from(fields)])));
    expect(await saidOf(url)).toMatch(/ignore_startup_parameters.*\(08P01\)$/);
  });

  it('a server without TLS', async () => {
    const url = await aServer((socket) => socket.write('N'));
    expect(await saidOf(`${url}?sslmode=verify-full`)).toMatch(/has no TLS.*\(NO_TLS\)$/);
  });

  it('a certificate of an authority that is not trusted', async () => {
    const { self_signed } = await makeCertificates();
    const url = await aServer((socket) => {
      socket.write('S');
      new TLSSocket(socket, { isServer: true, ...self_signed }).on('error', () => undefined);
    });
    expect(await saidOf(`${url}?sslmode=verify-full`)).toMatch(
      /certificate is not trusted.*\(DEPTH_ZERO_SELF_SIGNED_CERT\)$/,
    );
  });

  it('a certificate file that does not exist', async () => {
    const url = `${server.url}?sslmode=verify-full&sslrootcert=${join(tmpdir(), 'absent-ca.pem')}`;
    expect(await saidOf(url)).toMatch(/a certificate file that it names does not exist \(ENOENT\)$/);
  });

  it('an SQLite file that is none, and a folder that cannot be made', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'latchkey-open-'));
    writeFileSync(join(folder, 'text.db'), 'This is no database. '.repeat(100));
    expect(await saidOf(`sqlite:${join(folder, 'text.db')}`)).toMatch(/not an SQLite database \(SQLITE_NOTADB\)$/);
    expect(await saidOf(`sqlite:${join(folder, 'text.db', 'x.db')}`)).toMatch(/does not exist.*\(SQLITE_CANTOPEN\)$/);
  });
});
