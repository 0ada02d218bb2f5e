// Only on SQLite: what is asked of the database is one lock.
import { codeExchange } from '../../../src/connections/proof/code-exchange.js';
import type { Credential } from '../../../src/credentials/credential-types.js';
import { transactionOn } from '../../../src/platform/database/database.js';
import { Secret } from '../../../src/platform/secret.js';
import { aMigratedDatabase } from '../../support/database/databases.js';

const at = new Date('2026-11-30T10:00:00Z');

it('a code is sent once, also if the process ends before the answer is stored', async () => {
  const db = await aMigratedDatabase();
  const code = { code: new Secret('EXAMPLEcode'), redirectUri: 'https://x.example/', codeVerifier: new Secret('v') };
  let [isKept, sent] = [true, 0];
  const exchange = codeExchange({
    transaction: transactionOn(db),
    world: { now: () => at },
    ringcentral: {
      exchangeCode: () => {
        sent += 1;
        return Promise.reject(new Error('the process ends'));
      },
      revoke: () => Promise.reject(new Error('nothing is to be ended')),
    },
    credentials: {
      findWithin: () => Promise.resolve({ status: 'pending' } as Credential),
      openCode: () => Promise.resolve(code), // as a process sees it that looked before
      takeCode: () => {
        const wasKept = isKept;
        isKept = false;
        return Promise.resolve(wasKept);
      },
      setExpiry: () => Promise.resolve(),
    },
    tokens: { signedIn: () => Promise.reject(new Error('nothing is to be stored')) },
  });
  const credential = { id: 'c', tenantId: 'north', clientId: 'EXAMPLEclient', submittedAt: at } as Credential;
  await expect(exchange(credential, 'production')).rejects.toThrow('the process ends');
  const again = await exchange(credential, 'production');
  expect(again).toMatchObject({ kind: 'spent', judged: { verdict: { kind: 'refused', cause: 'sign_in_again' } } });
  expect(sent).toBe(1);
  await db.destroy();
});
