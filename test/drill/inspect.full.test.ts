import { inspectionProperties } from './inspection-properties.js';

describe('inspecting any paste (50,000 generated ones, a twentieth of the drill)', () => {
  it.each(inspectionProperties(50_000))(
    '$rule',
    ({ check }) => {
      expect(check).not.toThrow();
    },
    600_000,
  );
});
