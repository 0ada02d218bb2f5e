import { says, fillIn, WalkPage } from '../../src/demo/walk-page.js';
import { expect as hold, stepsOn } from '../walk/walk-step.js';
import { placesWithJwt } from '../walk/walk-leaks.js';
import { aSignature, anAssertion } from '../support/assertions.js';

describe('the walk', () => {
  it('numbers its steps, reports what it saw when a step fails, and stops there', async () => {
    const lines: string[] = [];
    const step = stepsOn((line) => void lines.push(line));
    await step('the first step', () => Promise.resolve());
    const second = step('the second step', () => {
      hold(false, 'something else');
      return Promise.resolve();
    });
    await expect(second).rejects.toThrow();
    expect(lines).toEqual(['ok 1 the first step', 'not ok 2 the second step: something else']);
  });

  it('finds every place that contains a long part of a JWT, and none for another JWT', () => {
    const jwt = anAssertion();
    const [, claims = '', signature = ''] = jwt.split('.');
    const places = [
      { name: 'whole', text: `before ${jwt} after` },
      { name: 'claims', text: claims },
      { name: 'beginning of the signature', text: signature.slice(0, 100) },
      { name: 'end of the signature', text: signature.slice(-100) },
      { name: 'another', text: anAssertion({ claims: { jti: 'EXAMPLEother' }, signature: aSignature('OTHER') }) },
    ];
    expect(placesWithJwt([jwt], places).sort()).toEqual([
      'beginning of the signature',
      'claims',
      'end of the signature',
      'whole',
    ]);
  });
});

describe('a page without JavaScript', () => {
  const page = new WalkPage(
    'http://127.0.0.1:1/a/b',
    200,
    `<main data-state="pending"><h1>Tom &amp; Jo&#39;s</h1>
     <a href="../c?x=1&amp;y=2">Next <b>page</b></a>
     <form method="post" action="/out"><button>Sign out</button></form>
     <form method="post"><input type="hidden" name="_csrf" value="t&#34;k"><input name="email" value="a@b.example">
     <input type="checkbox" name="line" value="1" checked><input type="checkbox" name="line" value="2">
     <input type="radio" name="kind" value="x"><input type="radio" name="kind" value="y" checked>
     <select name="user"><option value="7">Ana</option><option value="8" selected>Ben</option></select>
     <textarea name="note">
first line</textarea><button name="intent" value="save">Save</button><button type="button">Copy</button></form></main>`,
  );

  it('submits the values of the form with the pressed button', () => {
    const form = page.form(says('Save'));
    expect([form.method, form.action]).toEqual(['post', 'http://127.0.0.1:1/a/b']);
    expect([...fillIn(form, {})]).toEqual([
      ['_csrf', 't"k'],
      ['email', 'a@b.example'],
      ['line', '1'],
      ['kind', 'y'],
      ['note', 'first line'],
      ['user', '8'],
      ['intent', 'save'],
    ]);
  });

  it('fills in existing fields and selects options by their text', () => {
    const form = page.form(says('Save'));
    const values = fillIn(form, { line: ['1', '2'], user: /^Ana/, note: 'another' });
    expect([values.getAll('line'), values.get('user'), values.get('note')]).toEqual([['1', '2'], '7', 'another']);
    expect(() => fillIn(form, { phone: '1' })).toThrow('has no field phone');
  });

  it('has links, a heading and the data attributes of main', () => {
    expect(page.link(says('Next page'))).toBe('http://127.0.0.1:1/c?x=1&y=2');
    expect(page.heading).toBe("Tom & Jo's");
    expect(page.main('data-state')).toBe('pending');
    expect(() => page.form(says('Copy'))).toThrow('has no form with a button');
  });
});
