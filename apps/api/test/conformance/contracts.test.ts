import type { RouteContract } from '@preau/contracts/define-route';
import { ERRORS, FIELD_ERRORS } from '@preau/contracts/error-codes';
import { MODULES } from '@preau/contracts/modules';
import { KEY_SCOPES, PERMISSIONS } from '@preau/contracts/permissions';
import { LANGUAGES, RESERVED_SUBDOMAINS, ROLES, SCHOOL_TYPES } from '@preau/contracts/vocabulary';
import Fastify from 'fastify';
import { describe, expect, it } from 'vitest';
import { subdomainProblem } from '../../src/features/domains/index.ts';
import { features } from '../../src/features/index.ts';
import { FORMATS } from '../../src/platform/formats.ts';
import { refuseUndeclaredRoutes } from '../../src/zones/register-routes.ts';
import { boundRoutes, declaredContracts } from '../support/contracts.ts';

const declared = await declaredContracts();
const bound = boundRoutes();
const contracts = bound.map(({ contract }) => contract);
const named = (list: readonly RouteContract[]) => list.map((contract) => [contract.name, contract] as const);

describe('contracts', () => {
  it('are bound to a handler, each once, and nothing else is', () => {
    expect(declared.length).toBeGreaterThan(25);
    expect(contracts.map(({ name }) => name).toSorted()).toEqual(declared.map(({ name }) => name).toSorted());
    for (const contract of contracts) expect(declared).toContain(contract);
  });

  it('have names and places of their own', () => {
    const unique = (texts: string[]) =>
      expect(texts.filter((text, at) => texts.indexOf(text) !== at)).toEqual([]);
    unique(contracts.map(({ name }) => name));
    unique(contracts.map(({ method, path }) => `${method} ${path.replace(/:\w+/g, ':')}`));
    for (const { name } of contracts) expect(name).toMatch(/^[a-z][A-Za-z0-9]+$/);
  });

  it.each(named(contracts))('%s is declared whole', (_, contract) => {
    const { zone, permission, path, params, module, success, method, body } = contract;
    expect(['platform', 'tenant', 'public']).toContain(zone);
    expect(permission === 'anyone' || permission === 'authenticated' || permission in PERMISSIONS).toBe(true);
    expect(path).toMatch(/^\/(?:[a-z0-9_.-]+\/|:[a-z]+\/)+$/);
    expect(contract.summary.length).toBeGreaterThan(5);
    expect(contract.tag).not.toBe('');
    const parameters = Array.from(path.matchAll(/:(\w+)/g), (match) => match[1]);
    expect(Object.keys((params as { properties?: object })?.properties ?? {})).toEqual(parameters);
    if (module) expect(Object.keys(MODULES)).toContain(module);
    expect(success.schema === undefined).toBe(success.status === 204);
    if (method === 'GET' || method === 'DELETE') expect(body).toBeUndefined();
    for (const code of contract.errors ?? []) expect(ERRORS).toHaveProperty(code);
  });

  it.each(named(contracts))('%s refuses fields that it does not know', (_, { body, query, params }) => {
    const schemas = [body, query, params].filter((schema) => schema !== undefined);
    expect(schemas.filter((schema) => !('additionalProperties' in schema))).toEqual([]);
    expect(
      schemas.map((schema) => (schema as { additionalProperties?: unknown }).additionalProperties),
    ).not.toContain(true);
  });

  it('ask for permissions that somebody of that zone can hold', () => {
    const astray = contracts.filter(({ permission, zone }) => {
      if (permission === 'anyone' || permission === 'authenticated') return false;
      const { roles, scope } = PERMISSIONS[permission];
      const platform = (roles as readonly string[]).includes('superadmin');
      // What is at every place is for both: a super-admin makes what members of schools read.
      return (zone !== 'public' && platform !== (zone === 'platform')) || (scope && !platform);
    });
    expect(astray.map(({ name }) => name)).toEqual([]);
  });

  it('of a module that can be off say so, and belong to its feature', () => {
    const astray = bound.filter(({ contract, feature }) => {
      const module = features.find(({ name }) => name === feature)?.module;
      return module !== undefined && !MODULES[module].alwaysOn && contract.module !== module;
    });
    expect(astray.map(({ contract }) => contract.name)).toEqual([]);
  });
});

