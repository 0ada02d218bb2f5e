/** What became of an email, on every page that says it was sent. */
export const mailStates = {
  label: 'Delivery',
  email: (outcome: string) => `Email: ${outcome}.`,
  outcomes: {
    waiting: 'Waiting to be sent',
    again: (time: string) => `Not sent yet. Next try: ${time}`,
    delivered: (time: string) => `Accepted by the mail server on ${time}`,
    gaveUp: 'Not delivered',
    unknown: 'No longer known',
  },
  errors: {
    address_refused: 'The mail server says that this address does not exist.',
    mailbox_refused: 'The mail server says that this mailbox does not accept email because it is full or disabled.',
    smtp_5xx: 'The mail server rejected the email.',
    smtp_4xx: 'The mail server asked us to try later.',
    smtp_timeout: 'The mail server did not answer in time.',
    smtp_unreachable: 'The mail server could not be reached.',
    smtp_tls: 'The certificate of the mail server is not trusted.',
    smtp_auth: 'The mail server does not accept our password.',
    smtp_refused: 'The mail server does not accept email from us.',
    mail_invalid: 'The address cannot be used.',
    cannot_open: 'The worker does not have the key of this email.',
    delivery_failed: 'Something went wrong on our side.',
    on_its_way: 'It is being sent.',
    unanswered: 'We sent it, but stopped before the answer came.',
  },
  /** On every staff page, while email waits and nothing goes out. */
  stalled: (time: string) => `No email has gone out for 15 minutes. One has been waiting since ${time}.`,
  stalledNoTry: 'No worker has tried to send it.',
  /** On pages that must not tell whether an address has an account. */
  stalledForAll: 'Some emails are delayed right now. We will send them as soon as possible.',
};
