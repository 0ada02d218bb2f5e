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
    ['open', 'Until it is deleted, whoever has the old JWT can read your faxes with it.'],
    ['trying', 'The old JWT is being tried now. This page shows the answer by itself.'],
    ['works', 'RingCentral still accepts it. It is not deleted. We ended that session at once.'],
    ['refused', 'We ask once more at 2:06 PM Mountain Time before we say that it is deleted.'],
    ['unclear', 'without a clear answer. We try again at 2:06 PM Mountain Time.'],
    ['later', 'We have noted that you deleted it. We try the old JWT at 2:14 PM Mountain Time.'],
    ['dead', 'RingCentral refuses the old JWT: proved at 2:03 PM Mountain Time. We destroyed our copy.'],
    ['unproved', 'We cannot try it any more, so look in RingCentral whether it is deleted.'],
  ])('%s: says what was found, and no more', (name, sentence) => {
    const { paragraphs, heading } = partOf(name);
    expect(paragraphs.join(' ')).toContain(sentence);
    // Only a proof says that it is deleted.
    expect(heading === 'The old JWT is deleted').toBe(name === 'dead');
  });

  it('names it by when and by whom it was pasted, until when it is kept, and which one to keep', () => {
    const { paragraphs, kept, steps } = partOf('open');
    expect(paragraphs).toContain('It was pasted at Aug 23, 2026, 3:05 PM Mountain Time by Ann Webb.');
    expect(kept).toBe(
      'We keep it sealed until November 28, 2026, only to try whether it was deleted. Then we destroy it.',
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
    const said = (name: string) => pageOf(name).lead.join(' ').includes('You do not need to do anything.');
    expect([said('open'), said('dead')]).toEqual([false, true]);
  });

  it('that still works is the problem that the page names first', () => {
    const { badge, fix } = pageOf('works');
    expect(badge.state).toBe('warning');
    expect(fix?.title).toBe('RingCentral still accepts your old JWT');
    expect(fix?.check).toBeNull();
  });
});
