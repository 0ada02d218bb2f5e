import { connectionPage } from '../../../src/connections/pages/connection-page.js';
import { forViewers } from '../../../src/connections/pages/for-viewers.js';
import { aPast, facts, samples, retiredOnes } from '../sample-connections.js';

const names = new Map([['ann', 'Ann Webb']]);
const pageOf = (name: string) => {
  const { view, checks } = samples[`retired_${name}`]!;
  return connectionPage(view, checks, { past: aPast, names }, facts);
};
const partOf = (name: string) => pageOf(name).retired[0]!;

describe('an old JWT on the page of the connection', () => {
  it.each([
    ['open', 'Until you delete it, anyone who has the old JWT can read your faxes with it.'],
    ['trying', 'We are trying the old JWT now. This page updates when we have the answer.'],
    ['works', 'RingCentral still accepts it. It is not deleted. We ended that session immediately.'],
    ['refused', 'We will ask again at 2:06 PM Mountain Time to make sure that it is deleted.'],
    ['unclear', 'without a clear answer. We will try again at 2:06 PM Mountain Time.'],
    ['later', 'We have noted that you deleted it. We will try the old JWT at 2:14 PM Mountain Time.'],
    ['dead', 'RingCentral rejects the old JWT. We confirmed this at 2:03 PM Mountain Time and destroyed our copy.'],
    ['unproved', 'We can no longer try it, so check in RingCentral that it is deleted.'],
  ])('%s: says what was found, and no more', (name, sentence) => {
    const { paragraphs, heading } = partOf(name);
    expect(paragraphs.join(' ')).toContain(sentence);
    // Only a proof says that it is deleted.
    expect(heading === 'The old JWT is deleted').toBe(name === 'dead');
  });

  it('names it by when and by whom it was pasted, until when it is kept, and which one to keep', () => {
    const { paragraphs, kept, steps } = partOf('open');
    expect(paragraphs).toContain('Ann Webb pasted it on Aug 23, 2026, 3:05 PM Mountain Time.');
    expect(kept).toBe(
      'We keep it sealed until November 28, 2026, only to check whether it was deleted. Then we destroy it.',
    );
    expect(steps.map(({ text }) => text)).toContain(
      'Delete the one that was made before 9:05 AM Mountain Time. Keep the newest one: it is in use.',
    );
  });

  it.each(retiredOnes.map(([name]) => name))(
    '%s: the button is there while the person may still have to act',
    (name) => {
      const { say, steps } = partOf(name);
      const mayAct = ['open', 'works', 'unclear', 'later'].includes(name);
      // As a warning, its steps are told once, above.
      expect([say !== null, steps.length > 0]).toEqual([mayAct, mayAct && name !== 'works']);
      const [forViewer] = forViewers(pageOf(name), facts).retired;
      expect([forViewer?.say, forViewer?.steps]).toEqual([null, []]);
    },
  );

  it('the page waits for a death check that a person asked for, and not for the daily one', () => {
    expect(pageOf('trying').refreshSeconds).toBe(5);
    expect(pageOf('works').refreshSeconds).toBeNull();
  });

  it('while one is there, the page does not say that there is nothing to do', () => {
    const said = (name: string) => pageOf(name).lead.join(' ').includes("You don't need to do anything.");
    expect([said('open'), said('dead')]).toEqual([false, true]);
  });

  it('that still works is the problem that the page names first', () => {
    const { badge, fix } = pageOf('works');
    expect(badge.state).toBe('warning');
    expect(fix?.title).toBe('RingCentral still accepts your old JWT');
    expect(fix?.check).toBeNull();
  });
});
