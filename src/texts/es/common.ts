import type { common as english } from '../en/common.js';

export const common: typeof english = {
  navItems: {
    connection: 'Conexión',
    guide: 'Guía',
    people: 'Personas',
    overview: 'Panorama',
    tenants: 'Clínicas',
    preflight: 'Esta noche',
    incidents: 'Incidentes',
    budget: 'Llamadas',
    activity: 'Actividad',
    staff: 'Personal',
    apiKeys: 'Claves de API',
    webhooks: 'Webhooks',
  },
  lang: 'es',
  moment: {
    today: (time) => (/^1:/.test(time) ? `a la ${time}` : `a las ${time}`),
    otherDay: (time) => `el ${time}`,
  },
  skipToMain: 'Ir al contenido principal',
  navigation: 'Páginas',
  signedInAs: 'Sesión iniciada como',
  account: 'Su cuenta',
  signOut: 'Cerrar sesión',
  helpFrom: (isv) => `Ayuda de ${isv}:`,
  language: 'Idioma',
  back: 'Volver',
  newTab: '(se abre en una pestaña nueva)',
  busy: 'Un momento.',

  errorPrefix: 'Error:',
  errorSummaryTitle: 'Hay un problema',
  notice: 'Aviso',
  success: 'Hecho',
  warning: 'Atención',

  copy: 'Copiar',
  copied: 'Copiado',
  copyFailed: 'El texto está seleccionado. Presione Ctrl y C para copiarlo.',

  supportCode: (requestId) => `Código para soporte: ${requestId}`,
  errorPages: {
    badRequest: {
      title: 'No se pudo leer esta solicitud',
      paragraphs: ['La página envió algo que no entendemos.', 'Vuelva atrás, recargue la página y repita el paso.'],
    },
    forbidden: {
      title: 'Su rol no permite hacer esto',
      paragraphs: ['No se cambió nada.', 'Pida a una persona con más permisos que haga este paso.'],
    },
    roleNeeded: {
      title: 'Su rol no permite hacer esto',
      notViewers:
        'Usted puede ver las páginas de esta clínica. Solo sus propietarios y miembros pueden hacer este paso.',
      ownersOnly: 'Solo un propietario de esta clínica puede hacer este paso.',
      askForRole: (names: string) => `Para tener otro rol, pídalo a ${names}.`,
      askOwner: (names: string) => `Pídalo a ${names}.`,
      askStaff: 'Esta clínica no tiene propietario ahora. Pregunte al equipo de soporte.',
      paragraphs: ['No se cambió nada.'],
    },
    formExpired: {
      title: 'Este formulario caducó',
      paragraphs: [
        'Usted inició o cerró sesión después de abrirlo, o llevaba abierto mucho tiempo. No se cambió nada.',
        'Vuelva atrás, recargue la página y repita el paso.',
      ],
    },
    notFound: {
      title: 'No se encontró la página',
      paragraphs: [
        'Si escribió la dirección, revísela. Si la pegó, compruebe que está completa.',
        'La página también puede ser de otra cuenta. En ese caso, inicie sesión con esa cuenta.',
      ],
    },
    methodNotAllowed: {
      title: 'Esta página no puede hacer eso',
      paragraphs: ['No se cambió nada.', 'Vuelva atrás, recargue la página y use sus botones.'],
    },
    conflict: {
      title: 'Alguien cambió esto mientras tanto',
      paragraphs: ['Ahora no se cambió nada.', 'Vuelva atrás y recargue la página para ver cómo está.'],
    },
    tooLarge: {
      title: 'El texto era demasiado largo',
      paragraphs: [
        'Lo que envió es mucho más largo que un JWT. No se guardó nada.',
        'Vuelva atrás y pegue solo el JWT.',
      ],
    },
    unsupportedMediaType: {
      title: 'Aquí no se lee este formato',
      paragraphs: ['No se cambió nada.', 'Vuelva atrás, recargue la página y use su formulario.'],
    },
    tooManyRequests: {
      title: 'Espere un poco antes de seguir',
      when: (time) => `Podrá seguir ${time}.`,
      soon: 'Podrá seguir dentro de unos minutos.',
      paragraphs: ['Se pidió esto muchas veces en poco tiempo, por lo que esta vez no se hizo.'],
    },
    internal: {
      title: 'Algo falló de nuestro lado',
      paragraphs: [
        'Es posible que no se haya guardado lo que hizo. Vuelva atrás y revíselo antes de repetirlo.',
        'Si ocurre otra vez, escriba a la dirección de abajo e indique este código.',
      ],
    },
    unavailable: {
      title: 'El portal no está listo en este momento',
      when: (time) => `Debería responder de nuevo ${time}.`,
      soon: 'Debería responder de nuevo dentro de unos minutos.',
      paragraphs: ['Usted no hizo nada mal. Las conexiones que funcionan siguen funcionando.'],
    },
    sessionEnded: {
      title: 'Se cerró su sesión',
      paragraphs: [
        'Por seguridad cerramos la sesión tras un tiempo sin uso. No se guardó nada de lo que envió.',
        'Inicie sesión de nuevo y repita el paso.',
      ],
      action: 'Iniciar sesión',
      typedHeading: 'Lo que había escrito',
      fields: {
        name: 'Nombre',
        external_ref: 'Su propio identificador para ella',
        time_zone: 'Zona horaria',
        email: 'Correo electrónico',
      },
    },
    home: 'Ir a la página de inicio',
  },
};