describe('a route that does not say where it lives and who may call it', () => {
  it.each([
    ['nothing', undefined],
    ['no zone', { contract: { permission: 'anyone', name: 'x' } }],
    ['no permission', { contract: { zone: 'public', name: 'x' } }],
    ['an unknown zone', { contract: { zone: 'moon', permission: 'anyone', name: 'x' } }],
    ['an unknown permission', { contract: { zone: 'public', permission: 'moon:walk', name: 'x' } }],
    ['a permission of the prototype', { contract: { zone: 'public', permission: 'toString', name: 'x' } }],
  ])('stops the start: %s', async (_, config) => {
    const app = Fastify();
    refuseUndeclaredRoutes(app);
    expect(() => app.get('/x', { config: config as never }, () => 'x')).toThrow(
      /GET.* \/x declares no known zone/,
    );
    app.get('/y', { config: { contract: { zone: 'public', permission: 'anyone', name: 'y' } } }, () => 'y');
    await app.close();
  });
});

describe('words', () => {
  it('every error and every field error has a sentence in each language', () => {
    for (const [code, { status, title, detail }] of Object.entries(ERRORS)) {
      // A redirect is an answer that the reader need not see.
      if (status !== 308) expect(status, code).toBeGreaterThanOrEqual(400);
      for (const language of LANGUAGES) {
        expect(title[language], code).toBeTruthy();
        expect(detail[language], code).toMatch(/[.…]$/);
      }
      const places = LANGUAGES.map((language) =>
        (detail[language].match(/\{\w+\}/g) ?? []).toSorted().join(),
      );
      expect(new Set(places).size, `${code} fills different words by language`).toBe(1);
    }
    for (const [code, sentence] of Object.entries(FIELD_ERRORS)) {
      for (const language of LANGUAGES) expect(sentence[language], code).toBeTruthy();
    }
  });

  it('every format has a field error', () => {
    for (const { code } of Object.values(FORMATS)) expect(FIELD_ERRORS).toHaveProperty(code);
  });

  it('every module has its names, known dependencies and no cycle', () => {
    const keys = Object.keys(MODULES);
    for (const [key, module] of Object.entries(MODULES)) {
      for (const language of LANGUAGES) {
        expect(module.name[language], key).toBeTruthy();
        expect(module.description[language], key).toBeTruthy();
      }
      for (const dependency of module.dependsOn)
        expect(keys.indexOf(dependency), `${key} needs ${dependency}`).toBeLessThan(keys.indexOf(key));
      for (const type of module.defaultFor) expect(SCHOOL_TYPES).toContain(type);
    }
  });

  it('every permission names known roles, and is asked for by a route or kept for one', () => {
    for (const [permission, { roles }] of Object.entries(PERMISSIONS)) {
      expect(permission).toMatch(/^[a-z_]+:[a-z_]+$/);
      for (const role of roles) expect(ROLES).toContain(role);
    }
    expect(KEY_SCOPES).toContain('tenants:create');
    expect(KEY_SCOPES).not.toContain('keys:manage');
  });

  it('every reserved subdomain is refused, and names of schools are not', () => {
    for (const name of RESERVED_SUBDOMAINS)
      expect(subdomainProblem(name)?.code, name).toBe('subdomain_reserved');
    for (const name of [
      'lycee-hugo',
      '3eme-x',
      'ecole-de-la-mer',
      'a',
      'college-saint-api',
      'demo-lycee',
      'meta',
      'classe',
      'coin',
      'adam',
      'docks',
    ]) {
      expect(subdomainProblem(name), name).toBeNull();
    }
  });
});
