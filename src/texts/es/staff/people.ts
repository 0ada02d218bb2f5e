import type { staff as english } from '../../en/staff.js';

export const memberSignIn: (typeof english)['memberSignIn'] = {
  action: 'Ver el inicio de sesión',
  title: (name) => `Cómo inicia sesión ${name}`,
  who: ({ email }) => `La dirección es ${email}. Para cerrar o quitar algo se pide antes su código.`,
  noApp: 'Sin configurar',
  end: 'Cerrar todas sus sesiones',
  reset: {
    heading: 'Teléfono perdido y sin códigos de recuperación',
    what: [
      'Compruebe que es esta persona quien lo pide, por un número de teléfono que usted ya tenía.',
      'La aplicación y los códigos de recuperación dejan de servir. Se cierran todas las sesiones y se avisa por correo.',
      'Después basta con la contraseña para iniciar sesión, hasta que configure otra vez una aplicación.',
    ],
    button: 'Quitar la aplicación de autenticación',
  },
  notices: {
    reset: 'Hecho. La aplicación de autenticación ya no cuenta.',
    ended: 'Hecho. Se han cerrado todas las sesiones de la persona.',
  },
};

export const passwordReset: (typeof english)['passwordReset'] = {
  title: 'Enviar un enlace para otra contraseña',
  action: 'Enviar un enlace de contraseña',
  who: ({ name, email }) => `${name} inicia sesión como ${email}.`,
  lead: 'El enlace va solo a esa dirección. Usted no lo ve. Sirve una sola vez, durante una hora.',
  secondFactor: 'La aplicación de autenticación, si la hay, no cambia.',
  button: 'Enviar el enlace',
  again: 'Enviar otro enlace',
  open: (time) => `Hay un enlace. Funciona hasta las ${time}.`,
};

export const invite: (typeof english)['invite'] = {
  heading: 'Invitar a una persona de la clínica',
  title: (clinic) => `Invitar a una persona de ${clinic}`,
  email: 'Correo electrónico',
  hint: 'Enviamos un enlace que sirve una sola vez, durante 7 días.',
  byHand: {
    legend: 'Cómo llega el enlace',
    label: 'Entrego yo el enlace',
    hint: 'Le mostramos el enlace y no enviamos nada. Después la persona confirma la dirección desde su propio correo.',
  },
  button: 'Enviar la invitación',
};

export const invitation: (typeof english)['invitation'] = {
  title: 'Invitación',
  titleByHand: 'Invitación que se entrega en persona',
  link: 'Enlace de la invitación',
  once: 'Mostramos aquí el enlace hasta que cierre sesión o envíe otra invitación. No lo guardamos en ningún otro lugar.',
  expires: (time) => `Sirve una sola vez, hasta el ${time}.`,
  again: 'Puede enviar un enlace nuevo a la misma dirección. Entonces el anterior deja de servir.',
  sendAgain: 'Enviar un enlace nuevo',
  handOver: (email) => `No hemos enviado nada. Entregue usted este enlace a ${email}.`,
  mailed: 'El enlace está en el correo a esa dirección. Aquí nadie lo ve.',
  handed: 'El enlace se mostró a la persona que lo creó. No se envió por correo ni está guardado en ninguna parte.',
  showLink: 'Mostrar un enlace nuevo que entrego yo',
  revoke: 'Revocar la invitación',
  states: {
    accepted: (email) => `${email} ha aceptado esta invitación.`,
    revoked: (email) => `La invitación para ${email} se revocó.`,
    expired: (email) => `La invitación para ${email} ha caducado.`,
    open: (email) => `La invitación para ${email} está abierta.`,
  },
};
