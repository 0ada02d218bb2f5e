import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { receiptVerify } from '../../src/receipts/verify-command.js';

/** `latchkey receipt verify` on this text, with this key if one is given. */
export async function verifyReceipt(
  text: string,
  key?: string,
): Promise<{ code: number; out: string[]; err: string[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-receipt-'));
  const [out, err]: [string[], string[]] = [[], []];
  const terminal = {
    say: (line: string) => void out.push(line),
    fail: (...lines: string[]) => (err.push(...lines), 1) as 1,
  };
  try {
    const file = join(folder, 'receipt.txt');
    writeFileSync(file, text);
    const code = (await receiptVerify.run?.({ file, ...(key !== undefined && { key }) }, terminal)) ?? -1;
    return { code, out, err };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
