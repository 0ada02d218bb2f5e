/**
 * The token endpoint's answers by situation. This is a table because much of it is assumed: a test that needs a
 * different answer replaces one row (`emulator.setAnswer`). Messages and parameters may contain the placeholders
 * `{clientId}`, `{permission}`, `{type}`, `{parameter}` and `{value}`.
 */
export type OauthAnswer = {
  status: number;
  error: string;
  /** null: the answer has no `errors` member */
  code: string | null;
  message: string;
  parameter?: readonly [name: string, value: string];
  headers?: Readonly<Record<string, string>>;
};

const basicChallenge = { 'WWW-Authenticate': 'Basic realm="RingCentral REST API"' };
const notFound = { status: 400, error: 'invalid_grant', code: 'OAU-213', message: 'Token not found' };

const defaults = {
  // Checks before the assertion. For 415 only the status is documented, so the answer has no code.
  content_type_unsupported: { status: 415, error: 'invalid_request', code: null, message: 'Unsupported Media Type' },
  parameter_duplicated: {
    status: 400,
    error: 'invalid_request',
    code: 'OAU-111',
    message: 'Request parameter duplication detected',
  },
  client_authentication_required: {
    status: 400,
    error: 'invalid_client',
    code: 'OAU-123',
    message: 'Client authentication is required',
  },
  authorization_header_malformed: {
    status: 400,
    error: 'invalid_client',
    code: 'OAU-123',
    message: 'Authentication header value is malformed',
  },
  client_unknown: {
    status: 400,
    error: 'invalid_client',
    code: 'OAU-153',
    message: 'Invalid client application: [{clientId}]',
    parameter: ['client_id', '{clientId}'],
  },
  secret_wrong: {
    status: 401,
    error: 'invalid_client',
    code: 'OAU-146',
    message: 'Invalid client credentials',
    headers: basicChallenge,
  },
  client_of_sandbox: {
    status: 401,
    error: 'invalid_client',
    code: 'OAU-165',
    message: 'Sandbox client is not allowed: {clientId}',
    headers: basicChallenge,
  },
  grant_unknown: { status: 400, error: 'invalid_request', code: 'OAU-250', message: 'Unsupported grant type' },
  grant_off: {
    status: 400,
    error: 'unauthorized_client',
    code: 'OAU-251',
    message: 'Unauthorized for this grant type',
  },
  // Assumed: the code is documented for API parameters and has not been seen here.
  parameter_invalid: {
    status: 400,
    error: 'invalid_request',
    code: 'CMN-101',
    message: 'Parameter [{parameter}] value is invalid',
    parameter: ['{parameter}', '{value}'],
  },
  scope_not_of_app: {
    status: 400,
    error: 'invalid_scope',
    code: 'CMN-101',
    message: 'Parameter [scope] value is invalid',
    parameter: ['scope', '{value}'],
  },
  // The assertion. OAU-331: code seen, the rest assumed. OAU-345: body seen, status assumed. OAU-347: code and text
  // documented.
  assertion_not_a_jwt: { status: 400, error: 'invalid_request', code: 'OAU-331', message: 'Invalid assertion' },
  algorithm_unsupported: {
    status: 400,
    error: 'invalid_request',
    code: 'OAU-347',
    message: 'An algorithm which is used for assertion signing is not supported for JWT Bearer grant type',
  },
  signature_wrong: { status: 400, error: 'invalid_request', code: 'OAU-345', message: 'Invalid assertion signature' },
  // All assumed: RingCentral's answers to a sandbox, revoked, deleted or expired JWT are unknown.
  environment_wrong: { status: 400, error: 'invalid_request', code: 'OAU-345', message: 'Invalid assertion signature' },
  jwt_expired: notFound,
  jwt_revoked: notFound,
  jwt_deleted: notFound,
  app_not_permitted: {
    status: 400,
    error: 'invalid_request',
    code: 'OAU-473',
    message: 'The client [{clientId}] is not allowed to use this personal API Key',
  },
  // Assumed: older material gives this code the same meaning.
  app_private: {
    status: 400,
    error: 'unauthorized_client',
    code: 'OAU-112',
    message: 'Client is unauthorized for this grant type',
  },
  third_party_access_missing: {
    status: 400,
    error: 'invalid_client',
    code: 'CMN-408',
    message: '[ThirdPartyAppAccess] permission required',
    parameter: ['permissionName', 'ThirdPartyAppAccess'],
  },
  // The codes are documented; that the JWT grant answers with them is assumed.
  owner_deleted: { status: 400, error: 'invalid_grant', code: 'OAU-232', message: 'Extension not found' },
  owner_inactive: {
    status: 400,
    error: 'invalid_grant',
    code: 'OAU-141',
    message: 'Login for extension in current state is not allowed.',
  },
  owner_type_cannot_log_in: {
    status: 403,
    error: 'invalid_grant',
    code: 'OAU-105',
    message: 'Login for {type} extension is not allowed.',
  },
  owner_is_call_queue: {
    status: 403,
    error: 'invalid_grant',
    code: 'OAU-163',
    message: 'Login for {type} extension is not allowed.',
  },
  account_deleted: { status: 400, error: 'invalid_grant', code: 'OAU-222', message: 'Account does not exist' },
  account_inactive: {
    status: 401,
    error: 'invalid_grant',
    code: 'OAU-142',
    message: 'Login to account in current state is not allowed.',
  },
  account_restricted: {
    status: 403,
    error: 'invalid_client',
    code: 'OAU-167',
    message: 'Account access restricted by RealmId',
  },
  // Other grants and revocation. The codes are documented; that the answer is 400 invalid_grant is assumed.
  code_expired: { status: 400, error: 'invalid_grant', code: 'OAU-108', message: 'Authorization code is expired' },
  redirect_uri_differs: { status: 400, error: 'invalid_grant', code: 'OAU-109', message: 'Redirect URIs do not match' },
  // Both values of `error` have been seen with OAU-109; that this endpoint sends this one is assumed.
  redirect_uri_not_of_app: {
    status: 400,
    error: 'invalid_redirect_uri',
    code: 'OAU-109',
    message: 'Redirect URIs do not match',
  },
  // The code is documented; status, `error` and text are assumed.
  brand_unknown: {
    status: 400,
    error: 'invalid_request',
    code: 'OAU-101',
    message: 'Parameter [brandId] is invalid',
    parameter: ['brandId', '{value}'],
  },
  code_of_other_app: {
    status: 400,
    error: 'invalid_grant',
    code: 'OAU-110',
    message: 'Authorization code was issued to another application',
  },
  redirect_uri_not_registered: {
    status: 403,
    error: 'invalid_client',
    code: 'OAU-113',
    message: 'No redirect uri is registered for client application',
  },
  code_invalid: { status: 400, error: 'invalid_grant', code: 'OAU-106', message: 'Authorization code is invalid' },
  refresh_token_expired: { status: 400, error: 'invalid_grant', code: 'OAU-210', message: 'Token expired' },
  refresh_token_revoked: { status: 400, error: 'invalid_grant', code: 'OAU-211', message: 'Token revoked' },
  refresh_token_unknown: notFound,
  // Assumed: RingCentral's answer after a session limit is unknown.
  session_limit_reached: { status: 400, error: 'invalid_grant', code: 'OAU-210', message: 'Token expired' },
  revoke_token_missing: {
    status: 400,
    error: 'invalid_request',
    code: 'CMN-101',
    message: 'Parameter [token] value is invalid',
    parameter: ['token', ''],
  },
  revoke_wrong_client: {
    status: 400,
    error: 'invalid_client',
    code: 'OAU-164',
    message: 'Token does not belong to the client',
  },
} satisfies Record<string, OauthAnswer>;

export type Situation = keyof typeof defaults;
export type Answers = Record<Situation, OauthAnswer>;
export const situations = Object.keys(defaults) as Situation[];
export const defaultAnswers = (): Answers => structuredClone(defaults);

/** A refusal: the row, and the values for its placeholders. */
export type Refusal = { situation: Situation; values?: Record<string, string> };

const fill = (text: string, values: Record<string, string>) =>
  text.replace(/\{(\w+)\}/g, (_whole, name: string) => values[name] ?? '');

/** The error body of the token endpoint. */
export function oauthBody(answer: OauthAnswer, values: Record<string, string> = {}) {
  const message = fill(answer.message, values);
  const [name, value] = answer.parameter ?? [];
  const parameters =
    name === undefined || value === undefined
      ? {}
      : { parameters: [{ parameterName: fill(name, values), parameterValue: fill(value, values) }] };
  return {
    error: answer.error,
    error_description: message,
    ...(answer.code === null ? {} : { errors: [{ errorCode: answer.code, message, ...parameters }] }),
  };
}
