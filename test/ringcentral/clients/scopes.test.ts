import { missingScope } from '../../../src/ringcentral/catalogue/scopes.js';

it.each([
  ['Faxes includes ReadMessages', ['ReadAccounts', 'Faxes'], ['ReadAccounts', 'ReadMessages'], undefined],
  ['ReadMessages does not include Faxes', ['ReadAccounts', 'ReadMessages'], ['Faxes'], 'Faxes'],
  ['Faxes includes nothing else', ['Faxes'], ['ReadMessages', 'ReadAccounts'], 'ReadAccounts'],
  [
    'a scope that is held counts as held',
    ['ReadMessages', 'ReadAccounts'],
    ['ReadAccounts', 'ReadMessages'],
    undefined,
  ],
  [
    'the name of a property of every object is a scope like any other',
    ['constructor'],
    ['ReadMessages'],
    'ReadMessages',
  ],
])('%s', (_rule, held, required, missing) => {
  expect(missingScope(held, required)).toBe(missing);
});
