import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import fp from 'fastify-plugin';
import { Problem } from '@preau/contracts/fields';
import { ERRORS, type ErrorCode } from '@preau/contracts/error-codes';

/** The problem document of one status, with the codes that it may carry. */
export function problemSchemaFor(codes: readonly ErrorCode[]): object {
  return {
    description: codes.map((code) => `\`${code}\`: ${ERRORS[code].title.en}`).join('; '),
    content: { 'application/problem+json': { schema: { ...Problem, description: 'RFC 9457' } } },
  };
}

export interface OpenapiOptions {
  /** Picture of the page, SVG. */
  logo: string;
}

/** OpenAPI 3.1 from the schemas that validate, and a page to browse it. Register before the routes. */
export const openapiPlugin = fp<OpenapiOptions>(
  async (app, { logo }) => {
    await app.register(swagger, {
      openapi: {
        openapi: '3.1.1',
        info: {
          title: 'Préau',
          version: '1',
          description: 'Control plane of a school platform.',
          license: { name: 'MIT', identifier: 'MIT' },
        },
        servers: [{ url: '/api/v1' }],
        components: {
          securitySchemes: {
            session: { type: 'apiKey', in: 'cookie', name: 'preau_session' },
            apiKey: { type: 'apiKey', in: 'header', name: 'api-key' },
            authorization: {
              type: 'apiKey',
              in: 'header',
              name: 'Authorization',
              description: 'Api-Key <prefix>.<secret>',
            },
          },
        },
      },
      stripBasePath: true,
    });
    await app.register(swaggerUi, {
      routePrefix: '/api/v1/docs',
      staticCSP: true,
      logo: { type: 'image/svg+xml', content: logo },
      theme: { title: 'API · Préau' },
      uiConfig: { docExpansion: 'list', deepLinking: true },
    });
  },
  { name: 'openapi' },
);
