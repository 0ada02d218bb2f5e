import type { Answer } from '../visits/visitor.js';

/** Headers that may differ between equal answers. */
const varying = ['date', 'x-request-id'];

/** The parts that two answers must share to be indistinguishable. */
export const comparable = ({ status, headers, text }: Answer) => ({
  status,
  text,
  headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !varying.includes(name))),
});
