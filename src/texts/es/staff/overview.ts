import type { staff as english } from '../../en/staff.js';

export const overview: (typeof english)['overview'] = {
  title: 'Panorama',
  empty: {
    none: 'Todavía no hay clínicas. Cuando se agregue la primera, esta página mostrará qué clínicas necesitan su atención.',
    step: 'Agregue la primera e invite después a una persona que trabaje allí.',
  },
  noIncident: 'No hay ningún incidente abierto.',
  needs: {
    heading: 'Quién nos necesita ahora',
    caption: 'Clínicas que nos necesitan ahora, las peores primero',
    none: 'Ninguna clínica nos necesita ahora.',
    silent: 'Invitada, sin respuesta desde hace 5 días',
    columns: { clinic: 'Clínica', what: 'Qué', since: 'Desde', act: 'Siguiente paso' },
    acts: {
      decide: 'Decidir sobre la cuenta',
      ours: 'Ver qué debemos arreglar',
      email: 'Enviar la solución por correo',
      invite: 'Invitar otra vez',
    },
    states: 'Todas las clínicas por estado',
    owners: {
      isv: (count, shown) => (count === 1 ? 'Debemos actuar por 1 clínica.' : `Debemos actuar por ${shown} clínicas.`),
      tenant: (count, shown) => (count === 1 ? '1 clínica debe actuar.' : `${shown} clínicas deben actuar.`),
      ringcentral: (count, shown) =>
        count === 1 ? 'RingCentral debe actuar por 1 clínica.' : `RingCentral debe actuar por ${shown} clínicas.`,
    },
    all: 'Ver todas las clínicas, las peores primero',
  },
  connected: {
    heading: 'Clínicas conectadas, los últimos 90 días',
    now: (count, connected, clinics) =>
      clinics === '1'
        ? count === 1
          ? 'Su única clínica está conectada ahora.'
          : 'Su única clínica no está conectada ahora.'
        : count === 1
          ? `Ahora está conectada 1 de ${clinics} clínicas.`
          : `Ahora están conectadas ${connected} de ${clinics} clínicas.`,
    change: (sign, difference, since) =>
      sign === 0
        ? `Son las mismas que el ${since}.`
        : `Son ${difference} ${sign > 0 ? 'más' : 'menos'} que el ${since}.`,
    notYet: {
      none: 'Cuando se conecte la primera clínica, aquí empieza una gráfica de los días.',
      oneDay: 'Mañana empieza aquí una gráfica de los días.',
    },
    most: (most) => `La línea superior es ${most}.`,
    asTable: 'Mostrar estos días como tabla',
    utc: 'Cada número es el del final de un día en UTC. Entre las conectadas están las que necesitan atención.',
    columns: { days: 'Días', connected: 'Conectadas', clinics: 'Todas' },
    span: (from, to) => `${from} a ${to}`,
    unknown: 'Sin registro',
  },
  funnel: {
    heading: (days) => `Puesta en marcha: clínicas invitadas en los últimos ${days} días`,
    none: (days) =>
      `No se invitó a ninguna clínica en los últimos ${days} días. Cuando invite a una, aquí verá hasta dónde llega.`,
    notYet: 'Todavía no se ha contado. Los números aparecen en menos de un minuto.',
    columns: {
      step: 'Paso',
      clinics: 'Clínicas',
      stopped: 'Todavía sin avanzar',
      median: 'Mediana del tiempo desde el paso anterior',
    },
    steps: {
      invited: 'Invitada',
      opened: 'Aceptó la invitación',
      console: 'Abrió el paso en la consola de RingCentral',
      pasted: 'Pegó un JWT o inició sesión',
      connected: 'Conectada',
    },
    stop: (step, count, shown) =>
      count === 1
        ? `1 clínica espera después de este paso: ${step}.`
        : `La mayoría espera después de este paso: ${step} (${shown} clínicas).`,
    madeAt: (time) => `Contado el ${time}. Una clínica que llegó a un paso posterior cuenta en cada paso anterior.`,
  },
  nextRun: {
    heading: 'La próxima ejecución',
    notYet: 'Todavía no se ha contado. Los números aparecen en menos de un minuto.',
    allWork: 'La ejecución funcionará para todas las clínicas.',
    allFail: 'La ejecución no funcionará para ninguna clínica.',
    someFail: 'La ejecución no funcionará para algunas clínicas.',
    someUnknown: 'De algunas clínicas aún no sabemos si la ejecución funcionará.',
    begins: 'Empieza',
    ahead: 'Se calcula hasta',
    go: 'Funcionará',
    noGo: 'No funcionará',
    unknown: 'No se sabe',
    atLeast: (count) => `Al menos ${count}`,
    madeAt: (time) => `Contado el ${time}.`,
    link: 'Ver las clínicas de la próxima ejecución',
  },
  expiries: {
    heading: 'JWT que caducan en los próximos 60 días',
    none: 'Ningún JWT en uso caduca en los próximos 60 días.',
    within: (days) => `En ${days} días o menos`,
    between: (from, to) => `Entre ${from} y ${to} días`,
    first: 'Los primeros en caducar',
    columns: { clinic: 'Clínica', on: 'Caduca el' },
    mailed: 'Escribimos a cada clínica 30, 14, 7, 3 y 1 días antes.',
  },
};

export const activity: (typeof english)['activity'] = {
  title: 'Actividad fuera de las clínicas',
  lead: 'Inicios de sesión, trabajo del personal y solicitudes rechazadas. Lo de una clínica está en la página de esa clínica.',
  address: 'Dirección',
};
