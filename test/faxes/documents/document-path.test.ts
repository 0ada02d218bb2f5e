import fc from 'fast-check';
import { documentStem, isId } from '../../../src/faxes/documents/document-path.js';
import { line } from '../model-mailbox.js';

const ids = { messageId: '1724099032020', attachmentId: '7' };

it('a document goes to clinic, extension, year and month in UTC, named by its ids', () => {
  expect(documentStem(line, '2026-01-31T23:59:59.000Z', ids)).toBe('clinic-1/63304567004/2026/01/1724099032020-7');
});

it.each([['..'], ['../../etc'], ['1/2'], [''], ['-1'], ['1e3'], ['１２'], ['123456789012345678901'], ['1\n']])(
  'the id %j is no id, and no path is made with it',
  (id) => {
    expect(isId(id)).toBe(false);
    for (const bad of [
      { ...ids, messageId: id },
      { ...ids, attachmentId: id },
    ])
      expect(() => documentStem(line, '2026-01-31T23:59:59.000Z', bad)).toThrow(TypeError);
    expect(() => documentStem({ ...line, extensionId: id }, '2026-01-31T23:59:59.000Z', ids)).toThrow(TypeError);
  },
);

it('no path leaves the folder of the pull, whatever the ids and the time are', () => {
  const text = fc.oneof(fc.string(), fc.constantFrom('..', '/', '5', '2026-11-30T00:00:00.000Z', '2026-../x'));
  fc.assert(
    fc.property(text, text, text, text, text, (externalRef, extensionId, time, messageId, attachmentId) => {
      let stem: string;
      try {
        stem = documentStem({ accountId: '1', extensionId, externalRef }, time, { messageId, attachmentId });
      } catch {
        return;
      }
      expect(stem.split('/')).toHaveLength(5);
      expect(stem.split('/').some((part) => ['', '.', '..'].includes(part))).toBe(false);
    }),
    { numRuns: 2000 },
  );
});
