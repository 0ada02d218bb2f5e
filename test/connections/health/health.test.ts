import fc from 'fast-check';
import { causes, isDoubtful, type Cause } from '../../../src/connections/health/causes.js';
import {
  neverConnected,
  nextHealth,
  shownHealth,
  type Health,
  type HealthEvent,
  type Verdict,
} from '../../../src/connections/health/health.js';

const DAY_MS = 24 * 60 * 60_000;
const at = (minute: number) => new Date(Date.UTC(2026, 10, 21, 8, minute)).toISOString();
const keptUntil = at(7 * 24 * 60);
const accepted = (warnings: Cause[] = []): Verdict => ({ kind: 'accepted', warnings });
const refused = (cause: Cause): Verdict => ({ kind: 'refused', cause });
const inconclusive = (cause: Cause): Verdict => ({ kind: 'inconclusive', cause });

/** Applies events in order, one a minute from 08:01. */
const live = (...events: HealthEvent[]): Health =>
  events.reduce((health, event, index) => nextHealth(health, event, at(index + 1)), neverConnected(at(0)));
const submitted: HealthEvent = { kind: 'submitted', keptUntil };
const first = (verdict: Verdict, kept = true): HealthEvent => ({ kind: 'pending_judged', verdict, kept });
const later = (verdict: Verdict): HealthEvent => ({ kind: 'serving_checked', verdict, confirmMs: 180_000 });
const shown = (health: Health, minute = 30) => shownHealth(health, new Date(at(minute)), DAY_MS);

