import { connectionInShort } from '../../../src/connections/pages/connection-in-short.js';
import { broken, facts, minutes, refusedPaste, samples, type Sample } from '../sample-connections.js';

const inShort = ({ view, checks }: Sample) => connectionInShort(view, checks, facts);
const user = { name: 'Fax Integration', company: 'Riverside Family Clinic' };

it('says of a connection that RingCentral refuses that it does not work, why, and who the user was', () => {
  expect(inShort(broken('credential_rejected'))).toEqual({
    problem: {
      heading: 'The connection to RingCentral is not working',
      paragraphs: [
        'RingCentral no longer accepts this JWT.',
        'It was revoked or deleted, or it expired. RingCentral does not say which.',
      ],
    },
    user,
  });
});

it('says what the last check found: which permission is missing', () => {
  const paragraphs = inShort(refusedPaste('permission_missing'))?.problem?.paragraphs;
  expect(paragraphs).toContain('RingCentral calls the missing permission ReadMessages.');
});

it('says when the last try was refused', () => {
  expect(inShort(samples.refused!)).toMatchObject({
    problem: { heading: 'RingCentral did not accept the JWT' },
    user: null,
  });
});

it('says since when a sign-in has not been renewed', () => {
  const { view, checks } = samples.unverified!;
  const renewal = { renewedAt: minutes(-5 * 1440), endsAt: minutes(2 * 1440), canSignIn: true };
  const said = inShort({ view: { ...view, renewal }, checks })?.problem;
  expect(said?.heading).toBe('The connection was not confirmed recently');
  expect(said?.paragraphs.join(' ')).toContain('We have not been able to renew your sign-in since');
});

it('says of a connection that is soon to expire when it does', () => {
  expect(inShort(samples.warning!)?.problem?.paragraphs[0]).toMatch(/^The JWT expires on .*\.$/);
});

it('finds nothing wrong with a connection that works, and nothing to say of none', () => {
  expect(inShort(samples.healthy!)).toEqual({ problem: null, user });
  for (const name of ['not_connected', 'checking', 'turn'])
    expect([name, inShort(samples[name]!)]).toEqual([name, null]);
});
