import type { peopleMails as english } from '../../en/mails/people.js';

export const peopleMails: typeof english = {
  personAdded: {
    subject: ({ isv }) => `${isv}: una persona se unió a su organización`,
    paragraphs: ({ isv, tenant, email, role, proved }) => [
      `${email} ha aceptado una invitación a ${tenant} en ${isv}.`,
      ...(proved ? [] : ['La dirección aún no está confirmada: una persona de nuestro equipo entregó el enlace.']),
      `Desde ahora puede ver la conexión con RingCentral. Su rol: ${role}.`,
    ],
    button: 'Ver quién tiene acceso',
    after: ({ support, isOwner }) => [
      'Si conoce a esta persona, no tiene que hacer nada.',
      isOwner
        ? `Si no, quítela en esa página y avísenos: ${support}.`
        : `Si no, avise a un propietario de su clínica y a nosotros: ${support}.`,
    ],
  },
  roleChanged: {
    subject: ({ isv }) => `${isv}: se cambió un rol`,
    what: ({ by, email, tenant, at }) => `${by} cambió el rol de ${email} en ${tenant} el ${at}.`,
    role: (role) => `El rol nuevo: ${role}.`,
    after: ({ support }) => `Si no lo esperaba, escriba a ${support}.`,
  },
  personRemoved: {
    subject: ({ isv }) => `${isv}: se quitó su acceso`,
    paragraphs: ({ isv, tenant }) => [
      `Usted ya no tiene acceso a ${tenant} en ${isv}.`,
      'Su cuenta sigue existiendo. Se revocaron las invitaciones que envió y nadie había aceptado.',
    ],
    after: ({ support }) => [`Si no lo esperaba, escriba a ${support}.`],
  },
  secondFactorRule: {
    subject: ({ isv }) => `${isv}: un cambio en su inicio de sesión`,
    needed: {
      what: ({ isv, tenant, at }) =>
        `${isv} exige una aplicación de autenticación a todas las personas de ${tenant} desde el ${at}.`,
      then: 'Si aún no tiene una, se la pediremos la próxima vez que abra una página.',
    },
    notNeeded: {
      what: ({ isv, tenant, at }) =>
        `${isv} ya no exige una aplicación de autenticación a todas las personas de ${tenant} desde el ${at}.`,
      then: 'Si ya tiene una, seguiremos pidiendo su código.',
    },
    after: ({ support }) => `Si no esperaba este cambio, escriba a ${support}.`,
  },
};
