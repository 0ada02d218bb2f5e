/** So begins the reference of a clinic that was erased, and of no other. */
export const ERASED_REF = 'erased-';
const REF = 'ref:';
const LONGEST_NAMED = 200;

/** Whether a program may name a tenant so. PostgreSQL refuses U+0000. */
export const isNameable = (named: string): boolean => named.length <= LONGEST_NAMED && !/\p{Cc}/u.test(named);

/** The ISV's own id, if the program names the tenant by it: after `ref:`. */
export const refIn = (named: string): string | undefined =>
  isNameable(named) && named.startsWith(REF) ? named.slice(REF.length) : undefined;
