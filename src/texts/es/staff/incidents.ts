import type { staff as english } from '../../en/staff.js';

export const incidents: (typeof english)['incidents'] = {
  title: 'Incidentes',
  lead: 'Un incidente es un problema que no es de una sola clínica. Empieza y termina según lo que encuentran las comprobaciones.',
  none: 'No ha habido ningún incidente. Cuando empiece uno, avisamos al personal por correo y lo mostramos aquí.',
  columns: { what: 'Qué pasó', environment: 'Dónde', opened: 'Empezó', closed: 'Terminó' },
  open: 'Todavía no ha terminado',
  now: (count: number) => (count === 1 ? '1 incidente abierto' : `${count} incidentes abiertos`),
  over: 'Terminado',
  overWhat: 'Las comprobaciones muestran que terminó. No queda nada por hacer.',
  fix: 'Qué hacer',
  timeline: 'Qué pasó y cuándo',
  opened: 'Empezó.',
  openedWith: 'Empezó. RingCentral respondió con el código',
  asked: 'Última vez que se preguntó a RingCentral si ya terminó.',
  closed: 'Terminó.',
  byCode: {
    'CMN-303':
      'RingCentral no encuentra un plan de API para nuestra aplicación. Abra la aplicación en la consola de RingCentral y revise si pasó a producción y qué plan tiene. Después pida al soporte de RingCentral para desarrolladores que le asigne uno.',
    invalid_client:
      'RingCentral rechaza nuestra aplicación sin decir por qué, como hace con una aplicación bloqueada. Abra la aplicación en la consola de RingCentral y revise su estado. Después pida al soporte de RingCentral para desarrolladores que la desbloquee.',
  },
  ofSignIn: {
    place: (environment: string) => `${environment}: aplicación para iniciar sesión`,
    what: 'Se trata de la aplicación con la que se inicia sesión en RingCentral. Necesita el flujo auth code en lugar del flujo JWT. Las clínicas con un JWT no están afectadas.',
  },
  overdue: (count: number, time: string) =>
    count === 1
      ? `1 inicio de sesión en RingCentral no se ha renovado desde hace días. RingCentral lo termina el ${time}, si no se renueva antes.`
      : `${count} inicios de sesión en RingCentral no se han renovado desde hace días. RingCentral termina el primero el ${time}, si no se renueva antes.`,
  kinds: {
    app: {
      title: 'RingCentral rechaza nuestra aplicación',
      what: 'Ninguna clínica cambia de estado ni recibe un correo. Una llamada por minuto averigua cuándo termina.',
      fix: 'Compare el client ID, el secreto y el flujo JWT con la aplicación en la consola de RingCentral. El comando latchkey doctor dice qué falla.',
    },
    budget: {
      title: 'Muy pocas llamadas para tantas clínicas',
      what: 'RingCentral nos permite tan pocas llamadas que cada clínica se comprueba menos de una vez en 7 días.',
      fix: 'Pida a RingCentral un límite mayor y configúrelo aquí. La página “Llamadas a RingCentral” dice cuántas se necesitan.',
    },
    scope: {
      title: 'A nuestra aplicación le falta un permiso (scope)',
      what: 'RingCentral da a nuestra aplicación tokens sin un scope que necesita. Ninguna clínica cambia de estado ni recibe un correo. Una llamada por minuto averigua cuándo termina. Después se comprueba cada clínica que esperó; primero las que se conectan por primera vez.',
      fix: 'En la consola de RingCentral, dé a la aplicación todos los scopes de RINGCENTRAL_REQUIRED_SCOPES. De forma predeterminada son ReadAccounts y ReadMessages.',
    },
    renewal: {
      title: 'Los inicios de sesión en RingCentral no se renuevan',
      what: 'Renovamos cada inicio de sesión todos los días. Al menos uno no se ha renovado desde hace días, y ninguna tarea recibe un token para esa clínica. RingCentral termina un inicio de sesión 7 días después de la última renovación, o antes si la cuenta lo limita. Después la clínica tiene que iniciar sesión otra vez.',
      fix: 'Revise si hay otro incidente abierto y ejecute el comando latchkey doctor: ¿llega este servidor a RingCentral? Después compare RINGCENTRAL_CODE_CLIENT_ID con la aplicación con la que se inició sesión: solo esa aplicación puede renovar. La página de cada clínica dice cuándo termina su inicio de sesión.',
    },
    former_app: {
      title: 'Hay clínicas que iniciaron sesión con otra aplicación nuestra',
      what: 'RingCentral renueva un inicio de sesión solo para la aplicación con la que se hizo. Ahora está configurado otro client ID para iniciar sesión, o ninguno. Por eso no se envía nada para estas clínicas, y sus tareas no reciben un token de acceso nuevo. Siete días después de la última renovación se pide a cada una que inicie sesión otra vez.',
      fix: 'Si el cambio fue un error, configure otra vez el client ID anterior y su secreto. Si no, pida a estas clínicas que inicien sesión otra vez.',
    },
    refresh_tokens: {
      title: 'Los nuevos inicios de sesión en RingCentral no se pueden conservar',
      what: 'Alguien inició sesión, y RingCentral no dio a nuestra aplicación un refresh token. Sin él un inicio de sesión termina después de una hora; por eso la clínica no se conectó. Las clínicas que iniciaron sesión antes siguen igual. Termina cuando un inicio de sesión trae un refresh token, o cuando no hay una aplicación para iniciar sesión.',
      fix: 'En la consola de RingCentral, abra la aplicación para iniciar sesión y ponga "Issue refresh tokens" en Yes. Después inicie sesión una vez con una clínica propia. Pida a las clínicas cuya causa es app_misconfigured que inicien sesión otra vez.',
    },
    webhook: {
      title: 'Se desactivó un destino de webhooks',
      what: 'Respondió que no quiere más solicitudes, o todas fallaron durante 5 días. No recibe eventos hasta que lo use otra vez. No se pierde ningún evento: la lista de eventos de la API los tiene todos.',
      fix: 'Abra Webhooks, vea las últimas respuestas y corrija el programa que las recibe. Después use el destino otra vez y envíe lo que faltó.',
    },
    rejections: {
      title: 'RingCentral rechaza a muchas clínicas a la vez',
      what: 'También rechaza nuestra credencial de control, que nadie ha cambiado. Por eso todavía no creemos sus rechazos.',
      fix: 'Pregunte al soporte de RingCentral si hoy hay un problema con las credenciales JWT.',
    },
  },
};
