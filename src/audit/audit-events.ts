/** One kind of audited action, and whether its rows name a tenant. */
export type AuditAct = { action: string; tenant: 'always' | 'never' | 'sometimes' };

/**
 * Every audited action. Each capability declares its acts as values and adds their names here, in its `…-acts.ts`; the
 * code that appends any other action does not compile.
 */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type -- the capabilities fill it
export interface AuditActs {}
export type AuditAction = keyof AuditActs;

/** The names of some acts, for `AuditActs`. */
export type ActsOf<Acts extends readonly AuditAct[]> = { [Action in Acts[number]['action']]: true };

/** Who acted: a person, the portal itself, or an operator on the server's command line. */
export type Actor =
  | { kind: 'person'; id: string }
  | { kind: 'hand_off'; id: string } // the unknown holder of that link
  | { kind: 'portal' }
  | { kind: 'command_line' }
  | { kind: 'api_key'; id: string } // a program of the ISV
  | { kind: 'nobody' }; // not signed in

/**
 * The person who acts for a clinic: a member, the visitor of a hand-off link, for which its maker is responsible, or a
 * member of staff. `personId` is the member or the maker, or the member of staff.
 */
export type PersonRequester = { personId: string; handOffId?: string | undefined; isStaff?: true; keyId?: undefined };

/** A person, or a program of the ISV with its API key. */
export type Requester = PersonRequester | { keyId: string; personId: null; handOffId?: undefined; isStaff?: undefined };

export function actorOf({ personId, handOffId, keyId }: Requester): Actor {
  if (keyId !== undefined) return { kind: 'api_key', id: keyId };
  return handOffId === undefined ? { kind: 'person', id: personId } : { kind: 'hand_off', id: handOffId };
}

/** Where a request came from. The portal's own work has no origin. */
export type Origin = { ip?: string | undefined; requestId?: string | undefined };

/** `inconclusive`: it was attempted and neither succeeded nor was refused. */
export type AuditOutcome = 'ok' | 'refused' | 'inconclusive';

export type AuditEvent = {
  action: AuditAction;
  actor: Actor;
  tenantId?: string | undefined;
  /** The id of the target: never a name, an address or a typed value. */
  target?: string | undefined;
  outcome: AuditOutcome;
  /** Only codes and counts. */
  detail?: Record<string, string | number | boolean | null> | undefined;
  origin?: Origin | undefined;
};
