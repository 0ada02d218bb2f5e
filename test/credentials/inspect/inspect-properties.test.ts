import { inspectionProperties } from '../../drill/inspection-properties.js';

/** Milliseconds. On an idle core, all tests together take a quarter of this. */
const patience = 120_000;

describe('inspecting any paste (100,000 generated ones)', () => {
  it.each(inspectionProperties(100_000))(
    '$rule',
    ({ check }) => {
      expect(check).not.toThrow();
    },
    patience,
  );
});
