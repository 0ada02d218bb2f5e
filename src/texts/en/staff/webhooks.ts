type Isv = { isv: string };
type Notice = Isv & { at: string; since: string };

/** The endpoints to which events are sent: pages of staff, and mails to administrators. */
export const webhooks = {
  title: 'Webhooks',
  lead: 'We send each event to the addresses that you add here. Each request is signed, so your program can verify it.',
  columns: {
    endpoint: 'Endpoint',
    events: 'Events',
    state: 'State',
    success: 'Last delivered',
    failure: 'Last failed',
  },
  create: 'Add an endpoint',
  empty: 'There are no endpoints yet. Add one, then send it a test.',
  eventCount: (count: number) => (count === 1 ? '1 event' : `${count} events`),
  never: 'Never',
  states: {
    active: 'In use',
    failing: 'Failing',
    paused: 'Paused',
    checking: 'Waiting for a test',
    off: 'Turned off',
  },
  because: {
    gone: 'It answered 410: it accepts no more requests.',
    failing: 'Every request failed for 5 days.',
  },
  form: {
    title: 'Add an endpoint',
    url: 'URL',
    urlHint: 'It begins with https:// and leads to a public address. Emails show only its host',
    description: 'Description',
    descriptionHint: 'For your colleagues, such as Ticket system',
    events: 'Events to send',
    button: 'Add the endpoint',
  },
  problems: {
    url: {
      malformed: 'Enter a complete URL, such as https://hooks.example.com/latchkey.',
      not_https: 'Enter a URL that begins with https://.',
      names_user: 'Enter the URL without a user name or password.',
      fragment: 'Enter the URL without the part after #.',
      not_public: 'Enter a URL that leads to a public address. This one leads to a private or reserved address.',
      too_long: 'The URL is too long. Use at most 2000 characters.',
      too_many: 'There are 50 endpoints. Remove one before you add another.',
    },
    description: {
      missing: 'Enter a description.',
      too_long: 'The description is too long. Use at most 100 characters.',
    },
    events: { missing: 'Choose at least one event.' },
  },
  made: {
    title: 'The signing secret',
    label: 'Signing secret',
    lead: 'Copy the secret now. Your program verifies the signature of each request with it.',
    once: 'We show it only this once. If it is lost, rotate the secret.',
    back: 'Open the endpoint',
  },
  notices: {
    repeated: 'You already sent this form. We have shown its secret.',
    paused: 'The endpoint is paused. Its events wait.',
    resumed: 'The endpoint is in use again.',
    checking: 'We are sending a test. If it is delivered, we use the endpoint again.',
    removed: 'The endpoint was removed. Nothing more is sent to it.',
    tested: 'We are sending the test. Refresh this page to see the answer.',
    again: 'We are sending it again, with the same webhook-id.',
    missed: 'We are sending what was missed.',
  },
  one: {
    url: 'URL',
    events: 'Events',
    state: 'State',
    since: 'Since',
    waiting: 'Waiting to be sent',
    failingSince: 'Every request has failed since',
    nextTurn: 'Next request no earlier than',
    success: 'Last delivered',
    failure: 'Last failed',
    created: 'Created',
    formerSecret: 'Former secret also signs until',
    failing: 'Every request fails. We try again for 75 hours. After 5 days we turn the endpoint off.',
    feed: "The API's list of events has every event, even if it was not delivered here.",
    deliveries: 'Deliveries',
    none: 'Nothing has been sent yet. Send a test to see the first delivery.',
    older: 'Older deliveries',
    columns: { event: 'Event', number: 'Number', state: 'State', tries: 'Requests', time: 'Time' },
    test: {
      heading: 'Send a test',
      what: 'The test has a name that is not ASCII, an escape and an unusual order of keys. A program that verifies it reads the body as it was sent.',
      type: 'Event',
      button: 'Send the test',
    },
    missedEvents: (count: number, shown: string) =>
      count === 1 ? '1 event was not delivered.' : `${shown} events were not delivered.`,
    answersAgain: 'The endpoint answers again.',
    missedThen: {
      active: 'An administrator can send what was missed, on this page.',
      paused: 'An administrator can send what was missed, after the endpoint is resumed.',
      checking: 'An administrator can send what was missed, after the test is delivered.',
      off: 'An administrator can send what was missed, after the endpoint is used again.',
    },
    sendMissed: {
      heading: 'Send what was missed',
      what: 'We send the events that were not delivered, in their order. Each keeps its webhook-id.',
      button: 'Send what was missed',
    },
    rotate: {
      heading: 'Rotate the secret',
      what: 'You get a new secret. Until the time you choose, each request has a signature of both.',
      overlap: 'How long the former secret also signs',
      hours: { '0': 'It ends immediately', '24': '24 hours', '72': '3 days', '168': '7 days' },
      button: 'Rotate the secret',
    },
    pause: {
      heading: 'Pause the endpoint',
      what: 'Its events wait until you resume it.',
      button: 'Pause the endpoint',
    },
    resume: {
      heading: 'Resume the endpoint',
      what: 'The events that wait are sent.',
      button: 'Resume the endpoint',
    },
    enable: {
      heading: 'Use the endpoint again',
      what: 'We send a test first. If it is delivered, the endpoint gets new events again. Then you can send what was missed.',
      button: 'Send a test and use it again',
    },
    remove: {
      heading: 'Remove the endpoint',
      what: 'Nothing more is sent to it, and its secret is destroyed. This cannot be undone.',
      button: 'Remove the endpoint',
    },
  },
  test: 'Test',
  deliveryStates: { open: 'Waiting', delivered: 'Delivered', gave_up: 'Given up', ended: 'Ended' },
  delivery: {
    title: (type: string) => `Delivery of ${type}`,
    id: 'webhook-id',
    nextTry: 'Next request',
    body: 'Body',
    attempts: 'Requests',
    noAttempts: 'No requests have been sent yet.',
    columns: { time: 'Time', answer: 'Answer', duration: 'Duration', excerpt: 'Beginning of the answer' },
    milliseconds: (ms: string) => `${ms} ms`,
    emptyAnswer: 'Empty',
    failures: {
      time_out: 'No complete answer in 15 seconds',
      dns: 'The host was not found',
      tls: 'The certificate or the TLS connection was not accepted',
      network: 'The connection failed',
      redirected: 'It answered with a redirect, which is not followed',
      not_allowed: 'The host leads to an address that is not public, so nothing was sent',
    },
    again: { what: 'We send the same body with the same webhook-id.', button: 'Send again' },
  },
  mails: {
    which: ({ description, host }: { description: string; host: string }) =>
      `The endpoint is called ${description}, at ${host}.`,
    notices: {
      made: {
        subject: ({ isv }: Isv) => `${isv}: a webhook endpoint was added`,
        what: ({ isv, at }: Notice) => `An endpoint for the events of ${isv} was added on ${at}.`,
        then: 'If you did not expect this, open Webhooks in the portal and remove it.',
      },
      rotated: {
        subject: ({ isv }: Isv) => `${isv}: the secret of a webhook endpoint was rotated`,
        what: ({ isv, at }: Notice) => `The signing secret of an endpoint of ${isv} was rotated on ${at}.`,
        then: 'If you did not expect this, open Webhooks in the portal and rotate it again.',
      },
      removed: {
        subject: ({ isv }: Isv) => `${isv}: a webhook endpoint was removed`,
        what: ({ isv, at }: Notice) => `An endpoint for the events of ${isv} was removed on ${at}.`,
        then: 'If you did not expect this, open Webhooks in the portal and add it again.',
      },
      hour: {
        subject: ({ isv }: Isv) => `${isv}: a webhook endpoint has failed for an hour`,
        what: ({ isv, since }: Notice) => `Every request of ${isv} to an endpoint has failed since ${since}.`,
        then: 'We will keep trying. Open Webhooks in the portal to see the answers.',
      },
      days: {
        subject: ({ isv }: Isv) => `${isv}: a webhook endpoint will be turned off in a day`,
        what: ({ isv, since }: Notice) =>
          `Every request of ${isv} to an endpoint has failed since ${since}. If this continues, we will turn the endpoint off in a day.`,
        then: 'Open Webhooks in the portal to see the answers. The list of events of the API has every event.',
      },
      gaveUp: {
        subject: ({ isv }: Isv) => `${isv}: a webhook endpoint misses events`,
        what: ({ isv, at }: Notice) =>
          `An event of ${isv} could not be delivered to an endpoint for 75 hours. We stopped trying on ${at}.`,
        then: 'Other events may follow. When the endpoint answers again, open Webhooks in the portal and send what was missed. No event is lost.',
      },
      off: {
        subject: ({ isv }: Isv) => `${isv}: a webhook endpoint was turned off`,
        what: ({ isv, at, since }: Notice) =>
          `Every request of ${isv} to an endpoint has failed since ${since}. We turned it off on ${at}.`,
        then: 'Open Webhooks in the portal to use it again, and to send what was missed. No event is lost.',
      },
      gone: {
        subject: ({ isv }: Isv) => `${isv}: a webhook endpoint was turned off`,
        what: ({ isv, at }: Notice) =>
          `An endpoint answered ${isv} on ${at} that it accepts no more requests (410), so we turned it off.`,
        then: 'Open Webhooks in the portal to use it again, and to send what was missed. No event is lost.',
      },
    },
  },
};
