import type { Response } from 'express';

export type AnswerChange = {
  /** members that get another value */
  set?: Record<string, unknown> | undefined;
  /** members that are left out */
  remove?: string[] | undefined;
  /** of members that stand there twice, which one comes last */
  last?: 'real' | 'other' | undefined;
};
type Change =
  | ({ kind: 'members' } & Pick<AnswerChange, 'set' | 'remove'>)
  | { kind: 'proto' }
  | { kind: 'duplicates'; last: 'real' | 'other' };

/** What nobody may take for a member of the answer: own names that JavaScript gives a meaning to. */
const protoMembers = {
  ['__proto__']: { access_token: 'U0pDpolluted', isAdmin: true, status: 'Enabled' },
  constructor: { prototype: { isAdmin: true } },
  toString: 'polluted',
  hasOwnProperty: 'polluted',
};

const inside = (text: string) => text.slice(1, -1);

/** Another value of the same type: it must not be found out by its type alone. */
function otherThan(value: unknown): unknown {
  if (typeof value === 'string') return /^\d+$/.test(value) ? '11111111' : `other-${value.slice(0, 4)}`;
  if (typeof value === 'number') return value + 1;
  return Array.isArray(value) ? [] : {};
}

function changed(body: object, change: Change): string {
  if (change.kind === 'members') {
    const members = { ...body, ...change.set };
    const left = Object.entries(members).filter(([name]) => !change.remove?.includes(name));
    return JSON.stringify(Object.fromEntries(left));
  }
  const real = JSON.stringify(body);
  if (change.kind === 'proto') return `{${inside(JSON.stringify(protoMembers))},${inside(real)}}`;
  const other = JSON.stringify(Object.fromEntries(Object.entries(body).map(([name, one]) => [name, otherThan(one)])));
  const [first, last] = change.last === 'real' ? [other, real] : [real, other];
  return `{${inside(first)},${inside(last)}}`;
}

/** The answer that follows is the real one with a change to its text. Errors and what is not JSON stay as they are. */
export function changeAnswer(res: Response, change: Change): void {
  const json = res.json.bind(res);
  res.json = (body: unknown) => {
    if (res.statusCode >= 300 || typeof body !== 'object' || body === null) return json(body);
    return res.type('application/json').send(changed(body, change));
  };
}
