import type { account as english } from '../en/account.js';

export const account: typeof english = {
  title: 'Su cuenta',
  back: 'Volver a la página de inicio',
  name: 'Nombre',
  email: 'Correo electrónico',
  role: 'Rol',
  roles: { administrator: 'Administrador', operator: 'Operador', auditor: 'Auditor' },
  secondFactor: 'Aplicación de autenticación',
  secondFactorStates: { inUse: 'Configurada', notInUse: 'Sin configurar' },
  show: 'Ver',
  setUp: 'Configurar',
};
