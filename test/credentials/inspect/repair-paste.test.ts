import { inspectAssertion } from '../../../src/credentials/inspect/inspect-assertion.js';
import { repairPaste } from '../../../src/credentials/inspect/repair-paste.js';
import { allRepairs, inOrder, type Repair } from '../../../src/credentials/inspect/repairs.js';
import { aSignature, anAssertion, encodeJson, today, wrap } from '../../support/assertions.js';

const jwt = anAssertion();
const other = anAssertion({ signature: aSignature('OTHER') });
const dots = (replacement: string) => jwt.replaceAll('.', replacement);
const quoted = (text: string, mark = '> ') => text.split('\n').map((line) => mark + line).join('\n'); // prettier-ignore
const softBroken = (text: string, width = 75) => wrap(text.replaceAll('=', '=3D'), width, '=\r\n');
const insideSignature = (what: string) => jwt.slice(0, 500) + what + jwt.slice(500);

const contractOrder: Repair[] = [
  'whitespace', 'invisible_characters', 'mail_quote', 'quotes', 'bearer_prefix', 'label', 'url_encoding', 'quoted_printable',
  'json', 'curl', 'code_fence', 'angle_brackets', 'html_entities', 'trailing_punctuation', 'duplicate', 'surrounding_text',
]; // prettier-ignore

type Case = [title: string, paste: string, ...repairs: Repair[]];

