/** A sign-in that left for the company's own server. */
export type PendingSignIn = {
  /** where the person comes back to, with `request` and, after a sign-in, `ticket` */
  returnTo: string;
  person: string;
  company: string;
};
const mostPending = 1000;

/** Sign-ins on their way to the company's server and back: each is known to both origins, and used once. */
export class CompanySignIns<T extends PendingSignIn> {
  private readonly pending = new Map<string, T & { ticket: string | null }>();

  constructor(private readonly newId: () => string) {}

  begin(signIn: T): string {
    const id = this.newId();
    this.pending.set(id, { ...signIn, ticket: null });
    const oldest = this.pending.keys().next().value;
    if (this.pending.size > mostPending && oldest !== undefined) this.pending.delete(oldest);
    return id;
  }

  find = (id: string): PendingSignIn | undefined => this.pending.get(id);

  /** The company vouches for the person. @returns the address that leads back to RingCentral */
  finish(id: string, hasSignedIn: boolean): string | undefined {
    const found = this.pending.get(id);
    if (!found) return undefined;
    found.ticket = hasSignedIn ? this.newId() : null;
    const back = new URL(found.returnTo);
    back.searchParams.set('request', id);
    if (found.ticket !== null) back.searchParams.set('ticket', found.ticket);
    return back.href;
  }

  /** @returns undefined for an unknown or used request */
  take(id: string, ticket: string): { signIn: T; hasSignedIn: boolean } | undefined {
    const found = this.pending.get(id);
    this.pending.delete(id);
    return found && { signIn: found, hasSignedIn: found.ticket !== null && found.ticket === ticket };
  }
}