describe('health of a connection', () => {
  it('is not_connected before the first paste, and pending from the paste to the answer', () => {
    expect(shown(neverConnected(at(0)))).toMatchObject({ state: 'not_connected', cause: null });
    expect(shown(live(submitted))).toMatchObject({ state: 'pending', cause: null, since: new Date(at(1)) });
  });

  it('is healthy since the first accepted proof', () => {
    expect(shown(live(submitted, first(accepted())))).toMatchObject({ state: 'healthy', since: new Date(at(2)) });
  });

  it('is a warning if it works but needs action, and names the most important warning', () => {
    const health = live(submitted, first(accepted(['environment_differs', 'expires_soon', 'no_fax_line'])));
    expect(shown(health)).toMatchObject({ state: 'warning', cause: 'no_fax_line' });
  });

  it('stays pending with the cause when a refused paste is kept', () => {
    const health = live(submitted, first(refused('app_not_permitted')));
    expect(shown(health)).toMatchObject({ state: 'pending', cause: 'app_not_permitted' });
    expect(health.pending).toMatchObject({ refused: true, keptUntil });
  });

  it('returns to not_connected with the cause when a refused paste is destroyed', () => {
    const health = live(submitted, first(refused('credential_damaged'), false));
    expect(shown(health)).toMatchObject({ state: 'not_connected', cause: 'credential_damaged' });
    expect(health.pending).toBeNull();
  });

  it('judges a first submission immediately, even if the refusal is doubtful', () => {
    expect(shown(live(submitted, first(refused('credential_rejected'), false)))).toMatchObject({
      state: 'not_connected',
      cause: 'credential_rejected',
    });
  });

  it.each((Object.keys(causes) as Cause[]).filter((cause) => !isDoubtful(cause)))(
    'fails immediately when the credential in use is refused for %s',
    (cause) => {
      const health = live(submitted, first(accepted()), later(refused(cause)));
      expect(shown(health)).toMatchObject({ state: 'failing', cause, since: new Date(at(3)) });
    },
  );

  it.each((Object.keys(causes) as Cause[]).filter(isDoubtful))(
    'shows the state as before until %s is confirmed',
    (cause) => {
      const once = live(submitted, first(accepted()), later(refused(cause)));
      expect(shown(once)).toMatchObject({
        state: 'healthy',
        since: new Date(at(2)),
        suspect: { cause, since: new Date(at(3)) },
      });
      expect(shown(nextHealth(once, later(refused(cause)), at(9)))).toMatchObject({
        state: 'failing',
        cause,
        since: new Date(at(9)),
      });
      const early = nextHealth(once, later(refused(cause)), at(5));
      expect(shown(early)).toMatchObject({ state: 'healthy', suspect: { cause, since: new Date(at(3)) } });
      const cleared = nextHealth(once, later(accepted()), at(9));
      expect(shown(cleared)).toMatchObject({ state: 'healthy', since: new Date(at(2)), suspect: null });
    },
  );

  it('does not hide the credential in use behind a pending one', () => {
    const health = live(submitted, first(accepted()), submitted, first(refused('app_not_permitted')));
    expect(shown(health)).toMatchObject({ state: 'healthy', cause: null, since: new Date(at(2)) });
    expect(health.pending).toMatchObject({ cause: 'app_not_permitted' });
  });

  it('recovers when RingCentral accepts again', () => {
    const health = live(submitted, first(accepted()), later(refused('owner_inactive')), later(accepted()));
    expect(shown(health)).toMatchObject({ state: 'healthy', since: new Date(at(4)) });
  });

  it('is unverified without a conclusive answer for twice the interval', () => {
    const health = live(submitted, first(accepted()));
    const edge = new Date(at(2)).getTime() + 2 * DAY_MS;
    expect(shownHealth(health, new Date(edge), DAY_MS).state).toBe('healthy');
    expect(shownHealth(health, new Date(edge + 1), DAY_MS)).toMatchObject({
      state: 'unverified',
      since: new Date(edge),
    });
  });

  it('stays failing without new evidence, because the refusal is still valid', () => {
    const health = live(submitted, first(accepted()), later(refused('owner_inactive')));
    expect(shownHealth(health, new Date('2030-01-01T00:00:00Z'), DAY_MS).state).toBe('failing');
  });

  const counted = (filling: boolean): HealthEvent => ({ kind: 'mailboxes_counted', filling });

  it('is a warning while a mailbox is filling up, whatever checks find, and ends when it fell', () => {
    const filling = live(submitted, first(accepted()), counted(true), later(accepted()));
    expect(shown(filling)).toMatchObject({ state: 'warning', cause: 'mailbox_filling', since: new Date(at(3)) });
    expect(filling.lastConclusive).toEqual({ state: 'warning', at: at(4) });
    const fell = nextHealth(filling, counted(false), at(5));
    expect(shown(fell)).toMatchObject({ state: 'healthy', cause: null, since: new Date(at(5)) });
  });

  it('names no fax line before a full mailbox, and that before the expiry', () => {
    const health = live(submitted, first(accepted(['expires_soon'])), counted(true));
    expect(shown(health)).toMatchObject({ cause: 'mailbox_filling', since: new Date(at(2)) });
    expect(shown(nextHealth(health, later(accepted(['no_fax_line'])), at(4))).cause).toBe('no_fax_line');
  });

  const tried = (alive: boolean): HealthEvent => ({ kind: 'old_credentials_tried', alive });

  it('is a warning while an old JWT works that is said to be deleted, after a full mailbox and the expiry', () => {
    const alive = live(submitted, first(accepted()), tried(true), later(accepted()));
    expect(shown(alive)).toMatchObject({ state: 'warning', cause: 'old_credential_alive', since: new Date(at(3)) });
    expect(shown(nextHealth(alive, counted(true), at(5))).cause).toBe('mailbox_filling');
    expect(shown(nextHealth(alive, later(accepted(['expires_soon'])), at(5))).cause).toBe('expires_soon');
    expect(shown(nextHealth(alive, later(accepted(['environment_differs'])), at(5))).cause).toBe(
      'old_credential_alive',
    );
    const dead = nextHealth(alive, tried(false), at(5));
    expect(shown(dead)).toMatchObject({ state: 'healthy', cause: null, since: new Date(at(5)) });
  });

  it('a filling mailbox hides no failure, and is named again when it works again', () => {
    const failing = live(submitted, first(accepted()), counted(true), later(refused('owner_inactive')));
    expect(shown(failing)).toMatchObject({ state: 'failing', cause: 'owner_inactive', since: new Date(at(4)) });
    expect(shown(nextHealth(failing, counted(false), at(5))).since).toEqual(new Date(at(4)));
    expect(shown(nextHealth(failing, later(accepted()), at(5)))).toMatchObject({ state: 'warning' });
  });

  it('a mailbox says nothing of a clinic that is not connected', () => {
    expect(shown(live(counted(true))).state).toBe('not_connected');
  });

  const anyCause = fc.constantFrom(...(Object.keys(causes) as Cause[]));
  const anyVerdict = fc.oneof(
    fc.array(anyCause, { maxLength: 2 }).map(accepted),
    anyCause.map(refused),
    anyCause.map(inconclusive),
  );
  const anyEvent: fc.Arbitrary<HealthEvent> = fc.oneof(
    fc.constant(submitted),
    fc.constant<HealthEvent>({ kind: 'pending_dropped' }),
    fc.tuple(anyVerdict, fc.boolean()).map(([verdict, kept]) => first(verdict, kept)),
    anyVerdict.map(later),
    fc.boolean().map(counted),
  );

  it('is never changed by an inconclusive answer about the credential in use, which is only noted', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 12 }), anyCause, (events, cause) => {
        const before = live(...events);
        expect(nextHealth(before, later(inconclusive(cause)), at(40))).toEqual({
          ...before,
          lastCheck: { at: at(40), kind: 'inconclusive', cause },
        });
      }),
    );
  });

  it('holds the last check and the last clear answer, which a doubted refusal is not', () => {
    const yes = live(submitted, first(accepted()));
    const clear = { at: at(2), kind: 'accepted', cause: null };
    expect(yes).toMatchObject({ lastCheck: clear, lastClear: clear });
    const doubted = nextHealth(yes, later(refused('credential_rejected')), at(5));
    expect(doubted).toMatchObject({
      lastCheck: { at: at(5), kind: 'refused', cause: 'credential_rejected' },
      lastClear: clear,
    });
    const believed = nextHealth(doubted, later(refused('credential_rejected')), at(9));
    const refusal = { at: at(9), kind: 'refused', cause: 'credential_rejected' };
    expect(believed).toMatchObject({ lastCheck: refusal, lastClear: refusal });
    const unanswered = nextHealth(believed, later(inconclusive('unreachable')), at(10));
    expect(unanswered).toMatchObject({
      lastCheck: { at: at(10), kind: 'inconclusive', cause: 'unreachable' },
      lastClear: refusal,
    });
    expect(live(submitted, first(refused('app_not_permitted')))).toMatchObject({
      lastClear: { at: at(2), kind: 'refused', cause: 'app_not_permitted' },
    });
  });

  it('is failing only after a refusal, and can be stored as JSON unchanged', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 12 }), (events) => {
        const health = live(...events);
        expect(JSON.parse(JSON.stringify(health))).toEqual(health);
        const sawRefusal = events.some((event) => 'verdict' in event && event.verdict.kind === 'refused');
        if (!sawRefusal) expect(shown(health).state).not.toBe('failing');
      }),
    );
  });
});