const cases: Case[] = [
  ['the JWT as it is', jwt],
  ['a line feed at its end', `${jwt}\n`, 'whitespace'],
  ['blanks around it', `  \t${jwt} \r\n`, 'whitespace'],
  ['lines of 64', wrap(jwt, 64), 'whitespace'],
  ['lines of 72 with CR LF', wrap(jwt, 72, '\r\n'), 'whitespace'],
  ['lines of 76, indented', wrap(jwt, 76, '\n    '), 'whitespace'],
  ['lines ended by CR alone', wrap(jwt, 76, '\r'), 'whitespace'],
  ['blank lines between its lines', wrap(jwt, 76, '\n\n'), 'whitespace'],
  ['a blank after every character', Array.from(jwt).join(' '), 'whitespace'],
  ['ideographic and thin blanks', wrap(jwt, 100, '\u3000\u2009'), 'whitespace'],
  ['line breaks of HTML', wrap(jwt, 76, '<br/>\n'), 'whitespace'],
  ['line breaks after its dots', dots('.\n'), 'whitespace'],
  ['line breaks before its dots', dots('\n.'), 'whitespace'],

  ['a zero-width space', insideSignature('\u200B'), 'invisible_characters'],
  ['zero-width joiners', wrap(jwt, 30, '\u200D\u200C\u2060'), 'invisible_characters'],
  ['soft hyphens', wrap(jwt, 60, '\u00AD'), 'invisible_characters'],
  ['a byte order mark', `\uFEFF${jwt}`, 'invisible_characters'],
  ['marks of direction', `\u202A${jwt}\u202C\u200E`, 'invisible_characters'],
  ['isolates of direction', `\u2068${jwt}\u2069`, 'invisible_characters'],
  ['non-breaking blanks within', wrap(jwt, 80, '\u00A0'), 'invisible_characters'],
  ['a narrow non-breaking blank before', `\u202F${jwt}`, 'invisible_characters'],
  ['NUL between all characters, as of UTF-16 read as bytes', Array.from(jwt).join('\0'), 'invisible_characters'],
  ['tags and variation selectors', `${jwt}\u{E0020}\uFE0F`, 'invisible_characters'],

  ['a quoted mail', quoted(jwt), 'mail_quote'],
  ['a quoted mail in lines', quoted(wrap(jwt, 72)), 'whitespace', 'mail_quote'],
  ['a mail quoted three times', quoted(wrap(jwt, 72), '>> > '), 'whitespace', 'mail_quote'],
  ['quote marks without a blank', quoted(wrap(jwt, 72), '>'), 'whitespace', 'mail_quote'],
  ['a mail of which the first line is not quoted', `${jwt.slice(0, 70)}\n${quoted(wrap(jwt.slice(70), 70))}`, 'whitespace', 'mail_quote'],
  ['a bar before each line', quoted(wrap(jwt, 72), '| '), 'whitespace', 'mail_quote'],
  ['a bar before its one line', quoted(jwt, '| '), 'mail_quote'],
  ['bars without a blank', quoted(wrap(jwt, 72), '|'), 'whitespace', 'mail_quote'],
  ['bars of a mail quoted twice', quoted(wrap(jwt, 72), '| | '), 'whitespace', 'mail_quote'],
  ['a bar inside an angle', quoted(wrap(jwt, 72), '> | '), 'whitespace', 'mail_quote'],
  ['an angle inside a bar', quoted(wrap(jwt, 72), '| > '), 'whitespace', 'mail_quote'],
  ['bars as a box has them', quoted(wrap(jwt, 72), '│ ').replaceAll('\n', ' │\n') + ' │', 'whitespace', 'mail_quote'],
  ['a broken bar', quoted(wrap(jwt, 72), '¦ '), 'whitespace', 'mail_quote'],
  ['the bar of a chat program', quoted(wrap(jwt, 72), '▎'), 'whitespace', 'mail_quote'],
  ['a right-pointing guillemet', quoted(wrap(jwt, 72), '» '), 'whitespace', 'mail_quote'],
  ['a colon', quoted(wrap(jwt, 72), ': '), 'whitespace', 'mail_quote'],
  ['a number sign', quoted(wrap(jwt, 72), '# '), 'whitespace', 'mail_quote'],
  ['a full-width angle', quoted(wrap(jwt, 72), '＞ '), 'whitespace', 'mail_quote'],
  ['the initials of the writer', quoted(wrap(jwt, 72), 'AB> '), 'whitespace', 'mail_quote'],
  ['a bar with a label on the first line', quoted(`JWT:\n${wrap(jwt, 72)}`, '| '), 'whitespace', 'mail_quote', 'label'],
  ['a bar and a writer above', `Ana wrote:\n${quoted(wrap(jwt, 72), '| ')}`, 'whitespace', 'mail_quote', 'label'],

  ['straight quotes', `"${jwt}"`, 'quotes'],
  ['single quotes', `'${jwt}'`, 'quotes'],
  ['curly quotes', `“${jwt}”`, 'quotes'],
  ['single curly quotes', `‘${jwt}’`, 'quotes'],
  ['low quotes', `„${jwt}“`, 'quotes'],
  ['angle quotes', `«${jwt}»`, 'quotes'],
  ['single angle quotes', `‹${jwt}›`, 'quotes'],
  ['angle quotes with blanks in them', `«\u00A0${jwt}\u00A0»`, 'invisible_characters', 'quotes'],
  ['back-ticks', `\`${jwt}\``, 'quotes'],
  ['two kinds of quotes', `"'${jwt}'"`, 'quotes'],
  ['a quote on one side only', `"${jwt}`, 'quotes'],
  ['quotes with blanks in them', `" ${jwt} "`, 'whitespace', 'quotes'],

  ['Bearer', `Bearer ${jwt}`, 'bearer_prefix'],
  ['bearer in small letters', `bearer ${jwt}`, 'bearer_prefix'],
  ['an Authorization header', `Authorization: Bearer ${jwt}`, 'bearer_prefix'],
  ['a label and Bearer', `JWT: Bearer ${jwt}`, 'bearer_prefix', 'label'],

  ['JWT:', `JWT: ${jwt}`, 'label'],
  ['a label on its own line', `JWT:\n${jwt}`, 'label'],
  ['NAME=', `RINGCENTRAL_JWT=${jwt}`, 'label'],
  ['NAME= and the JWT on the next line', `RINGCENTRAL_JWT=\n${jwt}`, 'label'],
  ['name = in an ini file', `jwt = ${jwt}`, 'label'],
  ['an export in quotes', `export RINGCENTRAL_JWT="${jwt}"`, 'quotes', 'label'],
  ['a PowerShell variable', `$env:RINGCENTRAL_JWT = '${jwt}'`, 'quotes', 'label'],
  ['a member of JSON without its braces', `"jwt": "${jwt}"`, 'quotes', 'label'],
  ['three words and a colon', `RingCentral JWT credential: ${jwt}`, 'label'],
  ['assertion=', `assertion=${jwt}`, 'label'],
  ['a form that is not encoded', `grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer&assertion=${jwt}`, 'label'],
  ['a form that goes on behind it', `assertion=${jwt}&client_id=EXAMPLEclientId_000001`, 'label'],

  ['dots as %2E', `assertion=${dots('%2E')}`, 'label', 'url_encoding'],
  ['dots as %2e and nothing else', dots('%2e'), 'url_encoding'],
  ['twice encoded', dots('%252E'), 'url_encoding'],
  ['two lines that each begin with %2E', dots('\n%2E'), 'whitespace', 'url_encoding'],
  ['a whole form body', `grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=${dots('%2E')}`, 'label', 'url_encoding'],

  ['soft breaks at 76', softBroken(jwt), 'quoted_printable'],
  ['soft breaks at 40', softBroken(jwt, 40), 'quoted_printable'],
  ['carriage returns as =0D', wrap(jwt, 64, '=0D\r\n'), 'whitespace', 'quoted_printable'],
  ['a word joiner as three bytes', insideSignature('=E2=81=A0'), 'invisible_characters', 'quoted_printable'],
  ['dots as =2E', dots('=2E'), 'quoted_printable'],
  ['a label with =3D', `JWT=3D${jwt}`, 'label', 'quoted_printable'],
  ['a label typed before soft breaks', `JWT=${softBroken(jwt)}`, 'label', 'quoted_printable'],
  ['soft breaks in a quoted mail', quoted(softBroken(jwt).replaceAll('\r', '')), 'mail_quote', 'quoted_printable'],
  ['soft breaks before a zero-width space in bytes', softBroken(insideSignature('=E2=80=8B').replaceAll('=', '\u0001')).replaceAll('\u0001', '='), 'invisible_characters', 'quoted_printable'],

  ['JSON of one value', JSON.stringify({ jwt }), 'json'],
  ['JSON on lines', JSON.stringify({ jwt }, null, 2), 'json'],
  ['nested JSON', JSON.stringify({ a: { b: [{ jwt }] } }), 'json'],
  ['JSON with other values', JSON.stringify({ clientId: 'EXAMPLEclientId_000001', jwt: { Label: jwt }, n: 1 }), 'json'],
  ['a list in JSON', JSON.stringify([jwt]), 'json'],
  ['JSON with escaped dots', `{"jwt":"${dots('\\u002e')}"}`, 'json'],
  ['JSON with escaped line breaks', JSON.stringify({ jwt: wrap(jwt, 76, '\r\n') }), 'whitespace', 'json'],
  ['JSON in typographic quotes', `{“jwt”: “${jwt}”}`, 'json'],
  ['a header in JSON', JSON.stringify({ Authorization: `Bearer ${jwt}` }), 'bearer_prefix', 'json'],
  ['a string of JSON', JSON.stringify(jwt), 'quotes'],

  ['curl -d', `curl -X POST https://platform.ringcentral.com/restapi/oauth/token -d 'assertion=${jwt}'`, 'curl'],
  ['curl over lines', `curl -u id:secret \\\n  --data-urlencode "grant_type=jwt-bearer" \\\n  --data-urlencode "assertion=${jwt}" \\\n  https://platform.ringcentral.com`, 'curl'],
  ['curl of Windows over lines', `curl.exe -d assertion=${jwt} ^\r\n  https://platform.ringcentral.com`, 'curl'],
  ['curl with the JWT as a header', `$ curl -H "Authorization: Bearer ${jwt}" https://platform.ringcentral.com/restapi/v1.0/account/~`, 'bearer_prefix', 'curl'],
  ['curl with JSON in escaped quotes', `curl -d "{\\"jwt\\":\\"${jwt}\\"}" https://example.com`, 'json', 'curl'],
  ['curl with an encoded form', `curl -d 'grant_type=urn%3Aietf&assertion=${dots('%2E')}' https://example.com`, 'url_encoding', 'curl'],

  ['a code fence', `\`\`\`\n${jwt}\n\`\`\``, 'code_fence'],
  ['a code fence with a language', `\`\`\`text\n${jwt}\n\`\`\``, 'code_fence'],
  ['a code fence on one line', `\`\`\`${jwt}\`\`\``, 'code_fence'],
  ['a code fence of tildes', `~~~\n${wrap(jwt, 76)}\n~~~`, 'whitespace', 'code_fence'],

  ['angle brackets', `<${jwt}>`, 'angle_brackets'],
  ['angle brackets of which the last stands on its own line', `<${wrap(jwt, 76)}\n>`, 'whitespace', 'angle_brackets'],
  ['an element', `<code class="x">${jwt}</code>`, 'angle_brackets'],

  ['brackets as entities', `&lt;${jwt}&gt;`, 'angle_brackets', 'html_entities'],
  ['quotes as entities', `&quot;${jwt}&quot;`, 'quotes', 'html_entities'],
  ['dots as numbers', dots('&#46;'), 'html_entities'],
  ['dots as hexadecimal numbers', dots('&#x2e;'), 'html_entities'],
  ['a blank as an entity', `${jwt}&nbsp;`, 'invisible_characters', 'html_entities'],
  ['a form as entities', `grant_type=x&amp;assertion=${jwt}`, 'label', 'html_entities'],
  ['entities of entities', `&amp;lt;${jwt}&amp;gt;`, 'angle_brackets', 'html_entities'],

  ...['.', ',', ';', ':', '!', '?', '。', '..', '?!'].map((marks): Case => [`${marks} behind it`, jwt + marks, 'trailing_punctuation']),
  ['a full stop before the closing quote', `"${jwt}."`, 'quotes', 'trailing_punctuation'],
  ['a full stop behind the closing quote', `"${jwt}".`, 'quotes', 'trailing_punctuation'],
  ['padding that base64 has and a JWT has not', `${jwt}==`, 'trailing_punctuation'],

  ['twice, on two lines', `${jwt}\n${jwt}`, 'duplicate'],
  ['twice, pasted in one go', jwt + jwt, 'duplicate'],
  ['twice, in lines across the border', wrap(jwt + jwt, 76), 'whitespace', 'duplicate'],
  ['three times', `${jwt} ${jwt}, ${jwt}`, 'duplicate'],
  ['twice, each with its label', `JWT: ${jwt}\nJWT: ${jwt}`, 'label', 'duplicate'],
  ['whole, and a beginning of it', `${jwt.slice(0, 400)}\n\n${jwt}`, 'duplicate'],

  ['a sentence', `Hello, our key is ${jwt}, thanks.`, 'surrounding_text'],
  ['a sentence with a colon', `Here is the key you asked for: ${jwt}. Thanks!`, 'surrounding_text'],
  ['a letter', `Here is the key:\n${wrap(jwt, 76)}\nThanks, Ana`, 'whitespace', 'surrounding_text'],
  ['words behind it that look like its last line', `Key below\n${wrap(jwt, 76)}\nThanks-and-best_regards_from_all_of_us_at_the_clinic`, 'whitespace', 'surrounding_text'],
  ['a text that mentions eyJ before', `It starts with eyJ and has two dots: ${jwt}`, 'surrounding_text'],
  ['a text that mentions eyJ... before', `It starts with eyJ... and so on: ${jwt}`, 'surrounding_text'],
  ['a sentence glued to its end', `${jwt}.Thanks`, 'surrounding_text'],
  ['a word glued to its beginning', `key${jwt}`, 'surrounding_text'],
  ['parentheses', `(${jwt})`, 'surrounding_text'],
  ['bold type', `**${jwt}**`, 'surrounding_text'],
  ['one row of a table', `| JWT | ${jwt} |`, 'surrounding_text'],
  ['settings with comments', `# the clinic\n# in the north\nRC_JWT=${jwt}`, 'label', 'surrounding_text'],
  ['a command with a pipe', `echo ${jwt} \\\n  | cut -d. -f1`, 'surrounding_text'],
  ['a file of settings', `CLIENT=x\nRC_JWT=${jwt}\nPORT=3000`, 'label', 'surrounding_text'],

  ['a quoted mail with a sentence, entities and lines', `&gt; Use &lt;${wrap(jwt, 60, '\n&gt; ')}&gt;`, 'whitespace', 'mail_quote', 'angle_brackets', 'html_entities', 'surrounding_text'],
]; // prettier-ignore

