import { Type, type Static } from 'typebox';
import { defineRoute } from './define-route.ts';
import { Id, Nullable } from './fields.ts';
import type { Sentence } from './languages.ts';

const sentence = (fr: string, en: string): Sentence => ({ fr, en });

/** What each rule says of a question, in the reader's words. Placeholders as in the table of errors. */
export const EXPLANATIONS = {
  host_invalid: sentence('« {host} » n’est pas un nom d’hôte.', '“{host}” is no host name.'),
  host_platform: sentence(
    '{host} est une adresse de la plateforme.',
    '{host} is an address of the platform.',
  ),
  domain_unknown: sentence(
    'Aucun domaine enregistré ne porte ce nom.',
    'No domain is registered by this name.',
  ),
  domain_pending: sentence(
    '{domain} est enregistré mais pas encore prouvé.',
    '{domain} is registered and not proved yet.',
  ),
  domain_expired: sentence(
    '{domain} est une ancienne adresse dont le délai est passé.',
    '{domain} is a former address whose time is over.',
  ),
  domain_found: sentence(
    '{domain} ({kind}, {status}) mène à l’établissement {school}.',
    '{domain} ({kind}, {status}) leads to the school {school}.',
  ),
  domain_of_another: sentence('{domain} mène à un autre établissement.', '{domain} leads to another school.'),
  cache_memory: sentence('La mémoire de ce processus répond.', 'The memory of this process answers.'),
  cache_shared: sentence(
    'Le cache partagé répond : la mémoire de ce processus est vide pour cet hôte.',
    'The shared cache answers: the memory of this process holds nothing of this host.',
  ),
  cache_database: sentence(
    'La base de données répond : aucun cache ne connaît cet hôte.',
    'The database answers: no cache knows this host.',
  ),
  cache_stale: sentence(
    'La mémoire de ce processus dit autre chose que la base de données ({cached}).',
    'The memory of this process says something else than the database ({cached}).',
  ),
  redirects: sentence('Cette adresse redirige vers {location}.', 'This address redirects to {location}.'),
  status_open: sentence('L’établissement est ouvert.', 'The school is open.'),
  status_closed: sentence(
    'L’établissement est fermé depuis {since} : {reason}.',
    'The school has been closed since {since}: {reason}.',
  ),
  status_not_ready: sentence(
    'L’établissement n’est pas encore ouvert ({status}).',
    'The school is not open yet ({status}).',
  ),
  plan_open: sentence('Aucune échéance ne limite le contrat.', 'No date limits the plan.'),
  plan_paid: sentence('Le contrat court jusqu’au {until}.', 'The plan runs until {until}.'),
  plan_overdue: sentence(
    'Le contrat est échu depuis le {until} ; cela ne ferme rien.',
    'The plan ended on {until}; that closes nothing.',
  ),
  route_unknown: sentence('Aucune route ne répond à {path}.', 'No route answers at {path}.'),
  route_elsewhere: sentence(
    '{path} se trouve dans la zone {zone}, pas à cette adresse.',
    '{path} is in the zone {zone}, not at this address.',
  ),
  route_found: sentence(
    '{method} {path} demande la permission {permission}.',
    '{method} {path} asks for the permission {permission}.',
  ),
  user_unknown: sentence('Personne ne porte ce nom.', 'Nobody goes by this name.'),
  user_stranger: sentence(
    '{user} n’est pas membre de l’établissement.',
    '{user} is no member of the school.',
  ),
  user_may: sentence('{user} ({role}) a cette permission.', '{user} ({role}) has this permission.'),
  user_may_not: sentence(
    '{user} ({role}) n’a pas cette permission.',
    '{user} ({role}) lacks this permission.',
  ),
  user_known: sentence('{user} est {role} ici.', '{user} is {role} here.'),
  module_unknown: sentence('Il n’y a pas de module « {module} ».', 'There is no module “{module}”.'),
  module_on: sentence(
    'Le module {module} est activé, comme par défaut.',
    'The module {module} is on, as by default.',
  ),
  module_off: sentence(
    'Le module {module} est désactivé, comme par défaut.',
    'The module {module} is off, as by default.',
  ),
  module_switched_on: sentence(
    'Le module {module} a été activé pour cet établissement ; par défaut il ne l’est pas.',
    'The module {module} was switched on for this school; by default it is off.',
  ),
  module_switched_off: sentence(
    'Le module {module} a été désactivé pour cet établissement ; par défaut il est activé.',
    'The module {module} was switched off for this school; by default it is on.',
  ),
} as const satisfies Record<string, Sentence>;

export type ExplanationCode = keyof typeof EXPLANATIONS;

export const EXPLAINED_RULES = [
  'host',
  'domain',
  'cache',
  'redirect',
  'status',
  'plan',
  'route',
  'user',
  'module',
] as const;

export const Explanation = Type.Object({
  outcome: Type.Object({
    status: Type.Integer({ description: 'HTTP status of such a request' }),
    code: Nullable(Type.String({ description: 'Of the problem it is answered with' })),
    decided_by: Nullable(Type.Enum([...EXPLAINED_RULES])),
  }),
  steps: Type.Array(
    Type.Object({
      rule: Type.Enum([...EXPLAINED_RULES]),
      verdict: Type.Enum(['passes', 'refuses', 'tells']),
      code: Type.Enum(Object.keys(EXPLANATIONS) as ExplanationCode[]),
      message: Type.String({ description: 'In the reader’s language' }),
      facts: Type.Record(
        Type.String(),
        Nullable(Type.Union([Type.String(), Type.Integer(), Type.Boolean()])),
      ),
    }),
    {
      description:
        'Every rule that was asked, in order; none after the one that refuses is asked by a request',
    },
  ),
  versions: Type.Object({
    tenant: Nullable(Type.Integer({ description: 'Of the school’s row' })),
    theme: Nullable(Type.String({ description: 'Of what its pages wear' })),
    schema: Nullable(Type.String({ description: 'Last migration of its space' })),
  }),
});
export type Explanation = Static<typeof Explanation>;

export const explainTenant = defineRoute({
  name: 'explainTenant',
  method: 'GET',
  path: '/tenants/:id/explain/',
  zone: 'platform',
  tag: 'tenants',
  permission: 'tenants:read',
  summary:
    'Why a request to a school is answered as it is: which rule decides, by which domain, cache, status or override',
  params: Id,
  query: Type.Object(
    {
      host: Type.Optional(Type.String({ maxLength: 300, description: 'Main address unless told' })),
      user: Type.Optional(Type.String({ maxLength: 254, description: 'Id or e-mail address of who asks' })),
      module: Type.Optional(Type.String({ maxLength: 60 })),
      path: Type.Optional(Type.String({ maxLength: 500, description: 'Below /api/v1, or whole' })),
    },
    { additionalProperties: false },
  ),
  success: { status: 200, schema: Explanation },
});
