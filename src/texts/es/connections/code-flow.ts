import type { codeFlow as english } from '../../en/connections/code-flow.js';

export const codeFlow: typeof english = {
  page: {
    title: 'Iniciar sesión en RingCentral',
    connected: 'RingCentral ya está conectado. Inicie sesión solo para reemplazar esa conexión.',
    asWhom: ({ name, company }, isv) =>
      `El último usuario fue ${company === null ? name : `${name}, de ${company}`}. Si puede, inicie sesión otra vez como ese usuario. Si es otro, puede que ${isv} tenga que aprobarlo antes.`,
    lead: (isv) =>
      `Usted inicia sesión en RingCentral y permite que la aplicación de ${isv} lea sus faxes. No necesita la consola de desarrolladores.`,
    meaningHeading: 'Qué significa',
    actsFor: (isv) => ({
      term: 'La conexión actúa como usted.',
      text: `${isv} puede leer los faxes que puede leer su usuario de RingCentral.`,
    }),
    password: {
      term: 'Su contraseña queda con usted.',
      text: 'La escribe en RingCentral. Nosotros nunca la vemos.',
    },
    renewed: {
      term: 'La renovamos cada día.',
      text: 'Puede terminar, por ejemplo con una contraseña nueva. Si termina, le enviamos un correo para que alguien inicie sesión otra vez.',
    },
    button: 'Iniciar sesión en RingCentral',
    goesTo: (host) => `El botón abre ${host}. Desde allí puede continuar al inicio de sesión de su propia empresa.`,
    colleague: '¿Debe iniciar sesión otra persona? Primero necesita una cuenta aquí.',
    invite: 'Invitar a esa persona',
    tooMany: (when) => `Hubo demasiados intentos. Puede intentarlo de nuevo ${when}.`,
    jwt: {
      summary: 'Puedo abrir la consola de desarrolladores',
      recommended:
        'En ese caso recomendamos un JWT creado por un usuario de servicio. Sigue funcionando aunque alguien deje la clínica o cambie su contraseña.',
      notForMany: 'Solo se necesita un JWT. Un usuario lo crea para toda la clínica.',
      link: 'Crear un JWT',
    },
  },

  refusals: {
    denied: 'RingCentral indica que no se permitió el acceso; no se conectó nada. Puede iniciar sesión otra vez.',
    too_old: 'Ese inicio de sesión tardó más de diez minutos; no se conectó nada. Inicie sesión otra vez.',
    failed: 'RingCentral no terminó ese inicio de sesión; no se conectó nada. Inicie sesión otra vez.',
    limited: 'Hubo demasiados intentos; no se conectó nada. Espere diez minutos e inicie sesión otra vez.',
  },

  used: {
    text: 'Volvió de RingCentral con un inicio de sesión que ya se había usado; no cambió nada. Esta página muestra su resultado. Para usar otro inicio de sesión, empiece de nuevo.',
    button: 'Empezar de nuevo',
  },

  notOffered: {
    title: 'Su clínica se conecta con un JWT',
    paragraphs: [
      'Su clínica ya no puede conectarse iniciando sesión en RingCentral, y no se empezó nada.',
      'Cree un JWT. La guía muestra cada paso.',
    ],
    action: 'Abrir la guía',
  },

  endings: {
    signed_out: {
      title: 'Su sesión aquí terminó',
      paragraphs: [
        'Volvió de RingCentral, pero aquí su sesión ya terminó. No se conectó nada.',
        'Inicie sesión aquí y empiece de nuevo.',
      ],
      action: 'Iniciar sesión',
    },
    too_old: {
      title: 'No reconocemos este inicio de sesión',
      paragraphs: [
        'La dirección está incompleta, o el inicio de sesión tardó más de diez minutos. No se conectó nada.',
        'Abra su clínica y empiece de nuevo.',
      ],
      action: 'Abrir su clínica',
    },
    elsewhere: {
      title: 'Este inicio de sesión comenzó en otra sesión',
      paragraphs: [
        'Comenzó en otro navegador, con otra persona o antes de su última entrada aquí. No se conectó nada.',
        'Abra su clínica y empiece de nuevo.',
      ],
      action: 'Abrir su clínica',
    },
    failed: {
      title: 'No pudimos terminar este inicio de sesión',
      paragraphs: [
        'Volvió de RingCentral, pero algo falló de nuestro lado.',
        'Abra su clínica: su página dice si está conectada. Si no lo está, empiece de nuevo.',
      ],
      action: 'Abrir su clínica',
    },
  },
};
