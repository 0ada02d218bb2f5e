import { plainName } from '../../src/platform/plain-name.js';

it.each([
  ['\u200b', ''],
  ['\u202e\u202d', ''],
  ['\u2060\ufeff \u200d', ''],
  ['\u3164', ''], // the Hangul filler is a letter that shows nothing
  ['\u2800\u2800', ''],
  ['\u00ad', ''],
])('SEC-65: a name of format characters only (%j) is no name', (typed, name) => {
  expect(plainName(typed)).toBe(name);
});

it.each([
  ['Alice \u202egnitset\u202c', 'Alice gnitset'],
  ['\u2067Alice\u2069', 'Alice'],
  [' Zoë Müller-O’Brien ', 'Zoë Müller-O’Brien'],
  ['\u202d Bob', 'Bob'],
])('SEC-65: a name keeps no control that reorders the text around it: %j', (typed, name) => {
  expect(plainName(typed)).toBe(name);
});

it.each([['שרה כהן'], ['ليلى حسن'], ['李小龍'], ['👩‍⚕️ Dr. Ana'], ['می\u200cخواهم']])(
  'SEC-65: %j stays as it is',
  (name) => {
    expect(plainName(name)).toBe(name);
  },
);
