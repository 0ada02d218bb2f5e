import { passwordAgainPage } from '../../../src/accounts/sign-in/sign-in-pages.js';
import { textsIn } from '../../../src/texts/texts.js';

const id = '/tenants/00000000-0000-4000-8000-000000000000';

it.each([
  ['/account', 'affects who can use your account', 'quién puede usar su cuenta'],
  [undefined, 'affects who can use your account', 'quién puede usar su cuenta'],
  [`${id}/people`, 'affects who has access to your clinic', 'quién tiene acceso a su clínica'],
  [`${id}/disconnection`, 'ends the connection to RingCentral', 'termina la conexión con RingCentral'],
])('the page that asks for the password before %s says what follows', (next, english, spanish) => {
  for (const [language, said] of [
    ['en', english],
    ['es', spanish],
  ] as const)
    expect(JSON.stringify(passwordAgainPage(textsIn(language), { email: 'a@b.example', next }))).toContain(said);
});
