import { crc32, deflateSync, inflateSync } from 'node:zlib';

/**
 * A screenshot with at most 256 colors, at about a third of its size: of colors that agree in 4 bits per channel,
 * the most frequent one replaces the others.
 *
 * @param png 8-bit RGB without interlacing, as Chromium makes it
 */
export function smallPng(png: Buffer): Buffer {
  const { width, height, pixels } = decode(png);
  const colorAt = (pixel: number) => pixels.readUIntBE(pixel * 3, 3);
  const counts = new Map<number, number>();
  for (let pixel = 0; pixel < width * height; pixel += 1)
    counts.set(colorAt(pixel), (counts.get(colorAt(pixel)) ?? 0) + 1);
  // Backgrounds stay exactly as they are; the shades at the edges of letters are merged.
  const palette: number[] = [];
  const groups = new Map<number, number>();
  const indexOf = new Map<number, number>();
  for (const [color, count] of [...counts].sort(([, one], [, other]) => other - one)) {
    const alike = groups.get(color & 0xf0f0f0);
    const index = alike === undefined || count > (width * height) / 200 ? palette.push(color) - 1 : alike;
    if (alike === undefined) groups.set(color & 0xf0f0f0, index);
    indexOf.set(color, index);
  }
  if (palette.length > 256) throw new Error('the picture has too many colors for a palette');

  const rows = Buffer.alloc((width + 1) * height); // each row begins with its filter: none
  for (let pixel = 0; pixel < width * height; pixel += 1)
    rows[Math.floor(pixel / width) + 1 + pixel] = indexOf.get(colorAt(pixel)) ?? 0;
  const head = Buffer.from(png.subarray(16, 29));
  head[9] = 3; // a palette
  const colors = Buffer.alloc(palette.length * 3);
  palette.forEach((color, index) => colors.writeUIntBE(color, index * 3, 3));
  const chunks = [chunk('IHDR', head), chunk('PLTE', colors), chunk('IDAT', deflateSync(rows, { level: 9 }))];
  return Buffer.concat([png.subarray(0, 8), ...chunks, chunk('IEND', Buffer.alloc(0))]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data]);
  const around = Buffer.alloc(8);
  around.writeUInt32BE(data.length, 0);
  around.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([around.subarray(0, 4), body, around.subarray(4)]);
}

function decode(png: Buffer): { width: number; height: number; pixels: Buffer } {
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  if (png[24] !== 8 || png[25] !== 2 || png[28] !== 0) throw new Error('no picture of 8-bit RGB');
  const data: Buffer[] = [];
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at))
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT')
      data.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
  const filtered = inflateSync(Buffer.concat(data));
  const rowBytes = width * 3;
  const pixels = Buffer.alloc(rowBytes * height);
  for (let row = 0; row < height; row += 1) {
    const filter = filtered[row * (rowBytes + 1)] ?? 0;
    for (let x = 0; x < rowBytes; x += 1) {
      const at = row * rowBytes + x;
      const left = x < 3 ? 0 : (pixels[at - 3] ?? 0);
      const above = row === 0 ? 0 : (pixels[at - rowBytes] ?? 0);
      const corner = x < 3 || row === 0 ? 0 : (pixels[at - rowBytes - 3] ?? 0);
      const guess = [0, left, above, (left + above) >> 1, paeth(left, above, corner)][filter] ?? 0;
      pixels[at] = (filtered[row * (rowBytes + 1) + 1 + x] ?? 0) + guess;
    }
  }
  return { width, height, pixels };
}

/** The neighbor that is nearest to left + above - corner (PNG, filter 4). */
function paeth(left: number, above: number, corner: number): number {
  const [toLeft, toAbove] = [Math.abs(above - corner), Math.abs(left - corner)];
  const toCorner = Math.abs(left + above - 2 * corner);
  if (toLeft <= toAbove && toLeft <= toCorner) return left;
  return toAbove <= toCorner ? above : corner;
}
