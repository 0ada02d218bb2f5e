/** The last row of a page, opaque in the address of the next one. */
export const cursorText = (parts: [string, string]): string => Buffer.from(JSON.stringify(parts)).toString('base64url');

/** @returns undefined if it is not a cursor of ours */
export function readCursor(text: string): [string, string] | undefined {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    const [first, second] = Array.isArray(parsed) ? (parsed as unknown[]) : [];
    return isText(first) && isText(second) ? [first, second] : undefined;
  } catch {
    return undefined;
  }
}

/** Text that both databases store. */
const isText = (part: unknown): part is string => typeof part === 'string' && !/[\p{Cc}\p{Cs}]/u.test(part);
