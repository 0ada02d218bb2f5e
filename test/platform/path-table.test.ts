import fc from 'fast-check';
import { pathTable } from '../../src/platform/path-table.js';

function tableOf(...paths: string[]) {
  const table = pathTable((path) => path);
  for (const path of paths) table.at(path);
  return table;
}

it('finds a path by its segments, with what stands in the place of its parameters', () => {
  const table = tableOf('/tenants', '/tenants/{tenant}', '/tenants/{tenant}/keys/{key}');
  expect(table.find('/tenants')).toEqual({ value: '/tenants', params: {} });
  expect(table.find('/tenants/a%2Fb')).toEqual({ value: '/tenants/{tenant}', params: { tenant: 'a/b' } });
  expect(table.find('/tenants/1/keys/2')).toEqual({
    value: '/tenants/{tenant}/keys/{key}',
    params: { tenant: '1', key: '2' },
  });
});

it('a name goes before a parameter', () => {
  const table = tableOf('/things/{thing}', '/things/newest');
  expect(table.find('/things/newest')).toEqual({ value: '/things/newest', params: {} });
  expect(table.find('/things/oldest')).toEqual({ value: '/things/{thing}', params: { thing: 'oldest' } });
});

it.each(['', '/', '/Tenants', '/tenants/', '/tenants//', '//tenants', '/tenants/1/', '/tenants/%', '/tenants/1/keys'])(
  'finds nothing at %j',
  (path) => {
    expect(tableOf('/tenants', '/tenants/{tenant}', '/tenants/{tenant}/keys/{key}').find(path)).toBeUndefined();
  },
);

it('whatever is encoded into a parameter comes out as it was', () => {
  const table = tableOf('/tenants/{tenant}/checks');
  fc.assert(
    fc.property(fc.string({ minLength: 1, unit: 'grapheme' }), (tenant) => {
      const path = `/tenants/${encodeURIComponent(tenant)}/checks`;
      expect(table.find(path)?.params).toEqual({ tenant });
    }),
  );
});
