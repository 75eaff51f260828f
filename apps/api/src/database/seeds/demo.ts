import type { EventCreate } from '@preau/contracts/events';
import type { TenantCreate } from '@preau/contracts/tenants';
import type { SchoolRole } from '@preau/contracts/vocabulary';
import type { TenantRef } from '@preau/tenancy';
import { v7 as uuidv7 } from 'uuid';
import { SYSTEM, type Origin } from '../../features/audit/index.ts';
import {
  findUserByEmail,
  hashPassword,
  insertMembership,
  insertPendingMembership,
  insertUser,
  membershipIn,
} from '../../features/identity/index.ts';
import { insertSignup, patchSignup } from '../../features/signups/index.ts';
import type { Services } from '../../services.ts';
import { demoRoster } from './demo-roster.ts';

/** One demo person's way in. The password is public: these schools exist only where PREAU_DEMO is on. */
export interface DemoAccount {
  subdomain: string;
  email: string;
  password: string;
}

/** Takes registrations, and has one of the first school's people too. */
const SECOND_SCHOOL = 'demo-college';
const PASSWORD = 'preau-demo-2026';

const SCHOOLS: readonly Pick<
  TenantCreate,
  'school_name' | 'school_type' | 'subdomain' | 'primary_color' | 'secondary_color' | 'city' | 'postal_code'
>[] = [
  {
    school_name: 'Lycée Démo Ada-Lovelace',
    school_type: 'lycee',
    subdomain: 'demo-lycee',
    primary_color: '#5B2A86',
    secondary_color: '#E0B34C',
    city: 'Nantes',
    postal_code: '44000',
  },
  {
    school_name: 'Collège Démo des Tilleuls',
    school_type: 'college',
    subdomain: 'demo-college',
    primary_color: '#0E7C66',
    secondary_color: '#F4A259',
    city: 'Lyon',
    postal_code: '69003',
  },
  {
    school_name: 'École Démo du Petit-Bois',
    school_type: 'ecole',
    subdomain: 'demo-ecole',
    primary_color: '#FFCC00',
    secondary_color: '#1D4E89',
    city: 'Rennes',
    postal_code: '35000',
  },
];

const PEOPLE: readonly { name: string; role: SchoolRole; label: string }[] = [
  { name: 'Direction (démo)', role: 'admin', label: 'direction' },
  { name: 'Enseignante (démo)', role: 'teacher', label: 'enseignante' },
  { name: 'Élève (démo)', role: 'student', label: 'eleve' },
  { name: 'Parent (démo)', role: 'parent', label: 'parent' },
];

const NEWS: readonly { title: string; body: string; pinned: boolean }[] = [
  {
    title: 'Bienvenue sur votre espace',
    body: 'Annonces, informations pratiques et nouvelles de l’établissement : tout se trouve ici.\n\nCet établissement est une démonstration.',
    pinned: true,
  },
  {
    title: 'Réunion parents-professeurs',
    body: 'Elle aura lieu jeudi à 18 h dans le préau. Inscrivez-vous auprès de la vie scolaire.',
    pinned: false,
  },
  {
    title: 'Sortie au musée',
    body: 'Départ à 9 h devant le portail. Prévoir un pique-nique et une gourde.',
    pinned: false,
  },
  {
    title: 'Menu de la cantine',
    body: 'Le menu de la semaine est affiché dans le hall. Un repas végétarien est proposé chaque jour.',
    pinned: false,
  },
];

async function addPerson(
  { tenancy }: Services,
  tenantId: string,
  email: string,
  name: string,
  role: SchoolRole,
): Promise<string> {
  const known = await tenancy.central(({ trx }) => findUserByEmail(trx, email), { readOnly: true });
  if (known) return known.id;
  const password_hash = await hashPassword(PASSWORD);
  const id = uuidv7();
  await tenancy.central(async ({ trx }) => {
    await insertUser(trx, { id, email, full_name: name, password_hash, is_superadmin: false });
    await insertMembership(trx, id, tenantId, role);
  });
  return id;
}

async function addPeople(services: Services, tenantId: string, subdomain: string): Promise<string> {
  const ids: string[] = [];
  for (const person of PEOPLE)
    ids.push(
      await addPerson(services, tenantId, `${person.label}@${subdomain}.invalid`, person.name, person.role),
    );
  await addWaiting(services, tenantId, `inscription@${subdomain}.invalid`);
  return ids[0] ?? '';
}

