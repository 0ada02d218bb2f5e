/** A single address: a comma or bracket would be read as a second address or as a name. */
export const plainAddress = /^[^\s\p{Cc}"(),:;<>@[\\\]]+@[^\s\p{Cc}"(),:;<>@[\\\]]+$/u;

/** A name and one address, as in `Latchkey <portal@example.org>`, or the address alone. */
const withName = /^([^<>]*)<([^<>]*)>$/;

export function addressOf(from: string): { name: string; address: string } {
  const [, name = '', address = from] = withName.exec(from.trim()) ?? [];
  return { name: name.trim().replace(/^"(.*)"$/, '$1'), address: address.trim() };
}

/** What is wrong with MAIL_FROM; never contains the value. */
export function mailFromProblem(from: string): string | undefined {
  const { name, address } = addressOf(from);
  if (!plainAddress.test(address) || /\p{Cc}/u.test(name))
    return 'must be an address, or a name and an address in angle brackets';
  return undefined;
}

/**
 * What is wrong with SMTP_URL; never contains the value. `smtps:` uses TLS from the start. `smtp:` requires STARTTLS,
 * except on loopback, where it is unencrypted.
 */
export function smtpUrlProblem(smtpUrl: string): string | undefined {
  if (!URL.canParse(smtpUrl)) return 'must be a URL such as smtps://user:password@mail.example.org';
  const url = new URL(smtpUrl);
  if (url.protocol !== 'smtp:' && url.protocol !== 'smtps:') return 'must start with smtp:// or smtps://';
  if (url.hostname === '') return 'must name a host';
  // nodemailer would read options from the URL, including options that disable TLS.
  if (url.search !== '' || url.hash !== '' || !['', '/'].includes(url.pathname))
    return 'must end after the host and port: options are not taken from it';
  if (!canDecode(url.username) || !canDecode(url.password)) return 'has a user or password that is not URL-encoded';
  return undefined;
}

function canDecode(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}