describe('repairing a paste returns the JWT byte for byte and names the repairs', () => {
  it.each(cases)('%s', (_title, paste, ...repairs) => {
    const repaired = repairPaste(paste);
    expect(repaired.jwts).toEqual([jwt]);
    expect(repaired.damage).toBeNull();
    expect(inOrder(repaired.repairs)).toEqual(repairs);
    const { inspection } = inspectAssertion(paste, { now: today, environment: 'production' });
    expect(inspection.repairs).toEqual(repairs);
  });

  it('covers every documented repair', () => {
    expect(new Set(cases.flatMap(([, , ...repairs]) => repairs))).toEqual(new Set(allRepairs));
  });

  it('lists the repairs in the documented order', () => {
    expect(allRepairs).toEqual(contractOrder);
    expect(inOrder(new Set([...contractOrder].reverse()))).toEqual(contractOrder);
  });

  it('finds a credential with a longer key as well, in lines', () => {
    const longer = anAssertion({ signature: aSignature('LONGER', 512) });
    expect(repairPaste(`JWT:\n${wrap(longer, 76)}\nThanks`).jwts).toEqual([longer]);
  });

  it('finds a JWT whose header and payload contain blanks', () => {
    const spaced = anAssertion({ header: '{ "alg": "RS256" }', claims: '{ "sub": "1" }' });
    expect(repairPaste(`Bearer ${spaced}`).jwts).toEqual([spaced]);
  });

  it('does not read a coincidental eyJ in a signature as a new JWT', () => {
    const signature = `${aSignature().slice(0, 76)}eyJ${aSignature().slice(79)}`;
    const lucky = anAssertion({ signature });
    const at = lucky.indexOf('eyJ', 400);
    expect(repairPaste(`${lucky.slice(0, at)}\n${lucky.slice(at)}`).jwts).toEqual([lucky]);
  });
});

