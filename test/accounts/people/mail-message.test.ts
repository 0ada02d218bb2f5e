import fc from 'fast-check';
import { composeMail } from '../../../src/platform/mail-message.js';
import { anyText } from '../../support/texts/any-text.js';

const parts = {
  to: 'alice@north.example',
  language: 'en',
  subject: 'Hello',
  paragraphs: ['One.', 'Two.'],
  button: { text: 'Go', url: 'https://portal.example/x?a=1&b=2' },
  after: ['Three.'],
  signature: 'Example Health',
};

it('composes the same words as text and as HTML', () => {
  const mail = composeMail(parts);
  expect(mail.text).toBe('One.\n\nTwo.\n\nGo:\nhttps://portal.example/x?a=1&b=2\n\nThree.\n\n-- \nExample Health\n');
  expect(mail.html).toContain('<a href="https://portal.example/x?a=1&amp;b=2"');
  expect(mail.html).not.toMatch(/<(img|script|link)|src=/);
});

it('composes a list in the text as lines, and as a list in the HTML', () => {
  const mail = composeMail({ ...parts, paragraphs: ['States:', ['Not working: 1\n', '<b>: 2']] });
  expect(mail.text).toContain('States:\n\n- Not working: 1\n- <b>: 2\n\nGo:');
  expect(mail.html.match(/<li[^>]*>(.*?)<\/li>/g)?.map((it) => it.replace(/<[^>]*>/g, ''))).toEqual([
    'Not working: 1',
    '&lt;b&gt;: 2',
  ]);
});

const tagsOf = (html: string) => html.match(/<\/?[a-z]+/g);

const hostile = [
  'x\r\nBcc: everybody@north.example',
  'x\nSubject: other',
  'x\rBcc: a@b.example',
  'x\u2028Bcc: a@b.example',
  'x\u0085Bcc: a@b.example',
  'x\0y',
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '&lt;b&gt;',
];

it.each(hostile)('SEC-52: a name such as %j creates no header and no markup', (name) => {
  const withName = (text: string) =>
    composeMail({ ...parts, subject: text, paragraphs: [text], after: [text], signature: text });
  const [mail, plain] = [withName(name), withName('x')];
  expect(mail.subject).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/);
  expect(mail.html).not.toMatch(/<script|<img|<b>| onmouseover='/);
  expect(tagsOf(mail.html)).toEqual(tagsOf(plain.html));
  expect(mail.text.split('\n')).toHaveLength(plain.text.split('\n').length);
});

it.each([
  'alice@north.example\r\nBcc: bob@north.example',
  'alice@north.example, bob@north.example',
  'Alice <alice@north.example>',
  'alice@north.example;bob@north.example',
  ' alice@north.example',
])('SEC-52: rejects the recipient %j', (to) => {
  expect(() => composeMail({ ...parts, to })).toThrow('one plain address');
});

it.each([150, 170, 185, 188, 189, 190, 195, 300])(
  'SEC-52: a subject that is cut at a name of right-to-left letters, after %i others, still closes its isolation',
  (length) => {
    const { subject } = composeMail({ ...parts, subject: `${'x'.repeat(length)}\u2068שלום שלום שלום\u2069 has ended` });
    const count = (mark: string) => subject.split(mark).length;
    expect([count('\u2068') - count('\u2069'), subject.length <= 200]).toEqual([0, true]);
  },
);

it('SEC-52: no text becomes a second header line or markup', () => {
  fc.assert(
    fc.property(anyText(), (text) => {
      const mail = composeMail({ ...parts, subject: text, paragraphs: [text, text] });
      expect(mail.subject).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
      expect(mail.subject.length).toBeLessThanOrEqual(200);
      expect(tagsOf(mail.html)).toEqual(tagsOf(composeMail(parts).html));
    }),
  );
});
