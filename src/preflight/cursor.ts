import { z } from 'zod';
import type { PreflightCursor } from './preflight-service.js';

const ahead = z.number().int().min(0).max(10_000_000).optional();
const cursor = z.tuple([z.string().min(1).max(100), z.strictObject({ production: ahead, biz: ahead })]);

/** Opaque for those who send it back. */
export const cursorText = ({ after, ahead }: PreflightCursor): string =>
  Buffer.from(JSON.stringify([after, ahead])).toString('base64url');

/** @returns undefined if it is not a cursor of ours */
export function readCursor(text: string): PreflightCursor | undefined {
  try {
    const [after, ahead] = cursor.parse(JSON.parse(Buffer.from(text, 'base64url').toString()));
    return { after, ahead };
  } catch {
    return undefined;
  }
}
