const label = /^[a-z\d](?:[a-z\d-]{0,62})$/i;

/**
 * At least two labels of letters, digits and hyphens (RFC 1123 §2.1), the last label not a number, at most 253
 * characters.
 */
export function isHostName(text: string): boolean {
  if (text.length > 253) return false;
  const labels = text.split('.');
  return labels.length > 1 && labels.every((one) => label.test(one)) && !/^\d+$/.test(labels.at(-1) ?? '');
}

const address = /^(?:https?:\/\/|www\.)\S+$/i;
const hostAndPath = /^([a-z\d.-]+\.(?:com|biz|net|org|io|dev|app))(?:\/\S*|)$/i;

/**
 * Whether the text is only `https://…`, `www.…` or a bare host of a common domain, possibly labeled, quoted or
 * bracketed.
 */
export function isAddress(text: string): boolean {
  const named = text.replace(/^[A-Za-z][A-Za-z ]{0,29}[:=]\s+/, '');
  const bare = named.replace(/^["'`<(\s]{1,3}/, '').replace(/["'`>).,;\s]{1,3}$/, '');
  return address.test(bare) || isHostName(hostAndPath.exec(bare)?.[1] ?? '');
}
