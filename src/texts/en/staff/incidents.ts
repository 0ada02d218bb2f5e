/** The pages about problems that affect more than one clinic. */
export const incidents = {
  title: 'Incidents',
  lead: 'What concerns more than one clinic. Each opens and ends by what the checks find.',
  none: 'There has been no incident.',
  columns: { what: 'What happened', environment: 'Where', opened: 'Began', closed: 'Ended' },
  open: 'Not over yet',
  over: 'Over',
  overWhat: 'The checks found that it is over. There is nothing left to do.',
  fix: 'What to do',
  timeline: 'What happened when',
  opened: 'It began.',
  openedWith: 'It began. RingCentral answered with the code',
  asked: 'RingCentral was asked last whether it is over.',
  closed: 'It ended.',
  /** What to do about our app, by RingCentral's code. `invalid_client` alone is how it refuses a blocked app. */
  byCode: {
    'CMN-303':
      "RingCentral finds no API plan for our app. Open the app in RingCentral's console: was it graduated to production, and which plan does it have? Then ask the support of RingCentral for developers to assign one.",
    invalid_client:
      "RingCentral refuses our app without naming a reason, as it does with an app that it has blocked. Open the app in RingCentral's console and look at its status. Then ask the support of RingCentral for developers to unblock it.",
  },
  /** About the app with which people sign in. */
  ofSignIn: {
    place: (environment: string) => `${environment}: sign-in app`,
    what: 'It concerns the app with which people sign in to RingCentral. It needs the auth code flow instead of the JWT flow. Clinics with a JWT are not affected.',
  },
  /** `time`: when RingCentral ends the first of them. */
  overdue: (count: number, time: string) =>
    count === 1
      ? `1 RingCentral sign-in has not been renewed for days. RingCentral ends it on ${time}, unless it is renewed before.`
      : `${count} RingCentral sign-ins have not been renewed for days. RingCentral ends the first on ${time}, unless it is renewed before.`,
  kinds: {
    app: {
      title: 'RingCentral refuses our app',
      what: 'No clinic changes state, and no clinic is written to. One call a minute finds out when it is over.',
      fix: 'Compare client ID, client secret and JWT flow with the app in the console of RingCentral. The command latchkey doctor names what is wrong.',
    },
    budget: {
      title: 'Too few calls for so many clinics',
      what: 'RingCentral lets us ask so rarely that each clinic is checked less than once in 7 days.',
      fix: 'Ask RingCentral for a higher limit, and set it here. The page about calls says how many are needed.',
    },
    scope: {
      title: 'Our app lacks a scope',
      what: 'RingCentral gives our app tokens without a scope that it needs. No clinic changes state, and no clinic is written to. One call a minute finds out when it is over. Then every clinic that waited is checked, first pastes first.',
      fix: 'In the console of RingCentral, give the app every scope of RINGCENTRAL_REQUIRED_SCOPES. The default is ReadAccounts and ReadMessages.',
    },
    renewal: {
      title: 'RingCentral sign-ins are not renewed',
      what: 'We renew each sign-in every day. At least one has not been renewed for days, so no job gets a token for that clinic. RingCentral ends a sign-in 7 days after its last renewal, or earlier if the account limits it. Then the clinic has to sign in again.',
      fix: 'Look for another open incident, and run the command latchkey doctor: does this server reach RingCentral? Then compare RINGCENTRAL_CODE_CLIENT_ID with the app that people signed in with: only that app can renew. The page of each clinic says when its sign-in ends.',
    },
    former_app: {
      title: 'Clinics signed in with another app of ours',
      what: 'RingCentral renews a sign-in only for the app with which a person signed in. Another client ID is set for sign-ins now, or none. So nothing is sent for these clinics, and their jobs get no new access token. Each of them is asked to sign in again 7 days after its last renewal.',
      fix: 'Set the former client ID and its secret again, if the change was a mistake. Otherwise ask these clinics to sign in again.',
    },
    refresh_tokens: {
      title: 'New RingCentral sign-ins cannot be kept',
      what: 'A person signed in, and RingCentral gave our app no refresh token. Without one a sign-in ends after an hour, so the clinic was not connected. Clinics that signed in before go on. It is over when a sign-in brings a refresh token, or when no app for sign-ins is set.',
      fix: 'In the console of RingCentral, open the app for sign-ins and set "Issue refresh tokens" to Yes. Then sign in once with a clinic of your own. Ask the clinics whose cause is app_misconfigured to sign in again.',
    },
    webhook: {
      title: 'A webhook endpoint was turned off',
      what: 'It answered that it wants no more requests, or every request failed for 5 days. It gets no events until you use it again. No event is lost: the list of events of the API has every one.',
      fix: 'Open Webhooks, look at the last answers, and fix the program that receives them. Then use the endpoint again and send what was missed.',
    },
    rejections: {
      title: 'RingCentral refuses many clinics at once',
      what: 'It also refuses our own control credential, which nobody changed. So its refusals are not believed yet.',
      fix: 'Ask the support of RingCentral whether JWT credentials have a trouble today.',
    },
  },
};
