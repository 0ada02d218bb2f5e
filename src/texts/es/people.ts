import type { people as english } from '../en/people.js';

export const people: typeof english = {
  title: 'Personas',
  lead: 'Todas las personas de esta lista pueden ver y cambiar la conexión con RingCentral.',
  members: {
    caption: 'Quién tiene acceso',
    columns: { name: 'Persona', since: 'Desde' },
    you: (name) => `${name} (usted)`,
    unproved: (email) => `${email}, sin confirmar`,
    remove: 'Quitar',
    onlyYou: 'Solo usted se entera si algo falla. Invite a un colega que pueda actuar en su ausencia.',
  },
  invitations: {
    caption: 'Invitaciones que nadie ha aceptado todavía',
    empty: 'No hay ninguna invitación abierta.',
    columns: { email: 'Correo electrónico', state: 'Estado' },
    states: { open: 'Abierta', expired: 'Caducada' },
    invited: (time) => `Invitación del ${time}`,
    until: (time) => `El enlace sirve hasta el ${time}`,
    since: (time) => `El enlace sirvió hasta el ${time}`,
    sendAnew: 'Enviar un enlace nuevo',
    revoke: 'Revocar',
    of: (email) => `a ${email}`,
  },
  invite: {
    handOffs: 'O cree un enlace para quien solo cree y pegue el JWT',
    heading: 'Invitar a otra persona',
    email: 'Correo electrónico de esa persona',
    hint: 'Enviamos un enlace que sirve una sola vez, durante 7 días. Se lo recordamos a los 2 y a los 5 días.',
    button: 'Enviar la invitación',
  },
  problems: {
    already_member: 'La persona con esta dirección ya ha entrado. Escriba otra dirección.',
    already_invited:
      'Esta dirección tiene una invitación abierta. Puede enviarle un enlace nuevo desde la lista de invitaciones.',
    too_many: (time) => `Se enviaron 20 invitaciones en 24 horas. Puede enviar la siguiente a partir del ${time}.`,
    too_many_to_one: (time) =>
      `A esta dirección se enviaron 3 invitaciones en 24 horas. Puede enviar la siguiente a partir del ${time}.`,
  },
  notices: {
    invited: 'La persona está invitada. La lista muestra si el correo ha salido.',
    sent_anew: 'Hay un enlace nuevo y el anterior ya no sirve. La lista muestra si su correo ha salido.',
    revoked: 'La invitación está revocada. Su enlace ya no sirve.',
    removed: 'Esa persona ya no tiene acceso.',
  },
  removal: {
    title: (name) => `Quitar a ${name}`,
    titleOfStaff: (name, clinic) => `Quitar a ${name} de ${clinic}`,
    titleSelf: 'Quitar su propio acceso',
    back: 'Personas',
    what: (name, email) => `${name} (${email}) pierde el acceso enseguida. Se lo decimos por correo.`,
    whatSelf: 'Usted pierde el acceso enseguida. Solo quien conserve el acceso puede volver a invitarle.',
    invitations: 'También se revocan las invitaciones que envió y nadie ha aceptado.',
    invitationsSelf: 'También se revocan las invitaciones que usted envió y nadie ha aceptado.',
    last: 'Aquí no tiene acceso nadie más. Invite primero a otra persona: cuando haya entrado, podrá quitar a esta.',
    button: 'Quitar a esta persona',
    buttonSelf: 'Quitar mi acceso',
  },
};