/** Somebody who asks to be admitted. Turned down, they do not come back at the next start. */
async function addWaiting({ tenancy }: Services, tenantId: string, email: string): Promise<void> {
  const known = await tenancy.central(({ trx }) => findUserByEmail(trx, email), { readOnly: true });
  if (known) return;
  const password_hash = await hashPassword(PASSWORD);
  const id = uuidv7();
  await tenancy.central(async ({ trx }) => {
    await insertUser(trx, {
      id,
      email,
      full_name: 'Inscription (démo)',
      password_hash,
      is_superadmin: false,
    });
    await insertPendingMembership(trx, id, tenantId, 'staff');
  });
}

/** The lycée's parent has a child at the collège as well, so that there is somebody with two schools. */
async function addToTwo({ tenancy }: Services, tenantId: string, subdomain: string): Promise<void> {
  if (subdomain !== SECOND_SCHOOL) return;
  await tenancy.central(async ({ trx }) => {
    const parent = await findUserByEmail(trx, 'parent@demo-lycee.invalid');
    if (parent && !(await membershipIn(trx, parent.id, tenantId)))
      await insertMembership(trx, parent.id, tenantId, 'parent');
  });
}

/** As the head of a demo school. */
const directionOf = (tenantId: string, subdomain: string, directionId: string): Origin => ({
  ...SYSTEM,
  actor: {
    type: 'user',
    id: directionId,
    label: `direction@${subdomain}.invalid`,
    fullName: 'Direction (démo)',
    role: 'admin',
    tenantId,
    sessionId: '',
    mustEnrol: false,
    expiresAt: new Date(),
  },
});

async function addNews(
  { announcements, fixtures }: Services,
  tenant: TenantRef,
  subdomain: string,
  directionId: string,
): Promise<void> {
  if ((await announcements.list(tenant, { page_size: 1 }, SYSTEM.actor)).count > 0) return;
  const origin = directionOf(tenant.id, subdomain, directionId);
  await fixtures.load(tenant, origin, { announcements: NEWS.toReversed() });
}

const DAY_MS = 86_400_000;
const dayAfter = (days: number): string => new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);

/** Days from the first start of the demonstration. */
const EVENTS: readonly (Pick<EventCreate, 'title' | 'place' | 'visibility' | 'tags'> & {
  in: number;
  lasts?: number;
  at?: readonly [string, string];
  weeks?: number;
})[] = [
  {
    title: 'Chorale',
    place: 'Salle de musique',
    in: 1,
    at: ['17:00', '18:00'],
    weeks: 20,
    tags: ['musique'],
  },
  { title: 'Conseil de classe', place: 'Salle 12', in: 4, at: ['17:30', '19:00'] },
  {
    title: 'Portes ouvertes',
    place: 'Dans tout l’établissement',
    in: 9,
    at: ['09:00', '12:30'],
    visibility: 'public',
    tags: ['portes ouvertes'],
  },
  {
    title: 'Concert de fin de trimestre',
    place: 'Préau',
    in: 16,
    at: ['18:30', '20:00'],
    visibility: 'public',
    tags: ['musique', 'spectacle'],
  },
  { title: 'Semaine du livre', place: 'CDI', in: 21, lasts: 4, visibility: 'network', tags: ['lecture'] },
];

/** What happens at a demo school, some of it for everybody; and the school in the directory. */
async function addAgenda(
  { events, fixtures, profiles, directory }: Services,
  host: string,
  tenantId: string,
  directionId: string,
): Promise<void> {
  const tenant = await directory.byHost(host);
  if (!tenant?.modulesEnabled['agenda']) return;
  const { actor } = directionOf(tenantId, host.split('.')[0] ?? '', directionId);
  if ((await events.list(tenant, actor, { page_size: 1, to: dayAfter(300) })).count > 0) return;
  const origin = { ...SYSTEM, actor };
  await fixtures.load(tenant, origin, {
    events: EVENTS.map(({ in: days, lasts, at, weeks, ...event }) => {
      const day = dayAfter(days);
      return {
        ...event,
        starts_at: at ? `${day}T${at[0]}` : day,
        ends_at: at ? `${day}T${at[1]}` : dayAfter(days + (lasts ?? 0)),
        ...(weeks ? { recurrence: `FREQ=WEEKLY;COUNT=${weeks}` } : {}),
      };
    }),
  });
  await profiles.update(tenantId, origin, {
    listed: true,
    short_description: 'Un établissement de démonstration, pour faire le tour de Préau.',
    long_description:
      'Rien ici n’est vrai, sauf le produit : les annonces, l’agenda, les couleurs et les fichiers sont ceux d’un établissement comme le vôtre.',
    tags: ['démonstration'],
  });
}

