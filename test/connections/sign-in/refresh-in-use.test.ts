// Only on SQLite: times, and what becomes of a sign-in whose grace period has passed.
import { statusWith } from '../../tokens/jobs.js';
import { eventually } from '../../support/eventually.js';
import type { TestPortal } from '../../support/portal.js';
import { signInFor, startWithSignIn } from '../../support/sign-ins.js';

const MINUTE_MS = 60_000;

/** A portal with a clinic that signed in, and a RingCentral whose clock is ahead by so much. */
async function aSignedInClinic(aheadMs = 0) {
  let portal: TestPortal | undefined;
  const now = () => new Date((portal?.clock() ?? new Date()).getTime() + aheadMs);
  const test = (portal = await startWithSignIn({ emulator: { now } }));
  const tenantId = await test.addTenant('Clinic');
  const member = await test.member(tenantId);
  const signedIn = await signInFor(test, tenantId, 'riverside');
  if (signedIn.kind !== 'checked') throw new Error(signedIn.kind);
  const token = async () => {
    const answer = await test.portal.services.tokens!.currentToken({ tenantId });
    return answer.kind === 'token' ? answer.session.accessToken.reveal() : answer.kind;
  };
  const state = async () => (await test.portal.services.connections.view(tenantId)).shown;
  return { test, tenantId, member, signedIn, token, state };
}

it.each([-15, 15])(
  'a sign-in is exchanged, used and refreshed with a RingCentral whose clock is %i minutes ahead',
  async (ahead) => {
    const { test, token, state } = await aSignedInClinic(ahead * MINUTE_MS);
    expect(await state()).toMatchObject({ state: 'healthy', cause: null });
    const first = await token();
    test.clock.advance(58 * MINUTE_MS);
    expect([await token(), await statusWith(test, first)]).toEqual([first, 200]);
    test.clock.advance(2 * MINUTE_MS + 1000);
    const second = await token();
    expect([second === first, await statusWith(test, second)]).toEqual([false, 200]);
    await test.close();
  },
);

it('a refresh that RingCentral made and answered with 500, and that could not be recovered in time, is asked for as a new sign-in, once', async () => {
  const { test, tenantId, member, token, state } = await aSignedInClinic();
  await token();
  test.clock.advance(60 * MINUTE_MS);
  test.emulator.faults.add({ kind: 'answer_lost', call: 'token', count: 1 });
  expect(await token()).toBe('later');
  test.emulator.faults.add({ kind: 'unavailable', call: 'token' });
  test.clock.advance(61 * MINUTE_MS);
  test.emulator.faults.clear();
  await test.portal.clean();
  test.portal.look();
  await eventually('RingCentral refuses the refresh token', async () => (await state()).suspect !== null);
  test.clock.advance(MINUTE_MS);
  test.portal.look();
  await eventually('the refusal is confirmed', async () => (await state()).state === 'failing');
  expect(await state()).toMatchObject({ cause: 'sign_in_again' });
  for (let hours = 0; hours < 48; hours += 6) {
    test.clock.advance(6 * 60 * MINUTE_MS);
    test.portal.look();
    await test.portal.clean();
  }
  const failed = { tenant_id: tenantId, type: 'connection.failing' };
  expect(await test.db('events').where(failed).pluck('type')).toHaveLength(1);
  const about = () =>
    test.mail.messages().filter(({ to, subject }) => to === member.email && subject.includes('is not working'));
  await eventually('the clinic gets its mail', () => Promise.resolve(about().length > 0));
  expect(about().map(({ subject }) => subject)).toHaveLength(1);
  await test.close();
});

it('a code that connected a clinic connects no second one, and the first goes on', async () => {
  const { test, signedIn, state, token } = await aSignedInClinic();
  const second = await test.addTenant('Second Clinic');
  await test.member(second);
  await signInFor(test, second, 'riverside', signedIn);
  const { shown } = await test.portal.services.connections.view(second);
  expect(shown).toMatchObject({ state: 'not_connected', cause: 'sign_in_again' });
  expect([(await state()).state, await statusWith(test, await token())]).toEqual(['healthy', 200]);
  await test.close();
});
