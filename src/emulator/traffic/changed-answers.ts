import type { Response } from 'express';
import { jsonText } from './exact-json.js';

export type AnswerChange = {
  /** members to overwrite */
  set?: Record<string, unknown> | undefined;
  /** members to leave out */
  remove?: string[] | undefined;
  /** when members are duplicated, which value comes last */
  last?: 'real' | 'other' | undefined;
};
type Change =
  | ({ kind: 'members' } & Pick<AnswerChange, 'set' | 'remove'>)
  | { kind: 'proto' }
  | { kind: 'duplicates'; last: 'real' | 'other' };

/** Members that a client must not treat as part of the answer: names with a special meaning in JavaScript. */
const protoMembers = {
  ['__proto__']: { access_token: 'U0pDpolluted', isAdmin: true, status: 'Enabled' },
  constructor: { prototype: { isAdmin: true } },
  toString: 'polluted',
  hasOwnProperty: 'polluted',
};

const inside = (text: string) => text.slice(1, -1);

/** A different value of the same type, so that a client cannot detect it by its type. */
function otherThan(value: unknown): unknown {
  if (typeof value === 'string') return /^\d+$/.test(value) ? '11111111' : `other-${value.slice(0, 4)}`;
  if (typeof value === 'number') return value + 1;
  return Array.isArray(value) ? [] : {};
}

function changed(body: object, change: Change): string {
  if (change.kind === 'members') {
    const members = { ...body, ...change.set };
    const left = Object.entries(members).filter(([name]) => !change.remove?.includes(name));
    return jsonText(Object.fromEntries(left));
  }
  const real = jsonText(body);
  if (change.kind === 'proto') return `{${inside(jsonText(protoMembers))},${inside(real)}}`;
  const other = jsonText(Object.fromEntries(Object.entries(body).map(([name, one]) => [name, otherThan(one)])));
  const [first, last] = change.last === 'real' ? [other, real] : [real, other];
  return `{${inside(first)},${inside(last)}}`;
}

/** Changes the text of the answer that follows. Errors and non-JSON answers stay unchanged. */
export function changeAnswer(res: Response, change: Change): void {
  const json = res.json.bind(res);
  res.json = (body: unknown) => {
    if (res.statusCode >= 300 || typeof body !== 'object' || body === null) return json(body);
    return res.type('application/json').send(changed(body, change));
  };
}

/** Sends another answer in place of the JSON that follows; what the real answer did stays done. */
export function replaceAnswer(res: Response, send: () => void): void {
  const json = res.json.bind(res);
  res.json = () => {
    res.json = json;
    send();
    return res;
  };
}
