import fc from 'fast-check';
import {
  nextOwner,
  ownerChangeKinds,
  shownChange,
  worseThan,
  type OwnerFacts,
  type OwnerStep,
  type WatchedOwner,
} from '../../../src/connections/proof/owner-change.js';

const DAY_MS = 86_400_000;
const start = new Date('2026-11-21T12:00:00.000Z');
const day = (count: number) => new Date(start.getTime() + count * DAY_MS);
const superAdmin = { id: '1', name: 'Super Admin' };
const standard = { id: '3', name: 'Standard' };
const well: OwnerFacts = { status: 'Enabled', type: 'User', admin: true, roles: [superAdmin] };
const reader: OwnerFacts = { ...well, admin: false, roles: [standard] };

describe('a change of the user for the worse', () => {
  it.each<[string, OwnerFacts, OwnerFacts, string[]]>([
    ['nothing changed', well, well, []],
    ['it is disabled', well, { ...well, status: 'Disabled' }, ['status']],
    ['it is frozen', well, { ...well, status: 'Frozen' }, ['status']],
    ['it is not activated', well, { ...well, status: 'NotActivated' }, ['status']],
    ['it has an unknown status', well, { ...well, status: 'Paused' }, ['status']],
    ['it is enabled again', { ...well, status: 'Frozen' }, well, []],
    ['it has another type', well, { ...well, type: 'VirtualUser' }, ['type']],
    ['it is no longer an administrator', well, reader, ['admin', 'roles']],
    ['it became an administrator', reader, well, []],
    ['a role was taken away', { ...reader, roles: [standard, superAdmin] }, reader, ['roles']],
    ['a role was added', reader, { ...reader, roles: [standard, { id: '7', name: null }] }, []],
    ['a role has another name', reader, { ...reader, roles: [{ id: '3', name: 'Anything' }] }, []],
    ['all roles are gone', reader, { ...reader, roles: [] }, ['roles']],
    ['RingCentral no longer says anything', well, { status: null, type: null, admin: null, roles: null }, []],
    ['RingCentral said nothing before', { status: null, type: null, admin: null, roles: null }, reader, []],
  ])('%s', (_what, before, now, kinds) => {
    expect(worseThan(before, now)).toEqual(kinds);
  });
});

/** Compares the user on several days, one after the other; returns the result of each. */
function looks(...seen: [day: number, facts: Partial<OwnerFacts>, ownerId?: string][]) {
  let watched: WatchedOwner | undefined;
  let ids = 0;
  const steps: OwnerStep[] = [];
  const told: string[] = [];
  for (const [at, facts, ownerId = '901'] of seen) {
    const next = nextOwner(watched, { ownerId, facts: { ...well, ...facts } }, day(at), () => `change-${(ids += 1)}`);
    watched = next.owner;
    steps.push(next.step);
    if (next.step === 'opened') told.push(`${next.owner.change?.id}: ${next.owner.change?.kinds.join(' ')}`);
  }
  return { steps, told, shown: shownChange(watched) };
}