describe('evidence of mint and of probes', () => {
  const HOUR_MS = DAY_MS / 24;
  const begin = Date.parse(at(0));
  type Step = { hours: number; what: 'job' | 'check' | 'check_by_kept' | 'outage'; tokenAgeHours: number };
  const steps = fc.array(
    fc.record({
      hours: fc.integer({ min: 1, max: 60 }),
      what: fc.constantFrom<Step['what']>('job', 'check', 'check_by_kept', 'outage'),
      tokenAgeHours: fc.integer({ min: 0, max: 12 }),
    }),
    { maxLength: 30 },
  );

  /**
   * Applies them after a first accepted proof. @returns when each kind of evidence was last made, counted
   * independently
   */
  function liveThrough(history: Step[]) {
    let now = begin;
    let health = live(submitted, first(accepted()));
    const known = { mint: begin + 120_000, probes: begin + 120_000 };
    for (const { hours, what, tokenAgeHours } of history) {
      now += hours * HOUR_MS;
      const time = new Date(now).toISOString();
      const mintedAt = now - tokenAgeHours * HOUR_MS;
      if (what === 'job') health = nextHealth(health, { kind: 'minted' }, time);
      if (what === 'check') health = nextHealth(health, later(accepted()), time);
      if (what === 'outage') health = nextHealth(health, later(inconclusive('unreachable')), time);
      if (what === 'check_by_kept') {
        const by = { ...later(accepted()), mintedAt: new Date(mintedAt).toISOString() } as HealthEvent;
        health = nextHealth(health, by, time);
      }
      if (what === 'job' || what === 'check') known.mint = now;
      if (what === 'check_by_kept') known.mint = Math.max(known.mint, mintedAt);
      if (what === 'check' || what === 'check_by_kept') known.probes = now;
    }
    return { health, known, now };
  }

  it('keeps a connection healthy exactly as long as neither is older than twice the interval', () => {
    const property = fc.property(steps, fc.integer({ min: 0, max: 72 }), (history, idleHours) => {
      const { health, known, now } = liveThrough(history);
      const shownAt = now + idleHours * HOUR_MS;
      const isFresh = shownAt - Math.min(known.mint, known.probes) <= 2 * DAY_MS;
      expect(shownHealth(health, new Date(shownAt), DAY_MS).state).toBe(isFresh ? 'healthy' : 'unverified');
    });
    fc.assert(property, { numRuns: 1000 });
  });

  it('from a job’s mint changes nothing after a refusal or a suspected refusal', () => {
    for (const events of [[later(refused('permission_missing'))], [later(refused('credential_rejected'))]]) {
      const health = live(submitted, first(accepted()), ...events);
      expect(nextHealth(health, { kind: 'minted' }, at(9))).toBe(health);
    }
  });

  it('falls back to the last answer in data stored before both were recorded', () => {
    const { mintedAt: _mint, probedAt: _probes, ...old } = live(submitted, first(accepted()));
    expect(shownHealth(old, new Date(Date.parse(at(2)) + 2 * DAY_MS), DAY_MS).state).toBe('healthy');
    expect(shownHealth(old, new Date(Date.parse(at(2)) + 2 * DAY_MS + 1), DAY_MS).state).toBe('unverified');
  });
});
