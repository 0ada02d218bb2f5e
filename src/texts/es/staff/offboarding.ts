/** What is held on a clinic, and how a clinic leaves. */
export const dataExport = {
  link: 'Descargar los datos de esta clínica',
  title: 'Descargar los datos de esta clínica',
  what: 'El archivo contiene todo lo que guardamos de la clínica, como un solo objeto JSON.',
  without: 'No contiene ningún JWT, token, contraseña ni clave.',
  care: 'Tiene nombres y direcciones de correo de personas. Guárdelo con cuidado.',
  button: 'Descargar el archivo',
};

export const offboarding = {
  link: 'Dar de baja esta clínica',
  plan: {
    title: (name: string) => `Dar de baja ${name}`,
    now: 'Qué ocurre de inmediato',
    connected: [
      'La conexión se desconecta. Sus programas ya no reciben tokens de acceso para la clínica.',
      'Las sesiones de la clínica en RingCentral se terminan.',
    ],
    access: [
      'Las personas de la clínica pierden el acceso. Las invitaciones y los enlaces abiertos dejan de funcionar.',
      'Las claves de API que son solo para esta clínica se revocan.',
      'Los correos a la clínica que esperan no se envían.',
      'Se avisa por correo a los propietarios de la clínica y a nuestro personal. También reciben el recibo.',
      'La clínica ya no está en ninguna lista, recuento ni comprobación previa.',
    ],
    later: (days: number) => `Qué ocurre después de ${days} días`,
    erased: (days: number) => [
      'Se borran nombres, direcciones, secretos y todo lo escrito sobre la clínica.',
      'Las personas sin otra clínica pierden su cuenta.',
      'Hasta entonces puede deshacerlo. Eso recupera la clínica y sus personas, no la conexión.',
      `El ID propio de la clínica puede usarse otra vez después de ${days} días.`,
    ],
    stays: 'Qué se conserva',
    kept: ['ID, fechas, recuentos y el registro de auditoría. No nombran a ninguna persona ni clínica.'],
    next: 'Continuar',
  },
  confirmation: {
    title: (name: string) => `Confirmar: dar de baja ${name}`,
    lead: 'Escriba el nombre de la clínica o su ID propio. El acceso termina cuando presione el botón.',
    label: 'Nombre o ID de la clínica',
    hint: (ref: string) => `Su ID propio es ${ref}.`,
    missing: 'Escriba el nombre de la clínica o su ID propio.',
    different: 'Esto no es ni el nombre de la clínica ni su ID propio.',
    button: 'Dar de baja la clínica',
  },
  list: {
    title: 'Clínicas dadas de baja',
    empty: 'No se dio de baja ninguna clínica. Aquí aparece la que se va, con su recibo.',
    nameless: 'Clínica borrada',
    columns: { name: 'Clínica', at: 'Baja', state: 'Datos' },
    next: 'Anteriores',
  },
  states: {
    until: (day: string) => `Se conservan hasta el ${day}`,
    erasing: 'Se están borrando ahora',
    erased: (day: string) => `Borrados el ${day}`,
  },
  tombstone: {
    nameless: 'Clínica borrada',
    done: 'La clínica se dio de baja. Las personas de la clínica ya no tienen acceso.',
    undoable: (day: string) => `Los datos de esta clínica se borran el ${day}.`,
    gone: 'Los nombres, direcciones y secretos de esta clínica están borrados o se están borrando. No se puede deshacer.',
    id: 'ID',
    at: 'Baja',
    by: 'Por',
    state: 'Datos',
    undo: {
      heading: 'Recuperarla',
      what: 'Se recuperan la clínica, su configuración y el acceso de sus personas. Debe conectarse de nuevo y necesita nuevas invitaciones, enlaces y claves de API.',
      button: 'Deshacer la baja',
    },
    counts: 'Filas al empezar el borrado',
    table: 'Tabla',
    receipt: 'Recibo de la desconexión',
    receiptLater:
      'Creamos el recibo cuando se destruye el JWT. Lo enviamos a los antiguos propietarios y a nuestro personal.',
    erasedReceipts: {
      heading: 'Lo que decían los recibos borrados',
      why: 'El texto de cada recibo se borró, porque nombraba a la clínica con su propio ID. Queda lo que se comprobó. Las copias descargadas no cambian.',
      made: (day: string) => `Recibo del ${day}`,
    },
    rows: 'Filas',
  },
};
