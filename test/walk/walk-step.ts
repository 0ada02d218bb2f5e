import type { WalkPage } from '../../src/demo/walk-page.js';

/** What was seen instead of the expected result. Contains no page text, because that could hold a secret. */
export class NotSeen extends Error {
  override name = 'NotSeen';
}

/** Runs one step and prints its result; the first failed step ends the walk. */
export type Step = <T>(promise: string, work: () => Promise<T>) => Promise<T>;

export function stepsOn(say: (line: string) => void): Step {
  let number = 0;
  return async (promise, work) => {
    number += 1;
    try {
      const result = await work();
      say(`ok ${number} ${promise}`);
      return result;
    } catch (error) {
      say(`not ok ${number} ${promise}: ${error instanceof Error ? error.message : String(error)}`);
      throw error instanceof NotSeen ? error : new NotSeen(promise, { cause: error });
    }
  };
}

export function expect(holds: boolean, seen: string): void {
  if (!holds) throw new NotSeen(seen);
}

export type Expected = Partial<Record<'state' | 'cause' | 'fix-owner' | 'checking', string>> & { status?: number };

/** Whether a page has this status and these data attributes on its `main`. */
export function isLike(page: WalkPage, { status = 200, ...facts }: Expected): boolean {
  return page.status === status && Object.entries(facts).every(([name, value]) => page.main(`data-${name}`) === value);
}

export function expectPage(page: WalkPage, expected: Expected): WalkPage {
  const facts = ['state', 'cause', 'fix-owner', 'checking'].map(
    (name) => `${name}=${page.main(`data-${name}`) || '-'}`,
  );
  expect(isLike(page, expected), `${page.describe()}, ${facts.join(' ')}`);
  return page;
}

export function expectHeading(page: WalkPage, heading: string, status = 200): WalkPage {
  expect(page.status === status && page.heading === heading, page.describe());
  return page;
}
