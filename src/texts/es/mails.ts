import type { mails as english } from '../en/mails.js';
import { offboarded } from './mails/offboarded.js';
import { peopleMails } from './mails/people.js';
import { securityMails } from './mails/security.js';

export const mails: typeof english = {
  signature: ({ isv, support }) => `${isv}. ¿Tiene preguntas? Escriba a ${support}.`,
  invitation: {
    subject: ({ isv }) => `${isv}: conecte su cuenta de RingCentral`,
    from: ({ isv, by }) => `${by}, de ${isv}, le pide que conecte la cuenta de RingCentral de su organización.`,
    fromMember: ({ isv, by }) => `${by} le invita a conectar la cuenta de RingCentral de su organización con ${isv}.`,
    fromProgram: ({ isv }) => `${isv} le pide que conecte la cuenta de RingCentral de su organización.`,
    toView: {
      subject: ({ isv }) => `${isv}: vea la conexión de RingCentral de su organización`,
      from: ({ isv, by }) => `${by}, de ${isv}, le invita a ver la conexión de RingCentral de su organización.`,
      fromMember: ({ isv, by }) => `${by} le invita a ver la conexión de RingCentral de su organización con ${isv}.`,
      fromProgram: ({ isv }) => `${isv} le invita a ver la conexión de RingCentral de su organización.`,
    },
    effort: 'Toma unos 5 minutos. Usted nunca nos da su contraseña de RingCentral.',
    button: 'Aceptar la invitación',
    elseHeading: '¿Otra persona se encarga de RingCentral?',
    elsewhere: ({ choice }) =>
      `Acepte la invitación y elija “${choice}” en la primera página. Obtendrá un enlace para esa persona, que no necesita una cuenta aquí.`,
    after: ({ expires }) => [
      `El enlace de este correo es solo para usted. Sirve una sola vez, hasta el ${expires}.`,
      'Si no esperaba este correo, bórrelo. No ocurre nada si usted no hace nada.',
    ],
  },
  reminder: {
    subject: ({ isv }) => `${isv}: su invitación sigue abierta`,
    stillOpen: 'La invitación sigue abierta.',
    after: ({ expires }) => [
      `El enlace de este correo es solo para usted. Sirve una sola vez, hasta el ${expires}.`,
      'Si otra persona ya lo hizo, usted no tiene que hacer nada.',
    ],
  },
  stopReminders: 'No enviarme recordatorios',
  passwordReset: {
    subject: ({ isv }) => `${isv}: elija una contraseña nueva`,
    paragraphs: ({ isv, byStaff }) => [
      byStaff
        ? `${isv} le envía este enlace para que elija una contraseña nueva.`
        : `Alguien, probablemente usted, pidió elegir una contraseña nueva para su cuenta de ${isv}.`,
    ],
    button: 'Elegir una contraseña nueva',
    after: ({ expires }) => [
      `El enlace sirve una sola vez, hasta el ${expires}. Solo funciona el enlace más nuevo.`,
      'Si usted no lo pidió, borre este correo. Su contraseña no cambia.',
    ],
  },
  failing: {
    subject: ({ isv, tenant, act }) =>
      ({
        you: `${isv}: se requiere una acción – RingCentral no funciona para ${tenant}`,
        clinic: `${isv}: RingCentral no funciona para ${tenant} – la clínica puede resolverlo`,
        others: `${isv}: RingCentral no funciona para ${tenant} – usted no tiene que hacer nada`,
      })[act],
    since: ({ isv, tenant, at }) => `Desde el ${at}, ${isv} no puede leer los faxes de ${tenant}.`,
    yours: 'Usted puede resolverlo. La página muestra cada paso.',
    button: 'Ver qué hacer',
    once: 'Le escribimos una vez cuando deja de funcionar y otra cuando vuelve a funcionar.',
  },
  fix: {
    subject: ({ isv, tenant }) => `${isv}: cómo arreglar la conexión de ${tenant} con RingCentral`,
    about: ({ isv, tenant }) => `${isv} le escribe por la conexión de ${tenant} con RingCentral.`,
    button: 'Abrir la página con estos pasos',
  },
  recovered: {
    subject: ({ isv, tenant }) => `${isv}: RingCentral vuelve a funcionar para ${tenant}`,
    since: ({ isv, tenant, at }) => `Desde el ${at}, RingCentral acepta de nuevo la conexión de ${tenant} con ${isv}.`,
    nothing: 'Usted no tiene que hacer nada.',
  },
  ownerChanged: {
    subject: ({ isv, tenant }) => `${isv}: revise un cambio en RingCentral para ${tenant}`,
    about: ({ isv, tenant }) => `${isv} lee los faxes de ${tenant} con el JWT de un usuario de RingCentral.`,
    button: 'Ver la conexión',
    once: 'Le escribimos una sola vez sobre este cambio.',
  },
  notConfirmed: {
    subject: ({ isv, tenant }) => `${isv}: ¿es esta la empresa de ${tenant}?`,
    paragraphs: ({ isv, tenant }) => [
      `Alguien conectó ${tenant} con RingCentral, y RingCentral lo aceptó.`,
      `${isv} no lee ningún fax hasta que alguien de ${tenant} confirme que la empresa es suya.`,
    ],
    button: 'Ver la empresa',
    once: 'Le escribimos una sola vez sobre esto.',
  },
  expires: {
    subject: ({ isv, tenant, on }) => `${isv}: se requiere una acción – el JWT de ${tenant} caduca el ${on}`,
    paragraphs: ({ isv, tenant, on }) => [
      `El JWT con el que ${isv} lee los faxes de ${tenant} caduca el ${on}.`,
      'Cree uno nuevo antes de ese día y péguelo. Hasta entonces el anterior sigue funcionando.',
    ],
    button: 'Crear un JWT nuevo',
    next: ({ on }) => `Se lo recordaremos otra vez el ${on}, salvo que ya haya un JWT nuevo.`,
  },
  digest: {
    subject: ({ isv }) => `${isv}: lo que hoy requiere atención`,
    clinics: 'Cuántas clínicas hay en cada estado:',
    refused: (count) =>
      count === 1 ? '1 correo no se pudo entregar desde ayer.' : `${count} correos no se pudieron entregar desde ayer.`,
    incident: (title) => `Hay un incidente abierto: ${title}.`,
    filling: (count) =>
      count === 1
        ? '1 clínica tiene un buzón de fax lleno o casi lleno.'
        : `${count} clínicas tienen un buzón de fax lleno o casi lleno.`,
    lastRun: (time) => `Última descarga completa de faxes: ${time}.`,
    button: 'Abrir la lista de clínicas',
  },
  preflight: {
    subject: ({ isv, failing }) => `${isv}: la ejecución de esta noche: ${failing}`,
    subjects: {
      allGo: 'todas las clínicas funcionarán',
      some: (noGo, unknown) => `${noGo} no funcionarán, ${unknown} sin saber`,
    },
    begins: (at) => `La ejecución nocturna empieza el ${at}.`,
    counts: ({ go, noGo, unknown }) => [`Funcionarán: ${go}`, `No funcionarán: ${noGo}`, `Sin saber: ${unknown}`],
    estimate: (duration) => `Obtener un token para cada clínica tarda como máximo ${duration}.`,
    named: 'Estas no funcionarán:',
    more: (count) => `Y ${count} más.`,
    button: 'Abrir la lista',
    asOf: (at) => `Esto es lo que sabíamos a las ${at}. La página muestra lo que sabemos ahora.`,
  },
  incident: {
    subject: ({ isv, title }) => `${isv}: incidente: ${title}`,
    over: ({ isv, title }) => `${isv}: terminó: ${title}`,
    button: 'Abrir el incidente',
  },
  newAddress: {
    subject: ({ isv }) => `${isv}: confirme su dirección nueva`,
    paragraphs: ({ isv }) => [
      `Alguien, probablemente usted, quiere usar esta dirección para iniciar sesión en ${isv}.`,
      'Abra el enlace en el navegador donde tiene la sesión abierta.',
    ],
    button: 'Confirmar la dirección nueva',
    after: ({ expires }) => [
      `El enlace sirve una sola vez, hasta el ${expires}. Solo funciona el enlace más nuevo.`,
      'Si no fue usted, borre este correo. No ocurre nada si usted no hace nada.',
    ],
  },
  proveAddress: {
    subject: ({ isv }) => `${isv}: confirme su dirección`,
    paragraphs: ({ isv }) => [
      `Se creó una cuenta en ${isv} para esta dirección, con un enlace que entregó una persona de nuestro equipo.`,
      'Confirme que la dirección es suya. Abra el enlace en el navegador en el que tiene la sesión iniciada.',
    ],
    button: 'Confirmar la dirección',
    after: ({ expires }) => [
      `El enlace sirve una sola vez, hasta el ${expires}. Solo funciona el enlace más reciente.`,
      'Si usted no creó ninguna cuenta, no abra el enlace y avísenos.',
    ],
  },
  staffSetup: {
    subject: ({ isv }) => `${isv}: su cuenta de personal`,
    paragraphs: ({ isv, byCompany }) => [
      `Un administrador de ${isv} ha creado una cuenta de personal para esta dirección.`,
      byCompany
        ? 'Inicie sesión con la cuenta de su empresa para configurarla.'
        : 'Elija una contraseña y configure una aplicación de autenticación para iniciar sesión.',
    ],
    button: 'Configurar la cuenta',
    after: ({ expires }) => [
      `El enlace sirve una sola vez, hasta el ${expires}. Solo funciona el enlace más reciente.`,
      'Si no esperaba este correo, bórrelo y avise a su administrador.',
    ],
  },
  offboarded,
  ...peopleMails,
  apiKeys: {
    notices: {
      made: {
        subject: ({ isv }) => `${isv}: se creó una clave de API`,
        what: ({ isv, at }) => `El ${at}, se creó una clave de API de ${isv}.`,
      },
      revoked: {
        subject: ({ isv }) => `${isv}: se revocó una clave de API`,
        what: ({ isv, at }) => `El ${at}, se revocó una clave de API de ${isv}. Ya no sirve.`,
      },
      linkRepeated: {
        subject: ({ isv }) => `${isv}: un enlace a una clave de API se usó dos veces`,
        what: ({ isv, at }) =>
          `El ${at}, un enlace que muestra una sola vez una clave de API de ${isv} se usó otra vez. Otra persona puede tener la clave.`,
      },
    },
    which: ({ name, id, scopes }) => `La clave se llama ${name}, su ID es ${id} y permite ${scopes}.`,
    ifYou: 'Si lo esperaba, no tiene que hacer nada.',
    ifNotYou: 'Si no, abra las claves de API en el portal y revoque la clave.',
  },
  staffChanged: {
    notices: {
      created: {
        subject: ({ isv }) => `${isv}: se creó una cuenta de personal`,
        what: ({ isv, email, role, at }) =>
          `El ${at}, se creó una cuenta de personal en ${isv} para ${email}. Rol: ${role}.`,
      },
      disabled: {
        subject: ({ isv }) => `${isv}: se desactivó una cuenta de personal`,
        what: ({ isv, email, at }) => `El ${at}, se desactivó la cuenta de personal de ${email} en ${isv}.`,
      },
      enabled: {
        subject: ({ isv }) => `${isv}: se activó una cuenta de personal`,
        what: ({ isv, email, role, at }) =>
          `El ${at}, se volvió a activar la cuenta de personal de ${email} en ${isv}. Rol: ${role}.`,
      },
      roleChanged: {
        subject: ({ isv }) => `${isv}: cambió el rol de una cuenta de personal`,
        what: ({ isv, email, role, at }) =>
          `El ${at}, cambió el rol de la cuenta de personal de ${email} en ${isv}. Rol nuevo: ${role}.`,
      },
      secondFactorReset: {
        subject: ({ isv }) => `${isv}: se quitó una aplicación de autenticación del personal`,
        what: ({ isv, email, at }) =>
          `El ${at}, se quitó la aplicación de autenticación de la cuenta de personal de ${email} en ${isv}.`,
      },
      companyAccountRemoved: {
        subject: ({ isv }) => `${isv}: se quitó una cuenta de empresa del personal`,
        what: ({ isv, email, at }) =>
          `El ${at}, se quitó la cuenta de empresa de la cuenta de personal de ${email} en ${isv}.`,
      },
      signedInLocally: {
        subject: ({ isv }) => `${isv}: inicio de sesión del personal sin la empresa`,
        what: ({ isv, email, at }) =>
          `El ${at}, ${email} inició sesión en ${isv} con una contraseña, no con una cuenta de empresa.`,
      },
    },
    by: (email) => `Lo hizo ${email}.`,
    byCommand: 'Lo hizo un comando en el servidor.',
    after: 'Si no esperaba este cambio, revise la lista del personal en el portal.',
  },
  security: securityMails,
};
