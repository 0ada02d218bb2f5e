import { hashOf, leafBytes } from '../../src/trail/leaf.js';
import type { Sealed } from '../../src/trail/trail-store.js';
import { growingTree, leafHash } from '../../src/trail/tree.js';
import { many, other, plain, sealed, verify, whole } from './support.js';

/** The inputs and roots of the reference implementation of certificate transparency. */
const known: [leaf: string, root: string][] = [
  ['', '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d'],
  ['00', 'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125'],
  ['10', 'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77'],
  ['2021', 'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7'],
  ['3031', '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4'],
  ['40414243', '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef'],
  ['5051525354555657', 'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c'],
  ['606162636465666768696a6b6c6d6e6f', '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328'],
];

it('SEC-44: the tree has the roots of RFC 6962, also if it goes on from its stored edge', () => {
  let tree = growingTree();
  expect(tree.root().toString('hex')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  for (const [leaf, root] of known) {
    tree = growingTree(tree.edge());
    tree.append(leafHash(Buffer.from(leaf, 'hex')));
    expect(tree.root().toString('hex')).toBe(root);
  }
});

it('SEC-44: the bytes of a leaf are a list in a fixed order, with the text of the detail as it is', () => {
  expect(leafBytes({ ...plain(1, 'north'), leaf_index: 4, tenant_seq: 2, ip_hash: null }).toString()).toBe(
    '["latchkey-audit-v1",4,2,"id-1","2026-12-01T00:00:01.000Z","person","person-1","north","token.issued",null,"ok",null,"{\\"b\\":1,\\"a\\":2}",null]',
  );
});

it('SEC-44: a whole trail is good, also after an address was erased', async () => {
  expect(await verify(whole)).toMatchObject({ ok: true, size: 21, checkpoints: 3, unsigned: 0 });
  const erased = whole.rows.map((row, n) => (n === 5 ? { ...row, ip: null, ip_salt: null } : row));
  expect(await verify({ ...whole, rows: erased })).toMatchObject({ ok: true });
});

it('SEC-44: the first bad row is named: changed, in another order of JSON, deleted, moved, or cut off', async () => {
  const changed = (n: number, change: Partial<Sealed>) =>
    whole.rows.map((row, at) => (at === n ? { ...row, ...change } : row));
  const cases: [Sealed[], number][] = [
    [changed(3, { outcome: 'refused' }), 3],
    [changed(4, { detail: '{"a":2,"b":1}' }), 4],
    [changed(6, { ip: '198.51.100.1' }), 6],
    [whole.rows.filter((_, n) => n !== 9), 9],
    [whole.rows.toSpliced(2, 2, whole.rows[3] as Sealed, whole.rows[2] as Sealed), 2],
    [whole.rows.toSpliced(12, 0, whole.rows[11] as Sealed), 12],
    [whole.rows.slice(0, -1), 20],
  ];
  for (const [rows, row] of cases) expect(await verify({ ...whole, rows })).toMatchObject({ ok: false, row });
  // With its own hash made again, a row is found by the next checkpoint: it is one of the eight before it.
  const resealed = changed(12, { outcome: 'refused' }).map((row) => ({
    ...row,
    leaf_hash: hashOf(row).toString('base64'),
  }));
  expect(await verify({ ...whole, rows: resealed })).toMatchObject({ ok: false, row: 8 });
});

it('SEC-44: a whole trail that was replaced and signed again is found by an older checkpoint alone', async () => {
  const replaced = sealed(many.map((row, n) => (n === 2 ? { ...row, outcome: 'refused' } : row)));
  const [old = ''] = whole.checkpoints;
  expect(await verify(replaced)).toMatchObject({ ok: true });
  expect(await verify(replaced, [old])).toMatchObject({ ok: false, row: 0 });
  expect(await verify(whole, [old])).toMatchObject({ ok: true });
  expect(await verify(sealed(many.slice(0, 6)), [old])).toMatchObject({ ok: false, row: 6 });
  expect(await verify(sealed(many, other))).toMatchObject({ ok: false, row: 0 });
});
