import { linesToProbe, mergeFaxLines } from '../../../src/connections/proof/fax-lines.js';
import { aNow } from '../../support/credential-rows.js';

describe('more fax lines than one check can probe', () => {
  const listed = Array.from({ length: 60 }, (_, index) => ({
    id: String(index + 1),
    extensionNumber: null,
    name: `Line ${index + 1}`,
    type: 'FaxUser',
    status: 'Enabled',
  }));

  it('probes unreadable lines first; otherwise the next check would report that all is well', () => {
    const lines = mergeFaxLines([], listed, '1').map((line) => ({
      ...line,
      readable: line.extensionId === '7' ? ('no' as const) : null,
      probedAt: line.extensionId === '7' ? aNow : null,
    }));
    expect(linesToProbe(lines).map(({ extensionId }) => extensionId)).toContain('7');
  });

  it('does not report a selected line as gone because there are many others', () => {
    const department = { id: '900', extensionNumber: null, name: 'Ward', type: 'Department', status: 'Enabled' };
    const many = Array.from({ length: 250 }, (_, index) => ({ ...listed[0]!, id: String(index + 1) }));
    const known = mergeFaxLines([], [department], '1').map((line) => ({ ...line, selected: true }));
    const merged = mergeFaxLines(known, [...many, department], '1');
    expect(merged.find(({ extensionId }) => extensionId === '900')).toMatchObject({ listed: true, selected: true });
  });
});
