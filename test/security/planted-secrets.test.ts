// Also on PostgreSQL: the address of the database holds a password.
import { readFileSync } from 'node:fs';
import { aDatabaseUrl, everyRow, isPostgres } from '../support/database/databases.js';
import { callback, startSignIn, stateIn } from '../code-flow/support.js';
import { aPassword } from '../support/people.js';
import { startWithSignIn } from '../support/sign-ins.js';
import { findIn, formsOf, secretPartOf } from './support/secret-scan.js';
import type { Answer } from '../support/visits/visitor.js';

describe('SEC-23, SEC-26, SEC-34: no secret is anywhere it does not belong', () => {
  it('the scan finds a planted secret in each of its forms', () => {
    const secret = 'synthetic-planted-secret-0123456789-abcdefghij-0123456789';
    for (const form of formsOf(secret)) expect(findIn(`noise ${form} noise`, { secret })).toEqual(['secret']);
    expect(findIn('nothing here', { secret })).toEqual([]);
  });

  it('a complete life cycle leaves none in logs, pages, headers, emails or the database', async () => {
    const databaseUrl = await aDatabaseUrl();
    const test = await startWithSignIn({ databaseUrl });
    const seen: string[] = [];
    const keep = (response: Answer) => {
      seen.push(JSON.stringify(response.headers), response.text);
      return response;
    };
    try {
      const tenantId = await test.addTenant('Riverside Family Clinic');
      const alice = await test.member(tenantId);
      const staff = await test.staff('administrator');
      const paste = async (assertion: string) => {
        keep(await alice.get(`/tenants/${tenantId}/credentials/new`));
        return keep(await alice.post(`/tenants/${tenantId}/credentials`, { assertion }));
      };
      const connection = async () => keep(await alice.get(`/tenants/${tenantId}/connection`));
      const wrong = 'wrong-password-kept-nowhere-77';
      const visitor = test.visitor();
      keep(await visitor.get('/sign-in'));
      keep(await visitor.post('/sign-in', { email: alice.email, password: wrong }));

      // A person other than the one who pastes, because a new password ends every session.
      const bea = await test.member(tenantId, 'Bea Ward');
      await visitor.get('/password-reset');
      keep(await visitor.post('/password-reset', { email: bea.email }));
      const asked = await test.mail.waitFor(({ to, text }) => to === bea.email && text.includes('/password-resets/'));
      const resetPath = new URL(/https?:\S+/.exec(asked.text)?.[0] ?? '').pathname;
      const resetToken = resetPath.split('/').at(-1) ?? '';
      await visitor.get(resetPath); // its form contains the link
      const chosen = 'chosen-password-kept-nowhere-88';
      const changed = keep(await visitor.post(resetPath, { password: chosen }));
      expect(changed.headers.location).toBe('/sign-in?notice=password_reset');
      await test.mail.waitFor(({ to, subject }) => to === bea.email && subject.includes('password was changed'));
      const changedAgain = 'changed-password-kept-nowhere-99';
      await visitor.get('/sign-in');
      keep(await visitor.post('/sign-in', { email: bea.email, password: chosen }));
      keep(await visitor.get('/account/password'));
      const passwords = { current: chosen, password: changedAgain };
      expect(keep(await visitor.post('/account/password', passwords)).status).toBe(303);
      keep(await visitor.get('/account/address'));
      const address = { email: 'bea.new@clinic.example', current: changedAgain };
      expect(keep(await visitor.post('/account/address', address)).status).toBe(303);
      keep(await visitor.get('/account'));
      const confirm = await test.mail.waitFor(({ to }) => to === address.email);
      const confirmPath = new URL(/https?:\S+/.exec(confirm.text)?.[0] ?? '').pathname;
      await visitor.get(confirmPath);
      const confirmed = keep(await visitor.post(confirmPath));
      expect(confirmed.headers.location).toBe('/account?notice=address_changed');

      const kept = test.assertion('riverside', { clientIds: 'organization' });
      const expired = test.assertion('riverside', { exp: new Date('2026-01-01T00:00:00Z') });
      const good = test.assertion('riverside');
      for (const text of [
        expired.jwt,
        `${good.jwt} ${kept.jwt}`,
        good.jwt.slice(0, 400),
        test.env.RINGCENTRAL_CLIENT_SECRET ?? '',
      ])
        expect((await paste(text)).status).toBe(422);
      expect((await paste(kept.jwt)).status).toBe(303);
      await connection();
      test.emulator.faults.add({ kind: 'unavailable' });
      keep(await alice.post(`/tenants/${tenantId}/connection/checks`));
      await connection();
      test.emulator.faults.clear();
      expect((await paste(good.jwt)).status).toBe(303);
      expect((await connection()).text).toContain('data-state="healthy"');
      const atRingCentral = await startSignIn(alice, tenantId);
      const code = test.emulator.authorize({
        clientId: atRingCentral.get('client_id') ?? '',
        extensionId: test.example.clinics.riverside.serviceUser.id,
        redirectUri: atRingCentral.get('redirect_uri') ?? '',
        codeChallenge: atRingCentral.get('code_challenge') ?? '',
        codeChallengeMethod: 'S256',
      });
      keep(await alice.get(callback({ code, state: stateIn(atRingCentral) })));
      expect((await connection()).text).toContain('Sign-in ends');
      keep(await staff.get('/staff'));
      keep(await staff.get('/staff/tenants'));
      for (const page of ['', '/people', '/checks', '/activity', '/settings'])
        keep(await staff.get(`/staff/tenants/${tenantId}${page}`));

      const secrets = {
        'the kept JWT': secretPartOf(kept.jwt),
        'the expired JWT': secretPartOf(expired.jwt),
        'the good JWT': secretPartOf(good.jwt),
        'the code of the sign-in': code,
        'the state of the sign-in': stateIn(atRingCentral),
        'the password': aPassword,
        'the wrong password': wrong,
        'the chosen password': chosen,
        'the changed password': changedAgain,
        'the client secret': test.env.RINGCENTRAL_CLIENT_SECRET ?? '',
        'the secret of the sign-in app': test.env.RINGCENTRAL_CODE_CLIENT_SECRET ?? '',
        'the session secret': test.env.SESSION_SECRET ?? '',
        'the accounts key': test.env.ACCOUNTS_KEY ?? '',
        ...Object.fromEntries(test.issuedTokens().map((token, index) => [`access or refresh token ${index}`, token])),
        ...Object.fromEntries(test.totpSecrets.map((secret, index) => [`TOTP secret ${index}`, secret])),
        ...Object.fromEntries(test.privateKeyParts().map((part, index) => [`private key ${index}`, part])),
      };
      expect(Object.keys(secrets).some((name) => name.startsWith('access or refresh token'))).toBe(true);
      expect(Object.keys(secrets).some((name) => name.startsWith('TOTP'))).toBe(true);
      expect(findIn(test.logs.join('\n'), secrets)).toEqual([]);
      expect(findIn(seen.join('\n'), secrets)).toEqual([]);
      // A link may occur only in the mail that carries it.
      const links = { 'the reset link': resetToken, 'the address link': confirmPath.split('/').at(-1) ?? '' };
      expect(
        findIn(JSON.stringify(test.mail.messages().filter((mail) => mail !== asked && mail !== confirm)), links),
      ).toEqual([]);
      for (const sink of [test.logs, seen, [JSON.stringify(await everyRow(test.db))]])
        expect(findIn(sink.join('\n'), links)).toEqual([]);
      expect(findIn(JSON.stringify(test.mail.messages()), secrets)).toEqual([]);
      expect(findIn(JSON.stringify(await everyRow(test.db)), secrets)).toEqual([]);
      if (isPostgres) return; // the files belong to the server
      await test.db.raw('pragma wal_checkpoint(truncate)');
      expect(findIn(readFileSync(databaseUrl.slice('sqlite:'.length), 'latin1'), secrets)).toEqual([]);
    } finally {
      await test.close();
    }
  });
});
