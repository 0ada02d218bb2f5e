import fc from 'fast-check';
import { hashOf } from '../../src/trail/leaf.js';
import type { Sealed } from '../../src/trail/trail-store.js';
import { many, sealed, verify } from './support.js';

// Few rows, because each try verifies the signatures of all checkpoints.
const whole = sealed(many.slice(0, 10));

it('SEC-44: ten thousand random tamperings are found', async () => {
  const columns = Object.keys(whole.rows[0] ?? {}) as (keyof Sealed)[];
  const place = fc.nat({ max: whole.rows.length - 1 });
  const tampering = fc.oneof(
    fc.record({ kind: fc.constant('edit' as const), at: place, column: fc.constantFrom(...columns), to: fc.string() }),
    fc.record({ kind: fc.constant('delete' as const), at: place, count: fc.integer({ min: 1, max: 3 }) }),
    fc.record({ kind: fc.constant('swap' as const), at: place, with: place }),
    fc.record({ kind: fc.constant('splice' as const), at: place, with: place }),
    fc.record({ kind: fc.constant('cut' as const), at: place }),
  );
  const apply = (rows: Sealed[], t: typeof tampering extends fc.Arbitrary<infer T> ? T : never): Sealed[] => {
    if (t.kind === 'edit') return rows.with(t.at, { ...(rows[t.at] as Sealed), [t.column]: `${t.to}!` });
    if (t.kind === 'delete') return rows.toSpliced(t.at, t.count);
    if (t.kind === 'splice') return rows.toSpliced(t.at, 0, rows[t.with] as Sealed);
    if (t.kind === 'cut') return rows.slice(0, t.at);
    return rows.with(t.at, rows[t.with] as Sealed).with(t.with, rows[t.at] as Sealed);
  };
  await fc.assert(
    fc.asyncProperty(tampering, fc.boolean(), async (t, reseals) => {
      if (t.kind === 'swap' && t.at === t.with) return;
      const tampered = apply(whole.rows, t);
      // A careful attacker makes the hashes again, but not the signatures.
      const rows = reseals ? tampered.map((row) => ({ ...row, leaf_hash: hashOf(row).toString('base64') })) : tampered;
      if (reseals && t.kind === 'edit' && t.column === 'leaf_hash') return;
      expect((await verify({ ...whole, rows })).ok).toBe(false);
    }),
    { numRuns: 10_000 },
  );
}, 60_000);
