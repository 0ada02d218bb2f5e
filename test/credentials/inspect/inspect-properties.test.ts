import { inspectionProperties } from '../../drill/inspection-properties.js';

describe('inspecting any paste (5,000 generated ones)', () => {
  it.each(inspectionProperties(5000))('$rule', ({ check }) => {
    expect(check).not.toThrow();
  });
});
