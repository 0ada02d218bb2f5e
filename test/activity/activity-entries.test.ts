import { entriesOf, type Entry } from '../../src/activity/activity-entries.js';
import type { StoredAuditEvent } from '../../src/audit/audit-store.js';

const at = (time: string) => new Date(`2026-11-29T${time}.000Z`);

function event(seq: number, time: string, more: Partial<StoredAuditEvent> = {}): StoredAuditEvent {
  const use = { action: 'token.issued', actorId: 'key-1', detail: { purpose: 'faxes' } };
  const actorKind = 'api_key' as StoredAuditEvent['actorKind'];
  return {
    seq,
    id: `event-${seq}`,
    at: at(time),
    actorKind,
    target: null,
    outcome: 'ok',
    ip: '192.0.2.1',
    ...use,
    ...more,
  };
}
const change = (seq: number, time: string, action = 'credential.submitted') =>
  event(seq, time, { action, actorKind: 'person', actorId: 'alice', detail: {} });

/** What each entry says, short. */
const shown = (entries: Entry[]) =>
  entries.map((entry) =>
    entry.kind === 'change'
      ? entry.action
      : `${entry.count} × ${entry.keyId} ${entry.purpose} ${entry.outcome} ${entry.cause ?? ''}`.trim(),
  );

describe('the activity of a clinic', () => {
  it('counts equal uses of one key within an hour together, with the first and the last time, and the jobs', () => {
    const job = (id: string) => ({ detail: { purpose: 'faxes', job_id: id } });
    const { entries, next } = entriesOf(
      [
        event(4, '10:00:00'),
        event(3, '09:59:59', job('b')),
        event(2, '09:30:00', job('a')),
        event(1, '09:00:00', job('a')),
      ],
      50,
    );
    expect(shown(entries)).toEqual(['1 × key-1 faxes ok', '3 × key-1 faxes ok']);
    expect(entries[1]).toMatchObject({ from: at('09:00:00'), to: at('09:59:59'), jobIds: new Set(['b', 'a']) });
    expect(next).toBeNull();
  });

  it.each<[string, Partial<StoredAuditEvent>]>([
    ['key', { actorId: 'key-2' }],
    ['purpose', { detail: { purpose: 'voicemail' } }],
    ['result', { action: 'token.refused', outcome: 'refused' }],
    ['cause', { detail: { purpose: 'faxes', cause: 'account_inactive' } }],
  ])('keeps uses with another %s apart', (_what, other) => {
    const events = [event(3, '09:02:00'), event(2, '09:01:00', other), event(1, '09:00:00')];
    expect(entriesOf(events, 50).entries.map((one) => one.kind === 'use' && one.count)).toEqual([2, 1]);
  });

  it('shows each change by itself, between the uses', () => {
    const events = [event(4, '09:04:00'), change(3, '09:03:00'), change(2, '09:02:00'), event(1, '09:01:00')];
    expect(shown(entriesOf(events, 50).entries)).toEqual([
      '2 × key-1 faxes ok',
      'credential.submitted',
      'credential.submitted',
    ]);
  });

  it('leaves out checks of the portal’s own plan, and shows those that a person asked for', () => {
    const planned = event(2, '09:02:00', {
      action: 'credential.judged',
      actorKind: 'portal',
      actorId: null,
      detail: {},
    });
    const { entries } = entriesOf([planned, change(1, '09:01:00', 'credential.judged')], 50);
    expect(shown(entries)).toEqual(['credential.judged']);
    expect(entries[0]).toMatchObject({ at: at('09:01:00') });
  });

  it('puts every event on exactly one page, wherever the pages end', () => {
    const events = Array.from({ length: 200 }, (_, n) =>
      n % 7 === 0 ? change(200 - n, '09:00:00') : event(200 - n, '09:00:00', { actorId: `key-${n % 5}` }),
    );
    for (const most of [1, 2, 3, 10]) {
      let counted = 0;
      let before: string | null = 'event-201';
      while (before !== null) {
        const from: string = before;
        const page = entriesOf(events.slice(events.findIndex(({ id }) => id === from) + 1), most);
        expect(page.entries.length).toBeLessThanOrEqual(most);
        counted += page.entries.reduce((sum, entry) => sum + (entry.kind === 'use' ? entry.count : 1), 0);
        before = page.next;
      }
      expect(counted).toBe(200);
    }
  });
});
