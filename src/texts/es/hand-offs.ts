import type { handOffs as english } from '../en/hand-offs.js';

export const handOffs: typeof english = {
  list: {
    title: 'Enlaces para otras personas',
    lead: [
      'Con un enlace, otra persona puede ver la guía y pegar el JWT. No muestra nada más de su clínica.',
      'Sirve durante 7 días, o hasta que se acepte un JWT pegado con él.',
    ],
    make: 'Crear un enlace para otra persona',
    replaces: 'Un enlace nuevo cierra los suyos anteriores que nadie ha abierto.',
    caption: 'Enlaces creados',
    empty: 'Todavía no se ha creado ningún enlace.',
    columns: { made: 'Creado', state: 'Estado' },
    until: (time) => `Sirve hasta: ${time}.`,
    by: (name) => `por ${name}`,
    states: {
      made: 'Sin abrir',
      opened: 'Abierto, todavía sin JWT',
      checking: 'JWT pegado, en comprobación',
      refused: 'JWT rechazado',
      inconclusive: 'JWT guardado, todavía sin respuesta clara',
      accepted: 'Listo: el JWT fue aceptado',
      replaced: 'Reemplazado por un JWT o inicio de sesión más nuevo',
      revoked: 'Cerrado',
      expired: 'Caducado',
    },
    end: 'Cerrarlo',
    endWhich: (time) => `el enlace creado: ${time}`,
    fresh: {
      heading: 'Envíe este enlace a la otra persona',
      link: 'Enlace para la otra persona',
      text: 'Texto para un correo',
      send: 'Abrirlo en su programa de correo',
      once: 'Mostramos el enlace aquí hasta que cierre la sesión o cree otro. No lo guardamos en ningún otro lugar.',
      subject: (isv) => `RingCentral: un paso para ${isv}`,
      mail: ({ isv, url, expires }) =>
        [
          'Hola:',
          `${isv} necesita un JWT de nuestra cuenta de RingCentral para leer nuestros faxes. Toma unos 5 minutos.`,
          `1. Abra ${url}\n2. Elija Continuar y siga los pasos.\n3. Pegue el JWT en esa página y en ningún otro lugar.`,
          'Necesita acceso a la consola de desarrolladores de RingCentral.',
          `El enlace sirve hasta: ${expires}. Es solo para usted.`,
        ].join('\n\n'),
    },
  },

  landing: {
    title: (isv) => `Un paso en RingCentral para ${isv}`,
    lead: (isv) => [
      `Alguien de su clínica le pide que cree un JWT en RingCentral, para que ${isv} pueda leer sus faxes.`,
      'Le mostramos cada paso. Toma unos 5 minutos.',
      'Necesita acceso a la consola de desarrolladores de RingCentral. Nosotros nunca vemos su contraseña.',
    ],
    button: 'Continuar',
    after: [
      'Por seguridad, esto queda abierto 30 minutos. Después, abra el enlace de nuevo.',
      'Si no esperaba este enlace, pregunte antes a quien se lo envió.',
    ],
  },

  closed: {
    title: 'Esta página está cerrada',
    paragraphs: [
      '¿Llegó con el enlace de otra persona? Abra ese enlace de nuevo y elija Continuar.',
      'Si también lleva a esta página, ya cumplió su función o se acabó su plazo. Entonces pida uno nuevo a quien se lo envió.',
    ],
  },

  actsFor: (clinic) => `Para ${clinic}`,
  nav: { guide: 'Guía', result: 'Resultado' },

  result: {
    none: {
      title: 'Todavía no se ha pegado ningún JWT',
      lead: ['Siga primero los pasos de la guía. Después, esta página muestra si el JWT funciona.'],
    },
    accepted: {
      title: 'Listo: RingCentral aceptó el JWT',
      lead: [
        'Lo guardamos cifrado, y aquí nadie puede volver a leerlo.',
        'Quien le envió el enlace también lo ve. Ya puede cerrar esta página.',
      ],
    },
    unconfirmed: {
      title: 'Listo: RingCentral aceptó el JWT',
      lead: [
        'Usted ya terminó. Su colega confirma la empresa, y entonces queda conectado.',
        'Hemos escrito a sus colegas. Ya puede cerrar esta página.',
      ],
    },
    replaced: {
      title: 'Este JWT ya no se necesita',
      lead: ['Su clínica se conectó de otra forma, o RingCentral no aceptó este JWT en 7 días. Aquí está destruido.'],
    },
    toGuide: 'Ir a la guía',
  },
};
