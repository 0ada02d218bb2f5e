/** The pages about problems that affect more than one clinic. */
export const incidents = {
  title: 'Incidents',
  lead: 'Problems that affect more than one clinic. Checks open and close them.',
  none: 'There has been no incident. When one begins, we email staff and show it here.',
  columns: { what: 'What happened', environment: 'Where', opened: 'Began', closed: 'Ended' },
  open: 'Open',
  now: (count: number) => (count === 1 ? '1 open incident' : `${count} open incidents`),
  over: 'Resolved',
  overWhat: "The checks found that this is resolved. You don't need to do anything.",
  fix: 'What to do',
  timeline: 'Timeline',
  opened: 'The incident began.',
  openedWith: 'The incident began. RingCentral answered with the code',
  asked: 'We last asked RingCentral whether it is resolved.',
  closed: 'The incident ended.',
  /** What to do about our app, by RingCentral's code. `invalid_client` alone is how it refuses a blocked app. */
  byCode: {
    'CMN-303':
      "RingCentral finds no API plan for our app. Open the app in RingCentral's console. Check whether it was graduated to production, and which plan it has. Then ask RingCentral developer support to assign a plan.",
    invalid_client:
      "RingCentral rejects our app without giving a reason, as it does with a blocked app. Open the app in RingCentral's console and look at its status. Then ask RingCentral developer support to unblock it.",
  },
  /** About the app with which people sign in. */
  ofSignIn: {
    place: (environment: string) => `${environment}: sign-in app`,
    what: 'This affects the app that people use to sign in to RingCentral. It needs the auth code flow instead of the JWT flow. Clinics with a JWT are not affected.',
  },
  /** `time`: when RingCentral ends the first of them. */
  overdue: (count: number, time: string) =>
    count === 1
      ? `1 RingCentral sign-in has not been renewed for days. RingCentral ends it on ${time}, unless it is renewed before then.`
      : `${count} RingCentral sign-ins have not been renewed for days. RingCentral ends the first on ${time}, unless it is renewed before then.`,
  kinds: {
    app: {
      title: 'RingCentral rejects our app',
      what: 'No clinic changes state, and we email no clinic. We call RingCentral once a minute to find out when this is resolved.',
      fix: "Compare the client ID, client secret and JWT flow with the app in RingCentral's console. The command latchkey doctor shows what is wrong.",
    },
    budget: {
      title: 'Too few calls for so many clinics',
      what: 'RingCentral lets us ask so rarely that each clinic is checked less than once in 7 days.',
      fix: 'Ask RingCentral for a higher limit, and set it here. The Calls page shows how many you need.',
    },
    scope: {
      title: 'Our app is missing a scope',
      what: 'RingCentral gives our app tokens without a scope that it needs. No clinic changes state, and we email no clinic. We call RingCentral once a minute to find out when this is resolved. Then we check every clinic that waited, starting with first-time connections.',
      fix: "In RingCentral's console, give the app every scope in RINGCENTRAL_REQUIRED_SCOPES. The default is ReadAccounts and ReadMessages.",
    },
    renewal: {
      title: 'RingCentral sign-ins are not renewed',
      what: 'We renew each sign-in every day. At least one has not been renewed for days, so no job gets a token for that clinic. RingCentral ends a sign-in 7 days after its last renewal, or earlier if the account limits it. After that, the clinic needs to sign in again.',
      fix: 'Look for another open incident. Run the command latchkey doctor to see whether this server can reach RingCentral. Then compare RINGCENTRAL_CODE_CLIENT_ID with the app that people signed in with: only that app can renew. The page of each clinic says when its sign-in ends.',
    },
    former_app: {
      title: 'Clinics signed in with another app of ours',
      what: 'RingCentral renews a sign-in only for the app with which a person signed in. A different client ID is set for sign-ins now, or none. We send nothing for these clinics, and their jobs get no new access tokens. Each of them is asked to sign in again 7 days after its last renewal.',
      fix: 'If the change was a mistake, restore the former client ID and its secret. Otherwise, ask these clinics to sign in again.',
    },
    refresh_tokens: {
      title: 'New RingCentral sign-ins cannot be kept',
      what: 'A person signed in, and RingCentral gave our app no refresh token. Without one, a sign-in ends after an hour, so the clinic was not connected. Clinics that signed in earlier keep working. This is resolved when a sign-in brings a refresh token, or when no app for sign-ins is set.',
      fix: 'In RingCentral\'s console, open the app for sign-ins and set "Issue refresh tokens" to Yes. Then sign in once with a clinic of your own. Ask the clinics whose cause is app_misconfigured to sign in again.',
    },
    webhook: {
      title: 'A webhook endpoint was turned off',
      what: 'It answered that it accepts no more requests, or every request failed for 5 days. It gets no events until you use it again. No event is lost: the list of events of the API has every one.',
      fix: 'Open Webhooks, look at the last answers, and fix the program that receives them. Then use the endpoint again and send what was missed.',
    },
    rejections: {
      title: 'RingCentral rejects many clinics at once',
      what: 'It also rejects our own control credential, which no one changed. We do not act on these rejections yet.',
      fix: 'Ask RingCentral support whether there is a problem with JWT credentials today.',
    },
  },
};
