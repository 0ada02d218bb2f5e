import { inspectionProperties } from '../../drill/inspection-properties.js';

/** Milliseconds; on an idle core all of them take a quarter of it together. */
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
