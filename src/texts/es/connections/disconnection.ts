import type { disconnection as english } from '../../en/connections/disconnection.js';

export const disconnection: typeof english = {
  link: 'Desconectar RingCentral',
  backToConnection: 'Conexión',
  linkAfter: 'Resultado de la desconexión',
  before: {
    title: 'Desconectar RingCentral',
    titleForStaff: (clinic) => `Desconectar ${clinic} de RingCentral`,
    lead: ({ isv }) => `Después, ${isv} ya no podrá leer sus faxes en RingCentral.`,
    leadOfStaff: (clinic) => `Esto desconecta ${clinic} de RingCentral.`,
    forStaff: 'Abajo, «usted» es la clínica. Las personas de la clínica leen lo mismo.',
    whatHappens: 'Qué ocurre de inmediato',
    points: ({ isv }) => [
      `${isv} ya no obtiene acceso a su cuenta de RingCentral.`,
      'El acceso que un programa ya tiene se revoca en minutos. Caduca en una hora como máximo.',
      'Un JWT que espera una respuesta se destruye.',
      'Los enlaces para colegas dejan de funcionar.',
    ],
    jwt: 'Guardamos cifrado el JWT en uso durante 7 días. Lo usamos solo para confirmar que usted lo eliminó.',
    signIn: 'El inicio de sesión se revoca en RingCentral, y se destruye lo que guardamos de él.',
    stays: 'Las cuentas de aquí no cambian. Puede volver a conectar cuando quiera.',
    faxes: 'Faxes que aún no se descargaron',
    faxesStay: ({ isv }) => `Se quedan en RingCentral. ${isv} ya no puede descargarlos.`,
    fetched: (time) => `Todos los faxes se descargaron por última vez el ${time}.`,
    notReported: 'No sabemos cuándo se descargaron los faxes por última vez, porque ningún programa lo comunicó.',
    mailbox: (line, count) => `${line}: ${count} mensajes cuando se contó el buzón por última vez.`,
    lostFrom: (date) =>
      `RingCentral conserva los faxes 30 días, o los 200 más recientes. El primero se puede perder el ${date}.`,
    after: 'Qué le queda por hacer',
    deleteIt: 'Elimine el JWT en RingCentral: Developer Console, su nombre, Credentials.',
    tellUs: 'Después, indíquelo en esta página. Probaremos el JWT para confirmar que RingCentral lo rechaza.',
    nothingToDelete: 'Nada. Revocamos el inicio de sesión.',
    button: 'Desconectar ahora',
    onlyOwners: 'Solo puede hacerlo quien es propietario de la clínica.',
    onlyOperators: 'Solo pueden hacerlo operadores y administradores.',
    nothing: 'No hay nada que desconectar.',
  },
  inShort: {
    at: 'Desconectada',
    open: 'Aún abierto',
    deletion: 'La clínica no ha comprobado que eliminó el JWT.',
    kept: (date) => `Se guarda cifrado hasta el ${date}, solo para comprobarlo.`,
    proved: 'Lo que se comprobó',
    receipt: 'Recibo',
    noReceipt: 'Se emite cuando no queda nada abierto.',
  },
  after: {
    title: 'Desconexión de RingCentral',
    titleForStaff: (clinic) => `Desconexión de ${clinic}`,
    since: (time) => `Desconectado el ${time}.`,
    by: {
      clinic: 'Lo hizo una persona de la clínica.',
      staff: ({ isv }) => `Lo hizo ${isv}.`,
      program: ({ isv }) => `Lo hizo un programa de ${isv}.`,
      operator: ({ isv }) => `Lo hizo un operador de ${isv}.`,
    },
    open: 'Qué queda pendiente',
    revoking: 'Se está revocando el acceso que tenía un programa.',
    over: 'No queda nada pendiente.',
    receiptSoon: 'Estamos preparando el recibo.',
    jwt: (time) => `El JWT que se pegó el ${time}`,
    signIn: (time) => `El inicio de sesión del ${time}`,
    kept: (date) => `Lo guardamos cifrado hasta el ${date}, solo para confirmar que se eliminó.`,
    previous: (ended) =>
      `Este JWT es de la conexión que terminó el ${ended}. Su conexión ya no lo usa. Si tiene un JWT más nuevo, consérvelo.`,
    stepsTitle: 'Elimine el JWT en RingCentral',
    steps: [
      'Abra la Developer Console de RingCentral. Elija su nombre y después Credentials.',
      'Elimine el JWT que creó para nosotros.',
      'Vuelva a esta página y elija “Lo eliminé”.',
    ],
    deleted: 'Lo eliminé',
    stepsOfStaff: {
      heading: 'Cuando la clínica haya eliminado el JWT',
      steps: [
        'Pida a la clínica que abra Credentials en la Developer Console de RingCentral y elimine el JWT.',
        'Cuando alguien de allí diga que se eliminó, elija “La clínica lo eliminó”. Entonces probamos el JWT.',
      ],
    },
    deletedForStaff: 'La clínica lo eliminó',
    saidDeleted: (time) => `El ${time}, una persona indicó que se había eliminado.`,
    tried: {
      works: (time) => `El ${time}, RingCentral aún lo aceptaba; todavía no se había eliminado.`,
      refused: (time) => `El ${time}, RingCentral lo rechazó. Lo probaremos de nuevo para confirmarlo.`,
      refusedAgain: (time) =>
        `El ${time}, RingCentral lo rechazó otra vez. Probaremos de nuevo cuando RingCentral acepte otro JWT nuestro.`,
      unclear: (time) => `El ${time}, no obtuvimos una respuesta clara. Lo intentaremos de nuevo.`,
    },
    limited: (time) => `Hubo demasiados intentos en poco tiempo. Probaremos de nuevo el ${time}.`,
    destroyTitle: 'Destruirlo ahora',
    destroyWhat: 'Entonces no podemos confirmar que se eliminó. El recibo lo indica.',
    destroy: 'Destruir ahora, sin confirmar',
    results: {
      nothing_kept: 'No guardábamos nada que se pudiera destruir.',
      never_exchanged:
        'Una persona inició sesión en RingCentral, pero nunca pedimos una sesión. No había nada que revocar.',
      proved_dead: 'El JWT ya no funciona. RingCentral lo rechazó, o caducó. Lo destruimos.',
      revoked: 'RingCentral terminó la sesión, y destruimos lo que guardábamos de ella.',
      not_revoked: 'Destruimos lo que guardábamos de la sesión. RingCentral no dijo que la hubiera terminado.',
      refused:
        'RingCentral rechazó el JWT cada vez, pero nada mostró que aceptara otros de nosotros. Destruimos el JWT.',
      destroyed_on_request: 'Destruimos el JWT a petición. No confirmamos que RingCentral lo rechace.',
      not_proved_dead: 'Destruimos el JWT. No pudimos confirmar que RingCentral lo rechace.',
      used_again: 'El mismo JWT se pegó otra vez. Está en uso.',
    },
    receipt: 'El recibo',
    download: 'Descargar el recibo',
    print: 'O imprima esta página.',
    keep: 'Guarde el archivo descargado con esta página. Solo se puede comprobar el archivo, no el papel.',
    rows: {
      clinic: 'Clínica',
      isv: 'Estaba conectada a',
      account: 'Cuenta de RingCentral',
      at: 'Desconectada',
      by: 'Por quién',
      proved: 'Lo que se comprobó',
      made: 'Recibo emitido',
      signature: 'Firma',
      signed: 'Firmado con la clave que nombra el recibo.',
      unsigned: 'Sin firma: nada muestra si se cambió el recibo.',
    },
    verify:
      'Cualquiera puede comprobar el archivo sin conexión con latchkey receipt verify FILE --key KEYS. Las claves:',
    earlier: 'Recibos anteriores',
    again: 'Conectar de nuevo',
  },
  receipt: {
    ended: ({ isv }) => `La conexión de esta clínica con ${isv} terminó en el momento indicado arriba.`,
    results: {
      nothing_kept: ({ isv }) => [`${isv} no guardaba ninguna credencial que se pudiera destruir.`],
      never_exchanged: () => [
        'Una persona inició sesión en RingCentral, pero nunca se pidió una sesión. No había nada que revocar.',
      ],
      proved_dead: () => [
        'Después de terminar la conexión, RingCentral rechazó cada JWT mientras aceptaba otro, o el JWT caducó.',
        'Después se destruyó cada uno. Una copia de seguridad anterior puede contenerlo aún, cifrado.',
      ],
      revoked: () => [
        'RingCentral confirmó que terminó la sesión.',
        'Después se destruyó su token. Una copia de seguridad anterior puede contenerlo aún, cifrado.',
      ],
      not_revoked: () => [
        'Se destruyó el token de la sesión. RingCentral no confirmó que terminara la sesión.',
        'Una sesión que no se renueva termina automáticamente.',
      ],
      refused: ({ isv }) => [
        'RingCentral rechazó el JWT cada vez que se probó. Después se destruyó.',
        `Nada mostró que RingCentral aceptara entonces otros JWT de la aplicación de ${isv}.`,
        'Por eso no se confirmó que se eliminara. Quien tenga otra copia quizá pueda usarla.',
      ],
      destroyed_on_request: () => [
        'El JWT se destruyó porque una persona lo pidió.',
        'No se confirmó que RingCentral lo rechace. Quien tenga otra copia quizá pueda usarla.',
      ],
      not_proved_dead: () => [
        'El JWT se destruyó. No se confirmó que RingCentral lo rechace.',
        'Quien tenga otra copia quizá pueda usarla hasta que se elimine en RingCentral.',
      ],
      used_again: () => ['El mismo JWT se pegó después otra vez y está en uso. Este recibo no muestra que terminó.'],
    },
    revoked: (count) =>
      count === 1
        ? 'RingCentral confirmó que terminó 1 sesión de programa.'
        : `RingCentral confirmó que terminó ${count} sesiones de programas.`,
    notRevoked: (count) =>
      count === 1
        ? '1 sesión de programa no se revocó. Caduca en una hora como máximo.'
        : `${count} sesiones de programas no se revocaron. Caducan en una hora como máximo.`,
    faxes: 'Este recibo no dice nada de los faxes que se descargaron antes.',
    signed: 'La firma de abajo muestra que este texto no cambió. La hizo la clave nombrada arriba.',
    unsigned: 'Este recibo no está firmado: nada muestra si este texto cambió.',
  },
  mail: {
    subject: ({ isv, tenant }) => `${isv}: se desconectó RingCentral para ${tenant}`,
    what: ({ isv, tenant, at }) =>
      `${tenant} se desconectó el ${at}. ${isv} ya no puede leer sus faxes en RingCentral.`,
    next: 'La página muestra qué queda por hacer. Cuando todo está hecho, tiene el recibo.',
    button: 'Abrir la página',
    notYou: 'Si nadie de su clínica pidió esto, responda a este correo. Puede volver a conectar cuando quiera.',
  },
};
