import type { staff as english } from '../../en/staff.js';

export const activity: (typeof english)['activity'] = {
  title: 'Actividad fuera de las clínicas',
  lead: 'Inicios de sesión, trabajo del personal y solicitudes rechazadas. Lo de una clínica está en la página de esa clínica.',
  address: 'Dirección',
};