/** The roster, by the way that files of data come in; once, since an administrator may have changed it. */
async function addRoster(
  { fixtures, students }: Services,
  tenant: TenantRef,
  { school_type: type, subdomain }: (typeof SCHOOLS)[number],
): Promise<void> {
  if ((await students.list(tenant, SYSTEM.actor, { page_size: 1 })).count > 0) return;
  await fixtures.load(tenant, SYSTEM, demoRoster(type, subdomain));
}

/** Each part is there already or is added: a start that was killed half-way is gone on with by the next one. */
async function loadSchool(
  services: Services,
  school: (typeof SCHOOLS)[number],
  network: string | null,
): Promise<void> {
  const found = await services.tenants.list({ search: school.subdomain, page_size: 5 });
  let tenant = found.rows.find((row) => row.tenant.subdomain === school.subdomain)?.tenant;
  if (!tenant) {
    ({ tenant } = await services.tenants.create(SYSTEM, {
      ...school,
      network,
      email: `contact@${school.subdomain}.invalid`,
      phone: '0199000000',
      address: '1 rue de la Démonstration',
    }));
    if (school.subdomain === SECOND_SCHOOL)
      ({ tenant } = await services.tenants.updateSettings(SYSTEM, tenant.id, { registration: 'approval' }));
  }
  if (!tenant.provisioned_at && tenant.status !== 'archived')
    tenant = (await services.provisioning.provision(SYSTEM, tenant.id)).detail.tenant;
  if (tenant.status !== 'active') return;
  const directionId = await addPeople(services, tenant.id, school.subdomain);
  await addToTwo(services, tenant.id, school.subdomain);
  await addRoster(services, { id: tenant.id, schemaName: tenant.schema_name }, school);
  await addNews(services, { id: tenant.id, schemaName: tenant.schema_name }, school.subdomain, directionId);
  await addAgenda(services, `${school.subdomain}.${services.base.domain}`, tenant.id, directionId);
}

/** A school that asks for its space. Once: whatever was answered, it does not ask again. */
async function addRequest({ tenancy }: Services): Promise<void> {
  const email = 'direction@demo-demande.invalid';
  const id = uuidv7();
  await tenancy.central(async ({ trx }) => {
    const { rows } = await trx.raw('SELECT 1 FROM public.signups LIMIT 1');
    if (rows.length > 0) return;
    await insertSignup(trx, {
      id,
      email,
      mailbox: email,
      ip: null,
      language: 'fr',
      full_name: 'Direction (démo)',
      school_name: 'Collège Démo Marie-Curie',
      school_type: 'college',
      code_hash: Buffer.alloc(32),
      expires_at: new Date(),
    });
    await patchSignup(trx, id, {
      status: 'waiting',
      subdomain: 'demo-curie',
      phone: '0199000000',
      address: '2 rue de la Démonstration',
      postal_code: '35000',
      city: 'Rennes',
      message: 'Nous voudrions ouvrir notre espace pour la rentrée.',
      submitted_at: new Date(),
    });
  });
}

/** Three schools in the first network there is, with people and news. What is there already stays as it is. */
export async function loadDemo(services: Services): Promise<DemoAccount[]> {
  const { rows } = await services.tenants.list({
    school_type: 'network',
    status: 'active',
    ordering: 'created_on',
    page_size: 1,
  });
  const network = rows[0]?.tenant.id ?? null;
  for (const school of SCHOOLS) await loadSchool(services, school, network);
  await addRequest(services);
  return SCHOOLS.flatMap(({ subdomain }) =>
    PEOPLE.map(({ label }) => ({
      subdomain,
      email: `${label}@${subdomain}.invalid`,
      password: PASSWORD,
    })),
  );
}