describe('a change of the user', () => {
  it('never occurs at the first check, whatever it finds', () => {
    expect(looks([0, { status: 'Frozen' }]).steps).toEqual(['none']);
  });

  it('is reported once, and shown while it lasts with the previous values', () => {
    const { steps, told, shown } = looks([0, {}], [1, { status: 'Frozen' }], [2, { status: 'Frozen' }]);
    expect(steps).toEqual(['none', 'opened', 'none']);
    expect(told).toEqual(['change-1: status']);
    expect(shown).toMatchObject({ before: { status: 'Enabled' }, now: { status: 'Frozen' }, seenAt: day(1) });
  });

  it('ends when everything is as before', () => {
    const { steps, shown } = looks([0, {}], [1, { status: 'Frozen' }], [2, {}], [3, {}]);
    expect(steps).toEqual(['none', 'opened', 'over', 'none']);
    expect(shown).toBeNull();
  });

  it('does not end while RingCentral says nothing', () => {
    const { steps, shown } = looks([0, {}], [1, { status: 'Frozen' }], [2, { status: null }]);
    expect(steps).toEqual(['none', 'opened', 'none']);
    expect(shown?.kinds).toEqual(['status']);
  });

  it('is reported again if something else changes too, and shown with all changes', () => {
    const { told, shown } = looks([0, {}], [1, reader], [3, { ...reader, status: 'Disabled' }]);
    expect(told).toEqual(['change-1: admin roles', 'change-2: status admin roles']);
    expect(shown).toMatchObject({ id: 'change-2', before: well });
  });

  it('is not reported again if only a value differs: disabled, then frozen', () => {
    const { told, shown } = looks([0, {}], [1, { status: 'Disabled' }], [2, { status: 'Frozen' }]);
    expect(told).toEqual(['change-1: status']);
    expect(shown?.now.status).toBe('Frozen');
  });

  it('that comes and goes within a week is reported once', () => {
    const frozen = { status: 'Frozen' };
    const { steps, told } = looks([0, {}], [1, frozen], [2, {}], [3, frozen], [4, {}], [10.9, frozen], [12, {}]);
    expect(steps).toEqual(['none', 'opened', 'over', 'reopened', 'over', 'reopened', 'over']);
    expect(told).toHaveLength(1);
  });

  it('that returns later is a new one', () => {
    expect(looks([0, {}], [1, { status: 'Frozen' }], [2, {}], [9, { status: 'Frozen' }]).told).toHaveLength(2);
  });

  it('of rights counts as normal after 30 days without failures', () => {
    const { steps, shown } = looks(
      [0, {}],
      [1, reader],
      [30.9, reader],
      [31, reader],
      [32, reader],
      [33, {}],
      [34, reader],
    );
    expect(steps).toEqual(['none', 'opened', 'none', 'over', 'none', 'none', 'opened']);
    expect(shown?.seenAt).toEqual(day(34));
  });

  it('of the status never counts as normal', () => {
    expect(looks([0, {}], [1, { status: 'Disabled' }], [400, { status: 'Disabled' }]).shown).not.toBeNull();
  });

  it('does not occur if another user was chosen, which also ends a shown one', () => {
    const { steps, shown } = looks([0, {}], [1, reader], [2, { status: 'Frozen' }, '902']);
    expect(steps).toEqual(['none', 'opened', 'over']);
    expect(shown).toBeNull();
  });

  it('is never reported twice while it is shown, and is shown exactly as long as something is worse', () => {
    const facts = fc.record<OwnerFacts>({
      status: fc.constantFrom('Enabled', 'Disabled', 'Frozen', null),
      type: fc.constantFrom('User', 'DigitalUser', null),
      admin: fc.constantFrom(true, false, null),
      roles: fc.constantFrom([superAdmin], [standard], [superAdmin, standard], [], null),
    });
    const look = fc.tuple(fc.integer({ min: 1, max: 3 }), facts, fc.constantFrom('901', '901', '901', '902'));
    fc.assert(
      fc.property(fc.array(look, { minLength: 2, maxLength: 25 }), (seen) => {
        let watched: WatchedOwner | undefined;
        let at = 0;
        let ids = 0;
        const told = new Set<string>();
        for (const [later, found, ownerId] of seen) {
          at += later;
          const wasShown = shownChange(watched);
          const { owner, step } = nextOwner(watched, { ownerId, facts: found }, day(at), () => `change-${(ids += 1)}`);
          const shown = shownChange(owner);
          if (step === 'opened') {
            expect(told).not.toContain(owner.change?.id);
            told.add(owner.change?.id ?? '');
            // Only a kind of change that was not reported before makes a new change.
            if (wasShown) expect(shown?.kinds.some((kind) => !watched?.change?.kinds.includes(kind))).toBe(true);
          }
          if (shown) {
            expect(shown.kinds.length).toBeGreaterThan(0);
            expect(shown.kinds.every((kind) => owner.change?.kinds.includes(kind))).toBe(true);
          }
          expect([step === 'opened' || step === 'reopened', shown !== null].join()).not.toBe('true,false');
          for (const kind of ownerChangeKinds)
            if (found[kind] === null && watched?.ownerId === ownerId)
              expect(owner.facts[kind]).toEqual(watched.facts[kind]);
          watched = owner;
        }
      }),
    );
  });
});
