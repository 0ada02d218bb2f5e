import type { staff as english } from '../../en/staff.js';

export const budget: (typeof english)['budget'] = {
  title: 'Llamadas a RingCentral',
  lead: [
    'RingCentral cuenta cuántas veces nuestra aplicación pide un token, para todas las clínicas juntas.',
    'Las personas van primero: siempre se les reserva una llamada. Las comprobaciones esperan a que nadie más espere.',
  ],
  ownBudgets: ['RingCentral cuenta por cada clínica, según se configuró aquí.'],
  tooMany: (every) =>
    `Las llamadas no bastan para tantas clínicas: cada una se comprueba solo cada ${every}. Pida a RingCentral un límite mayor.`,
  now: 'En este momento',
  ofApp: {
    jwt: (where) => `${where}: aplicación para los JWT`,
    sign_in: (where) => `${where}: aplicación para los inicios de sesión`,
  },
  limit: 'Llamadas permitidas',
  perWindow: (calls, window) => `${calls} en ${window}`,
  used: 'Usadas de estas',
  free: 'Libres',
  waiting: 'En espera',
  lanes: ({ interactive, broker, background }) =>
    `${interactive} de personas, ${broker} de tareas, ${background} de comprobaciones`,
  penalty: 'Retenidas por RingCentral',
  noPenalty: 'Ahora no',
  until: (time) => `Hasta ${time}`,
  checks: 'Comprobaciones de todas las clínicas',
  tenants: 'Clínicas que se comprueban',
  every: 'Cada una se comprueba cada',
  wanted: (wanted) => `Se desea: cada ${wanted}`,
  room: 'Cuántas clínicas más caben antes de comprobar con menos frecuencia',
  nightly: 'Una tarea que pide una vez por cada clínica tarda',
  examples: 'Lo que se necesita con otras cantidades de clínicas',
  clinics: 'Clínicas',
};
