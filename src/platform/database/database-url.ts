import { isLoopback } from '../addresses.js';

/** What is wrong with DATABASE_URL; never contains the value. */
export function databaseUrlProblem(text: string): string | undefined {
  if (text.startsWith('sqlite://')) return 'must have no // after sqlite: as in sqlite:./data/latchkey.db';
  if (/^sqlite:./.test(text)) return undefined;
  if (!/^postgres(ql)?:\/\/./.test(text) || !URL.canParse(text)) return 'must start with sqlite: or postgres://';
  const { hostname, searchParams } = new URL(text);
  const host = searchParams.get('host') ?? decodeURIComponent(hostname);
  const isHere = host === '' || host.startsWith('/') || isLoopback(host);
  return isHere || searchParams.get('sslmode') || searchParams.get('ssl')
    ? undefined
    : 'must say sslmode for a server on another machine: sslmode=verify-full, or sslmode=disable to send everything unencrypted';
}

/** The files of an SQLite database; none for another. */
export const databaseFilesOf = (url: string): string[] =>
  url.startsWith('sqlite:') && url !== 'sqlite::memory:'
    ? ['', '-wal', '-shm'].map((end) => `${url.slice('sqlite:'.length)}${end}`)
    : [];
