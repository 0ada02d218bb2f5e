import { readFileSync } from 'node:fs';
import { Bench, DAY, HOUR } from '../support.js';

/** The situations of docs/faxes.md: what is in the mailbox before the run that is counted. */
const situations: Record<string, (bench: Bench) => unknown> = {
  'No new fax; the mailbox holds an older one': async (bench) => {
    bench.mailbox.add({ createdAt: bench.mailbox.now - 5 * DAY });
    await bench.pull();
  },
  'No new fax, and none that is older': (bench) => bench.pull(),
  '10 new faxes; the mailbox holds an older one': async (bench) => {
    bench.mailbox.add({ createdAt: bench.mailbox.now - 5 * DAY });
    await bench.pull();
    bench.mailbox.now += DAY;
    receive(bench, 10);
  },
  'The first run, 50 faxes': (bench) => {
    receive(bench, 50);
  },
  'The first run, a full mailbox of 200 faxes': (bench) => {
    receive(bench, 200);
  },
};

function receive({ mailbox }: Bench, faxes: number): void {
  for (let fax = 0; fax < faxes; fax += 1) mailbox.add({ createdAt: mailbox.now - HOUR - fax });
}

/** The rows `| situation | lists | documents |` of the document. */
function documented(): [situation: string, lists: number, documents: number][] {
  const text = readFileSync(new URL('../../../docs/faxes.md', import.meta.url), 'utf8');
  const [, table = ''] = /\n\| Fax line \| Lists \| Documents \|\n\|[-|]+\|\n((?:\|.*\n)+)/.exec(text) ?? [];
  return [...table.matchAll(/^\| (.+?) +\| (\d+) +\| (\d+) +\|$/gm)].map(([, situation = '', lists, documents]) => [
    situation,
    Number(lists),
    Number(documents),
  ]);
}

it('a run makes as many calls of a fax line as docs/faxes.md says', async () => {
  const counted: [string, number, number][] = [];
  for (const [situation, before] of Object.entries(situations)) {
    const bench = new Bench();
    try {
      await before(bench);
      bench.mailbox.asked = [];
      await bench.pull();
      const documents = bench.mailbox.documentsAsked().length;
      counted.push([situation, bench.mailbox.asked.length - documents, documents]);
    } finally {
      bench.remove();
    }
  }
  expect(documented()).toEqual(counted);
});
