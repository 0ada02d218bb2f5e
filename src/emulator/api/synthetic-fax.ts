import type { Attachment, Message } from '../world/mailbox-types.js';

const small = (message: Message, attachment: Attachment) =>
  attachment.format === 'pdf' ? faxPdf(message, attachment) : faxTiff(message, attachment);

/** A small, repeatable document that says it is synthetic. It contains no name and no phone number of its own. */
export function documentOf(message: Message, attachment: Attachment): Buffer {
  const document = small(message, attachment);
  return attachment.padding === 0
    ? document
    : Buffer.concat([document, Buffer.alloc(attachment.padding, 'padding ', 'latin1')]);
}

export const sizeOf = (message: Message, attachment: Attachment): number =>
  small(message, attachment).length + attachment.padding;

export const contentTypeOf = ({ format }: Attachment): string => (format === 'pdf' ? 'application/pdf' : 'image/tiff');

/** The attachment's id is in the document, so that no two documents are equal. */
const title = (message: Message, { id }: Attachment) =>
  id === message.id ? `Synthetic fax ${id}` : `Synthetic fax ${message.id}, attachment ${id}`;

const shown = (text: string) => text.replace(/[\\()]/g, '\\$&').replace(/[^\x20-\x7e]/g, '?');

function faxPdf(message: Message, attachment: Attachment): Buffer {
  const drawing = `BT /F1 18 Tf 72 720 Td (${shown(title(message, attachment))}) Tj 0 -28 Td (${shown(message.text)}) Tj ET`;
  const pages = Array.from({ length: message.pages }, (_, index) => `${5 + index} 0 R`);
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Kids [${pages.join(' ')}] /Count ${pages.length} >>`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
    `<< /Length ${drawing.length} >>\nstream\n${drawing}\nendstream`,
    ...pages.map(
      () =>
        '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 3 0 R >> >> >>',
    ),
  ];
  let text = '%PDF-1.4\n';
  const offsets = objects.map((object, index) => {
    const offset = text.length;
    text += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return `${String(offset).padStart(10, '0')} 00000 n \n`;
  });
  const table = text.length;
  text += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${offsets.join('')}`;
  text += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${table}\n%%EOF\n`;
  return Buffer.from(text, 'latin1');
}

const ASCII = 2;
const SHORT = 3;
const LONG = 4;

/** One page of 8 by 8 white pixels whose description is the title (TIFF 6.0, little endian). */
function faxTiff(message: Message, attachment: Attachment): Buffer {
  const text = Buffer.from(`${shown(title(message, attachment))}. ${shown(message.text)}\0`, 'latin1');
  const directory = 8;
  const entries = 10;
  const textAt = directory + 2 + entries * 12 + 4;
  const pixelsAt = textAt + text.length;
  const fields: [tag: number, type: number, count: number, value: number][] = [
    [256, SHORT, 1, 8], // width
    [257, SHORT, 1, 8], // height
    [258, SHORT, 1, 1], // bits per sample
    [259, SHORT, 1, 1], // not compressed
    [262, SHORT, 1, 0], // white is zero
    [270, ASCII, text.length, textAt], // description
    [273, LONG, 1, pixelsAt],
    [277, SHORT, 1, 1], // samples per pixel
    [278, SHORT, 1, 8], // rows per strip
    [279, LONG, 1, 8], // bytes of the strip
  ];
  const tiff = Buffer.alloc(pixelsAt + 8);
  tiff.write('II*\0', 0, 'latin1');
  tiff.writeUInt32LE(directory, 4);
  tiff.writeUInt16LE(entries, directory);
  fields.forEach(([tag, type, count, value], index) => {
    const at = directory + 2 + index * 12;
    tiff.writeUInt16LE(tag, at);
    tiff.writeUInt16LE(type, at + 2);
    tiff.writeUInt32LE(count, at + 4);
    tiff.writeUInt32LE(value, at + 8);
  });
  text.copy(tiff, textAt);
  return tiff;
}
