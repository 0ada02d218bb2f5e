import type { DoctorCheck, SecretsRole } from '../app/capability.js';
import type { Knex } from '../platform/database/database.js';
import { secretStore } from './stores/secret-store.js';

/** Whether the secrets that sign webhooks can be opened. Without its key no webhook of an endpoint goes out. */
export const webhookChecks = (db: Knex, secrets: SecretsRole | null): DoctorCheck[] => [
  {
    subject: 'webhook secrets',
    advice: async () => {
      const used = await secretStore(db).kidsInUse();
      if (used.length === 0) return null;
      if (!secrets) return { unproved: 'this process opens no stored secrets: run doctor where the role worker runs' };
      const missing = used.filter((kid) => !secrets.opener.kids.includes(kid)).sort();
      if (missing.length === 0) return null;
      return `webhooks are signed with secrets whose key SEALING_KEYS_FILE lacks: restore ${missing.join(' ')}, or rotate the secret of each endpoint`;
    },
  },
];
