import type { DemoWorld } from '../../src/demo/demo-world.js';
import { waitFor } from '../../src/demo/wait-for.js';
import { walkThroughBreaks } from './walk-break.js';
import { walkThroughMistakes, walkToConnected } from './walk-connect.js';
import { walkToTheEnd } from './walk-end.js';
import { walkThroughJobs } from './walk-jobs.js';
import { walkToTheGuide } from './walk-invitation.js';
import { walkToSignedIn } from './walk-sign-in.js';
import { placesOf, placesWith, placesWithJwt } from './walk-leaks.js';
import { expect, NotSeen, stepsOn } from './walk-step.js';

/**
 * A clinic's whole journey with a JWT, and how another clinic connects by a RingCentral sign-in: over HTTP, without
 * JavaScript, through links and forms as people would use them. Prints one line per step.
 *
 * @param logged every line the portal has logged; the array is filled in place
 * @returns whether every step succeeded
 */
export async function runWalk(
  world: DemoWorld,
  { logged, say }: { logged: string[]; say: (line: string) => void },
): Promise<boolean> {
  const step = stepsOn(say);
  try {
    const invited = await walkToTheGuide(world, step);
    const connected = await walkToConnected(world, invited, step);
    const signedIn = await walkToSignedIn(world, step);
    const { pasted } = await walkThroughMistakes(world, invited, connected, step);
    await walkThroughBreaks(world, invited, connected, step);
    const jobs = await walkThroughJobs(world, invited, connected, step);
    const ended = await walkToTheEnd(world, invited, connected, jobs.pasted, step);
    await step('a program of the ISV got each change of the connection as a webhook, and verified it', async () => {
      const wanted = ['connected', 'failing', 'recovered', 'replaced', 'disconnected'].map(
        (name) => `connection.${name}`,
      );
      // A try that was under way when the walk moved the clock has an old time, and is refused: the next is not.
      const verified = () => world.receiver.arrivals().filter((one) => one.verified);
      await waitFor(`the arrival of ${wanted.join(', ')}`, 20_000, () => {
        const arrived = verified().map(({ type }) => type);
        return Promise.resolve(wanted.every((type) => arrived.includes(type)) || undefined);
      });
      expect(verified().length * 2 > world.receiver.arrivals().length, 'most signatures were refused');
    });
    await step('no JWT is readable in database, key files, log, mails or pages', async () => {
      const { staff, member, clinicName } = invited;
      const places = await placesOf(world, logged, [...staff.seen, ...member.seen, ...signedIn.member.seen]);
      // A search that finds nothing proves nothing, so the search must find known text that is not secret.
      const known = placesWith(clinicName, places);
      const kept = ['the file latchkey.db-wal', 'the file latchkey.db', 'the table tenants'];
      expect(
        kept.some((name) => known.includes(name)),
        'the database is empty',
      );
      expect(placesWith('"request"', places).includes('the log'), 'the log is empty');
      expect(world.mail.messages().length > 0, 'no mail');
      const found = placesWithJwt([connected.jwt, ...pasted, ...jobs.pasted, ...ended.pasted], places);
      expect(found.length === 0, `found a JWT in ${found.join(', ')}`);
    });
    return true;
  } catch (error) {
    if (error instanceof NotSeen) return false;
    throw error;
  }
}
