import { inspectionProperties } from '../support/inspection-properties.js';

describe('inspecting any paste (100,000 generated ones)', () => {
  it.each(inspectionProperties(100_000))('$rule', ({ check }) => {
    expect(check).not.toThrow();
  });
});
