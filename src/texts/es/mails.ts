import type { mails as english } from '../en/mails.js';

export const mails: typeof english = {
  signature: ({ isv, support }) => `${isv}. ¿Tiene preguntas? Escriba a ${support}.`,
  invitation: {
    subject: ({ isv }) => `${isv}: conecte su cuenta de RingCentral`,
    paragraphs: ({ isv }) => [
      `${isv} le pide que conecte la cuenta de RingCentral de su organización.`,
      'Tarda unos 5 minutos. Usted nunca nos da su contraseña de RingCentral.',
    ],
    button: 'Aceptar la invitación',
    after: ({ expires }) => [
      `El enlace sirve una sola vez, hasta el ${expires}.`,
      'Si no esperaba este correo, bórrelo. Sin usted no ocurre nada.',
    ],
  },
  security: {
    notices: {
      newDevice: {
        subject: ({ isv }) => `${isv}: inicio de sesión desde un navegador nuevo`,
        what: ({ isv, at }) => `Alguien inició sesión en su cuenta de ${isv} desde un navegador nuevo. Fue el ${at}.`,
      },
      secondFactorEnrolled: {
        subject: ({ isv }) => `${isv}: se agregó una aplicación de autenticación`,
        what: ({ isv, at }) =>
          `Se agregó una aplicación de autenticación a su cuenta de ${isv}. Fue el ${at}. Desde ahora hace falta su código para iniciar sesión.`,
      },
    },
    ifYou: 'Si fue usted, no tiene que hacer nada.',
    ifNotYou: ({ support }) => `Si no fue usted, avísenos enseguida: ${support}.`,
  },
};
