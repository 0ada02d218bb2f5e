import type { Actor, Origin } from '../../audit/audit-events.js';
import { auditStore } from '../../audit/audit-store.js';
import { boundTo, inLock } from '../../platform/database/lock.js';
import type { TenantService } from '../../tenants/tenant-service.js';
import type { AccountMails } from '../people/account-mails.js';
import type { Person, ServiceBase } from '../people/account-types.js';
import { personStore } from '../people/person-store.js';
import type { RecoveryCodeService } from '../second-factor/recovery-code-service.js';
import { removeSecondFactor } from '../second-factor/second-factor-service.js';
import type { ListedSession, SessionService } from '../sessions/session-service.js';

type Dependencies = ServiceBase & {
  tenants: Pick<TenantService, 'isMember'>;
  recoveryCodes: Pick<RecoveryCodeService, 'left'>;
  sessionList: Pick<SessionService, 'listOf' | 'endAll'>;
  mails: Pick<AccountMails, 'securityNotice'>;
};

type By = { actor: Actor; origin: Origin };
export type MemberSignIn = { person: Person; codesLeft: number; sessions: ListedSession[] };

/**
 * What staff can see and reset of a member's sign-in. Staff never count as members here, even if a clinic invited
 * them, so that no colleague can remove their second factor.
 */
export function memberSignInService(deps: Dependencies) {
  const { db, transaction, world, tenants, recoveryCodes, sessionList, mails } = deps;
  const inPersonLock = inLock(transaction, 'person', (trx) => ({
    audit: auditStore(trx, world),
    ...boundTo(trx, { removeSecondFactor, securityNotice: mails.securityNotice }),
  }));

  async function findMember(tenantId: string, personId: string): Promise<Person | undefined> {
    const person = await personStore(db).find(personId);
    const isOurs = person !== undefined && !person.disabled && person.staffRole === null;
    return isOurs && (await tenants.isMember(db, tenantId, personId)) ? person : undefined;
  }

  return {
    /** @returns undefined if the person is not a member of the tenant */
    async find(tenantId: string, personId: string): Promise<MemberSignIn | undefined> {
      const person = await findMember(tenantId, personId);
      if (!person) return undefined;
      const [codesLeft, sessions] = await Promise.all([recoveryCodes.left(personId), sessionList.listOf(personId)]);
      return { person, codesLeft, sessions };
    },

    /**
     * Removes authenticator app and recovery codes of a person who has lost them, and ends all browser sessions. The
     * person gets a mail, and the next sign-in needs only the password. Does nothing if there is no app.
     *
     * @returns false if the person is not a member of the tenant
     */
    async resetSecondFactor(tenantId: string, personId: string, by: By): Promise<boolean> {
      const person = await findMember(tenantId, personId);
      if (!person) return false;
      await inPersonLock(personId, async ({ removeSecondFactor, securityNotice, audit }) => {
        if (!(await removeSecondFactor(personId))) return;
        await securityNotice('secondFactorReset', { person, at: world.now() });
        await audit.append({ action: 'person.second_factor_reset', tenantId, target: personId, outcome: 'ok', ...by });
      });
      return true;
    },

    /** @returns false if the person is not a member of the tenant */
    async endSessions(tenantId: string, personId: string, by: By): Promise<boolean> {
      if (!(await findMember(tenantId, personId))) return false;
      await sessionList.endAll(personId, { ...by, tenantId });
      return true;
    },
  };
}
