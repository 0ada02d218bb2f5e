import type { Response } from 'supertest';

/** Headers that may differ between equal answers. */
const varying = ['date', 'x-request-id'];

/** The parts that two answers must share to be indistinguishable. */
export const comparable = ({ status, headers, text }: Response) => ({
  status,
  text,
  headers: Object.fromEntries(
    Object.entries(headers as Record<string, string>).filter(([name]) => !varying.includes(name)),
  ),
});
