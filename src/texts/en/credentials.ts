const theJwt = 'the long text that starts with eyJ';

export const credentials = {
  title: 'Paste the JWT',
  hint: 'It is a long text that starts with eyJ and has two dots in it. Line breaks from an email are fine.',
  backToGuide: 'Make the JWT',
  button: 'Check and save',
  safetyHeading: 'What happens to it',
  safety: (isv: string) => [
    'We ask RingCentral whether the JWT works. That takes a few seconds.',
    'We store it encrypted. No one can read it here, and we never show it again.',
    `It lets ${isv} read your faxes. It does not hold your password.`,
  ],
  notYet: "I don't have a JWT yet: show me how to make one",

  /**
   * One sentence for each refusal that says what the paste was and how to fix it; shown in the summary and at the
   * field.
   */
  refusals: {
    too_large: 'This is much longer than a JWT. Copy only the JWT: about 700 characters that start with eyJ.',
    empty: `The box is empty. Paste the JWT: ${theJwt}.`,
    url: `This is a web address. Paste the JWT: ${theJwt}.`,
    client_id: `This is the client ID. Paste the JWT: ${theJwt}.`,
    client_secret_like: `This looks like a client secret. Keep it to yourself and paste the JWT: ${theJwt}.`,
    access_token: `This is an access token, which expires after an hour. Paste the JWT: ${theJwt}.`,
    several_jwts: 'There are several different JWTs in this text. Paste only the one you made for this connection.',
    masked: 'Part of this JWT is hidden behind dots or stars. Copy it with the copy button in RingCentral.',
    encrypted_jwt:
      "This token is encrypted, so it is not from RingCentral's console. Create a JWT there and paste that.",
    illegal_characters:
      'This JWT has characters that a JWT never has. Copy it again with the copy button in RingCentral.',
    truncated: 'The JWT is cut off. Copy it again with the copy button in RingCentral.',
    not_a_jwt: `This is not a JWT. Paste the JWT: ${theJwt} and has two dots in it.`,
    undecodable: 'Some characters of this JWT were changed. Copy it again with the copy button in RingCentral.',
    unsigned_jwt:
      'This JWT has no signature, so RingCentral did not make it. Create one in RingCentral and paste that.',
    foreign_jwt: 'This JWT was made by another service. Create one in RingCentral and paste that.',
    not_a_credential:
      "RingCentral made this token for another use. Create a JWT under Credentials in RingCentral's console.",
    wrong_environment:
      "This JWT is from RingCentral's sandbox for tests. Create one with your real RingCentral account.",
    not_yet_valid: 'This JWT does not work yet. Create a new one in RingCentral and paste that.',
    expired: 'This JWT has expired. Create a new one in RingCentral and paste that.',
  },
  expiredOn: (date: string) => `This JWT expired on ${date}. Create a new one in RingCentral and paste that.`,

  seenHeading: 'What we saw',
  seen: {
    length: 'Length',
    characters: (count: string, isOne: boolean) => (isOne ? `${count} character` : `${count} characters`),
    issuer: 'Made by',
    expiry: 'Expires',
  },
  /** The limit was reached, so the paste was not even read. */
  tooMany: (time: string) =>
    `There were too many tries in a short time. You can paste again ${time}. The JWT was not stored, so keep it until then.`,
  nothingStored: 'We did not store what you pasted or send it anywhere.',
};
