import type { DoctorCheck } from '../app/capability.js';

const adviceOn: Readonly<Record<string, string>> = {
  smtp_unreachable: 'the mail server cannot be reached: check the name and the port in SMTP_URL, and the firewall',
  smtp_timeout: 'the mail server does not answer in time: check the name and the port in SMTP_URL, and the firewall',
  smtp_tls:
    'the mail server offers no TLS that can be verified: check its certificate, and smtps: or smtp: in SMTP_URL',
  smtp_auth: 'the mail server rejects the user name or the password: check both in SMTP_URL',
  smtp_4xx: 'the mail server asks us to try again later: look at its log',
};

/** Signs in to the mail server. That it accepts our sender and delivers mail is shown only by a mail. */
export const mailCheck = (signIn: () => Promise<string | null>): DoctorCheck => ({
  subject: 'mail server',
  advice: async () => {
    const problem = await signIn();
    return problem === null ? null : (adviceOn[problem] ?? 'the mail server refuses us: look at its log');
  },
});
