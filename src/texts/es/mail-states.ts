import type { mailStates as english } from '../en/mail-states.js';

export const mailStates: typeof english = {
  label: 'Entrega',
  email: (outcome) => `Correo: ${outcome}.`,
  outcomes: {
    waiting: 'Pendiente de envío',
    again: (time) => `Todavía no enviado, próximo intento el ${time}`,
    delivered: (time) => `Aceptado por el servidor de correo el ${time}`,
    gaveUp: 'No entregado',
    unknown: 'Ya no se sabe',
  },
  errors: {
    address_refused: 'El servidor de correo dice que esta dirección no existe.',
    mailbox_refused: 'El servidor de correo dice que este buzón no acepta correo: está lleno o desactivado.',
    smtp_5xx: 'El servidor de correo rechazó el correo.',
    smtp_4xx: 'El servidor de correo nos pidió intentarlo más tarde.',
    smtp_timeout: 'El servidor de correo no respondió a tiempo.',
    smtp_unreachable: 'No se pudo llegar al servidor de correo.',
    smtp_tls: 'No se confía en el certificado del servidor de correo.',
    smtp_auth: 'El servidor de correo no acepta nuestra contraseña.',
    smtp_refused: 'El servidor de correo no acepta correo nuestro.',
    mail_invalid: 'La dirección no se puede usar.',
    cannot_open: 'El proceso que envía no tiene la clave de este correo.',
    delivery_failed: 'Algo falló de nuestro lado.',
    on_its_way: 'Se está enviando.',
    unanswered: 'Se envió, y nos detuvimos antes de que llegara la respuesta.',
  },
  stalled: (time) => `No ha salido ningún correo en 15 minutos. Hay uno pendiente desde el ${time}.`,
  stalledNoTry: 'Ningún proceso ha intentado enviarlo.',
  stalledForAll: 'En este momento, parte del correo se retrasa. Se enviará en cuanto sea posible.',
};
