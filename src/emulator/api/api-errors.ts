import type { Response } from 'express';
import { noteErrorCode } from '../traffic/call-context.js';

type Detail = Record<string, string>;

/**
 * An error of the RingCentral API. The top-level code may be a general class while `errors[0]` holds the specific
 * code. `fields` appear in both places unless `innerOnly` is set.
 */
export type ApiError = {
  status: number;
  code: string;
  message: string;
  inner?: { code: string; message: string };
  fields?: Detail;
  innerOnly?: boolean;
};

export function sendApiError(res: Response, error: ApiError): void {
  const inner = innerOf(error);
  noteErrorCode(res, inner.code);
  if (error.status === 401) {
    res.set(
      'WWW-Authenticate',
      `Bearer realm="RingCentral REST API", error="invalid_token", error_description="${inner.message}"`,
    );
  }
  res.status(error.status).json(apiErrorBody(error));
}

const innerOf = (error: ApiError) => error.inner ?? { code: error.code, message: error.message };

export function apiErrorBody(error: ApiError) {
  const inner = innerOf(error);
  return {
    errorCode: error.code,
    message: error.message,
    errors: [{ errorCode: inner.code, ...error.fields, message: inner.message }],
    ...(error.innerOnly ? {} : error.fields),
  };
}

const tokenInvalid = (code: string, message: string): ApiError => ({
  status: 401,
  code: 'TokenInvalid',
  message: 'OAuth token is invalid',
  inner: { code, message },
});

export const apiErrors = {
  noAuthorization: { status: 401, code: 'AGW-401', message: 'Authorization header is not specified' } as ApiError,
  /** The code has been seen; the text is assumed. */
  badAuthorization: { status: 401, code: 'AGW-402', message: 'Authorization header is invalid' } as ApiError,
  unparsableToken: tokenInvalid('OAU-149', 'Unparsable access token'),
  unknownToken: tokenInvalid('OAU-213', 'Token not found'),
  /** The top-level code is assumed. */
  expiredToken: {
    status: 401,
    code: 'TokenExpired',
    message: 'OAuth token is expired',
    inner: { code: 'OAU-128', message: 'Access token expired' },
  } as ApiError,
  rateExceeded: { status: 429, code: 'CMN-301', message: 'Request rate exceeded' } as ApiError,
  scopeMissing(scope: string): ApiError {
    const message = `In order to call this API endpoint, application needs to have [${scope}] permission`;
    const fields = { permissionName: scope };
    return { status: 403, code: 'InsufficientPermissions', message, inner: { code: 'CMN-401', message }, fields };
  },
  permissionMissing: (permission: string): ApiError => ({
    status: 403,
    code: 'CMN-408',
    message: `In order to call this API endpoint, user needs to have [${permission}] permission for requested resource.`,
    fields: { permissionName: permission },
  }),
  permissionNotExtended: (permission: string): ApiError => ({
    status: 403,
    code: 'CMN-419',
    message: `In order to call this API endpoint for another extension, user needs to have [${permission}] permission granted with extended scope`,
    fields: { permissionsName: permission },
    innerOnly: true,
  }),
  otherExtension: { status: 403, code: 'CMN-404', message: 'Attempt to access another extension' } as ApiError,
  notFound: (parameter: string): ApiError => ({
    status: 404,
    code: 'CMN-102',
    message: `Resource for parameter [${parameter}] is not found`,
    fields: { parameterName: parameter },
  }),
  invalidUri: { status: 404, code: 'CMN-120', message: 'Invalid URI' } as ApiError,
  parameterInvalid: (parameter: string): ApiError => ({
    status: 400,
    code: 'CMN-101',
    message: `Parameter [${parameter}] value is invalid`,
    fields: { parameterName: parameter },
  }),
  /** The client must start a full sync. The text is assumed. */
  syncTokenUnusable: { status: 400, code: 'MSG-333', message: 'Parameter [syncToken] is invalid' } as ApiError,
  /** The fax is listed before its document can be read. The text is from RingCentral's list of changes. */
  processing: (status: number): ApiError => ({
    status,
    code: 'MSG-368',
    message: 'Fax message processing is in progress',
  }),
  rangeInvalid: { status: 416, code: 'CMN-107', message: 'Range is not satisfiable' } as ApiError,
};
