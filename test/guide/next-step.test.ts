import { nextStep, type GuideProgress } from '../../src/guide/next-step.js';

describe('the next step of a clinic', () => {
  it.each<[GuideProgress, string]>([
    [{ state: 'not_started' }, 'make'],
    [{ state: 'not_connected' }, 'make'],
    [{ state: 'not_connected', lastCause: 'credential_damaged' }, 'make_again'],
    [{ state: 'not_connected', lastCause: 'app_not_permitted' }, 'fix'],
    [{ state: 'pending' }, 'wait'],
    [{ state: 'pending', lastCause: 'app_not_permitted' }, 'fix'],
    [{ state: 'pending', lastCause: 'ringcentral_unavailable' }, 'wait'],
    [{ state: 'pending', lastCause: 'app_misconfigured' }, 'wait'],
    [{ state: 'pending', lastCause: 'wrong_user_type' }, 'make_again'],
    [{ state: 'healthy' }, 'connected'],
    [{ state: 'warning', lastCause: 'expires_soon' }, 'connected'],
    [{ state: 'unverified' }, 'connected'],
    [{ state: 'failing', lastCause: 'third_party_access_missing' }, 'fix'],
    [{ state: 'failing', lastCause: 'credential_rejected' }, 'make_again'],
    [{ state: 'failing', lastCause: 'credential_expired' }, 'make_again'],
    [{ state: 'failing' }, 'fix'],
    [{ state: 'disconnected' }, 'reconnect'],
  ])('after %j is "%s"', (progress, step) => {
    expect(nextStep(progress)).toBe(step);
  });

  it('never asks for a new JWT for an unknown cause, because the old one may be kept', () => {
    expect(nextStep({ state: 'pending', lastCause: 'a_cause_of_tomorrow' })).toBe('fix');
  });
});
