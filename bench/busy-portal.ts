import { openDatabase } from '../src/platform/database/database.js';
import { aPassword, setUpStaff } from '../test/support/people.js';
import { Visitor } from '../test/support/visits/visitor.js';

const SIGN_INS = 50;
const pages = ['/staff/tenants', '/staff/tenants?state=failing', '/staff/budget', '/staff/people'];

type Portal = {
  origin: string;
  databaseUrl: string;
  /** The one-time link of a staff account. */
  staffLink: string;
};

const colleague = (number: number): string => `colleague.${number}@clinic.example`;

/** What else a portal does while jobs ask for tokens: every credential is checked, people sign in, staff read pages. */
export async function busyPortal({ origin, databaseUrl, staffLink }: Portal) {
  const db = openDatabase(databaseUrl);
  const person = await db<{ email: string }>('people').whereNotNull('password_hash').first();
  if (!person) throw new Error('no one has a password');
  const numbers = Array.from({ length: SIGN_INS }, (_, number) => number);
  await db('people').insert(numbers.map((number) => ({ ...person, id: colleague(number), email: colleague(number) })));
  const staff = new Visitor(origin, { keepAlive: true });
  await setUpStaff(staff, staffLink, new Date());

  async function signIn(number: number): Promise<void> {
    const visitor = new Visitor(origin);
    const { status } = await visitor.post('/sign-in', { email: colleague(number), password: aPassword });
    if (status !== 303) throw new Error(`a sign-in got ${status}`);
    await visitor.close();
  }

  return {
    /** Begins all of it at once; the sign-ins and the checks end by themselves. */
    start() {
      let isOver = false;
      let seen = 0;
      const startedAt = new Date().toISOString();
      const read = async (): Promise<void> => {
        while (!isOver) {
          const path = pages[seen % pages.length] ?? '';
          const { status } = await staff.get(path);
          if (status !== 200) throw new Error(`${path} got ${status}`);
          seen += 1;
        }
      };
      const work = Promise.all([
        db('check_requests').update({ due_at: startedAt }),
        read(),
        ...numbers.map((number) => signIn(number)),
      ]);
      work.catch(() => undefined); // `end` throws it
      return {
        /** Waits for the sign-ins. @returns how much was done */
        async end() {
          isOver = true;
          await work;
          const [row] = await db('checks')
            .where('started_at', '>=', startedAt)
            .count<{ count: number | string }[]>({ count: '*' });
          await staff.close();
          await db.destroy();
          return { signIns: SIGN_INS, pages: seen, checks: Number(row?.count) };
        },
      };
    },
  };
}
