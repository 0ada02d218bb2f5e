type Part = [partial: string, given: object];
export type SamplePage = {
  title: string;
  action: string;
  parts: Part[];
  after: Part[];
  errors?: object[];
  wide?: boolean;
  backLink?: object;
  refreshSeconds?: number;
  mainAttributes?: object;
};

const shown = { iso: '2026-11-21T14:05:00Z', text: '2 hours ago', exact: 'Nov 21, 2026, 7:05 AM Mountain Time' };
const states = ['healthy', 'warning', 'failing', 'pending', 'unverified', 'not_connected', 'disconnected'];
const notTheJwt = 'This is the client ID. Paste the JWT: the long text that starts with eyJ.';

const form: SamplePage = {
  title: 'Every field',
  action: '/sent',
  backLink: { href: '/', text: 'Connection' },
  parts: [
    ['form/textarea', { name: 'assertion', label: 'Paste the JWT', hint: 'A long text that starts with eyJ.' }],
    ['form/text-input', { name: 'email', label: 'Email address', type: 'email', autocomplete: 'username' }],
    ['form/text-input', { name: 'code', label: 'Code', hint: '6 digits', width: 10, inputmode: 'numeric' }],
    [
      'form/radios',
      {
        name: 'role',
        legend: 'Role',
        items: [
          { value: 'operator', text: 'Operator', hint: 'Sends fixes.' },
          { value: 'auditor', text: 'Auditor', checked: true },
        ],
      },
    ],
    [
      'form/checkboxes',
      { name: 'line', legend: 'Whose faxes?', items: [{ value: '101', text: 'Front desk', checked: true }] },
    ],
    ['form/select', { name: 'zone', label: 'Time zone', items: [{ value: 'UTC', text: 'UTC', selected: true }] }],
    ['form/button', { text: 'Check and save' }],
    ['form/button', { text: 'Disconnect', variant: 'warning' }],
  ],
  after: [['copy', { id: 'forward', label: 'Text to forward', value: 'Hello,\n\nthis is it.', multiline: true }]],
};

/** Pages with every partial in each of its states, so that the partials are tested in realistic surroundings. */
export const samples: Record<string, SamplePage> = {
  '/sample/form': form,
  '/sample/errors': {
    ...form,
    title: 'Every field with an error',
    errors: [{ text: notTheJwt, href: '#assertion' }],
    parts: [
      ['form/error-summary', { errors: [{ text: notTheJwt, href: '#assertion' }], code: 'client_id' }],
      ...form.parts.map(([name, given]): Part => [name, name === 'button' ? given : { ...given, error: notTheJwt }]),
    ],
  },
  '/sample/state': {
    title: 'Every part that shows',
    action: '/sent',
    parts: [['form/button', { text: 'Check now', variant: 'secondary' }]],
    after: [
      ['notification', { text: 'RingCentral is connected.', type: 'success' }],
      ['inset', { text: 'RingCentral lets us ask 5 times a minute. Your turn is at 14:03.' }],
      ['warning', { text: 'Faxes begin to be lost on March 3, 2026.' }],
      ...states.map((state): Part => ['state-badge', { state, text: `It is ${state}` }]),
      [
        'summary-list',
        {
          rows: [
            { key: 'State', value: { badge: { state: 'healthy', text: 'Working' } } },
            { key: 'Connected as', value: 'Fax Service, extension 101', action: { href: '/x', text: 'Replace' } },
            { key: 'Last checked', value: { time: shown }, action: { post: '/y', text: 'Check now' } },
          ],
        },
      ],
      ['details', { summary: 'My screen looks different', paragraphs: ['One.', 'Two.'] }],
    ],
  },
  '/sample/table': {
    title: 'Tenants',
    action: '/sent',
    wide: true,
    parts: [['form/button', { text: 'Export', variant: 'secondary' }]],
    after: [
      [
        'table',
        {
          caption: '7 of 100,000 tenants',
          head: ['Tenant', 'State', 'Since', 'Cause', 'Who needs to act', ''],
          rows: states.map((state) => [
            { text: `Clinic ${state}`, href: `/staff/tenants/${state}`, note: 'ref NV-1001' },
            { badge: { state, text: `It is ${state}` } },
            { time: shown },
            'RingCentral has not been told that our app may use this JWT',
            'The clinic',
            { action: { text: 'Send the fix', hidden: `to Clinic ${state}`, post: '/fixes' } },
          ]),
        },
      ],
    ],
  },
};
