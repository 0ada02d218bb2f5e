import fc from 'fast-check';
import { encode } from 'uqr';
import { qrPicture } from '../../../src/platform/assets/qr-picture.js';
import { modulesOf } from '../../support/texts/qr-modules.js';

it('draws exactly the dark modules of a QR code, for any text', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 300 }), (text) => {
      const { size, path, alt } = qrPicture(text, 'Scan it.');
      const { data } = encode(text, { ecc: 'M', border: 4 });
      expect(modulesOf(size, path)).toEqual(data);
      expect(alt).toBe('Scan it.');
    }),
    { numRuns: 30 },
  );
});