describe('unknown originals are not guessed', () => {
  it.each([
    ['on two lines', `${jwt}\n${other}`],
    ['glued together', jwt + other],
    ['both in lines', `${wrap(jwt, 76)}\n${wrap(other, 76)}`],
    ['in JSON', JSON.stringify({ a: jwt, b: other })],
    ['one of them cut off', `${jwt}\n${other.slice(0, -40)}`],
    ['the first of them cut off', `${other.slice(0, -40)}\n${jwt}`],
    [
      'one of them of somebody else',
      `${jwt} ${encodeJson({ alg: 'HS256' })}.${encodeJson({ a: 1 })}.${aSignature('X', 32)}`,
    ],
  ])('two JWTs stay two: %s', (_title, paste) => {
    expect(repairPaste(paste).jwts).toHaveLength(2);
  });

  it.each([
    ['full-width letters', jwt.replace('eyJ', 'ｅｙＪ')],
    ['an en dash for a hyphen', insideSignature('–')],
    ['a non-breaking hyphen', insideSignature('\u2011')],
    ['an accented letter', insideSignature('é')],
    ['a replacement character', insideSignature('\uFFFD')],
    ['base64 instead of base64url', insideSignature('+/')],
    ['padding within', dots('=.')],
  ])('a look-alike character is not converted: %s', (_title, paste) => {
    const { jwts, damage } = repairPaste(paste);
    expect(jwts.length === 0 || damage === 'illegal' || jwts[0] !== jwt).toBe(true);
  });
});
