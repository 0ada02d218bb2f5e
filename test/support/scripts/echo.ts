/** A child for the helper's own test: reports that it is up, repeats what it reads, and ends only when told. */
import { createInterface } from 'node:readline';

process.stdout.write(`up ${process.env.GREETING ?? 'no greeting'} ${String(process.env.NODE_ENV)}\n`);
process.on('SIGTERM', () => process.exit(3));
createInterface({ input: process.stdin }).on('line', (line) => {
  process.stderr.write(`heard ${line}\n`);
});
setInterval(() => undefined, 60_000);
