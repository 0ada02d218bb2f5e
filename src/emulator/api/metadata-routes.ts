import { Router, type Request } from 'express';
import type { Core } from '../core.js';
import { issuers } from '../world/jwt-credentials.js';

const originOf = (req: Request) => `${req.protocol}://${req.get('host') ?? 'localhost'}`;

/** Public calls without a rate limit: version, keys, and the discovery documents that the SDK reads. */
export function metadataRoutes(core: Core): Router {
  return Router()
    .get('/restapi', (req, res) => {
      const uri = `${originOf(req)}/restapi`;
      const version = { uri: `${uri}/v1.0`, versionString: '1.0.60', releaseDate: '2024-01-01T00:00:00.000Z' };
      const apiVersions = [{ ...version, uriString: 'v1.0' }];
      res.json({ uri, serverVersion: '26.3.1', serverRevision: 'emulator', apiVersions });
    })
    .get('/restapi/oauth/jwks', (_req, res) => void res.json(core.signer.jwks()))
    .get('/.well-known/openid-configuration', (req, res) => {
      const oauth = `${originOf(req)}/restapi/oauth`;
      res.json({
        issuer: issuers[core.settings.environment],
        authorization_endpoint: `${oauth}/authorize`,
        token_endpoint: `${oauth}/token`,
        revocation_endpoint: `${oauth}/revoke`,
        jwks_uri: `${oauth}/jwks`,
        token_endpoint_auth_methods_supported: ['client_secret_basic'],
      });
    })
    .get('/.well-known/entry-points/initial', (req, res) => {
      const origin = originOf(req);
      res.json({
        version: '1.0.0',
        retryCount: 3,
        retryInterval: 3,
        discoveryApi: { defaultExternalUri: `${origin}/.well-known/entry-points/external` },
        authApi: {
          authorizationUri: `${origin}/restapi/oauth/authorize`,
          oidcDiscoveryUri: `${origin}/.well-known/openid-configuration`,
          baseUri: `${origin}/restapi/oauth/`,
          defaultTokenUri: `${origin}/restapi/oauth/token`,
        },
        coreApi: { baseUri: origin },
      });
    })
    .get('/.well-known/entry-points/external', (req, res) => {
      const origin = originOf(req);
      res.json({
        version: '1.0.0',
        expiresIn: 3600,
        retryCount: 3,
        retryInterval: 3,
        retryCycleDelay: 824,
        discoveryApi: {
          initialUri: `${origin}/.well-known/entry-points/initial`,
          externalUri: `${origin}/.well-known/entry-points/external`,
        },
        authApi: {
          authorizationUri: `${origin}/restapi/oauth/authorize`,
          oidcDiscoveryUri: `${origin}/.well-known/openid-configuration`,
          baseUri: origin,
          tokenUri: `${origin}/restapi/oauth/token`,
        },
        coreApi: { baseUri: origin },
        rcv: { baseApiUri: origin },
      });
    });
}
