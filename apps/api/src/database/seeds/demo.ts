import type { TenantCreate } from '@preau/contracts/tenants';
import type { SchoolRole } from '@preau/contracts/vocabulary';
import { v7 as uuidv7 } from 'uuid';
import { SYSTEM, type Origin } from '../../features/audit/index.ts';
import {
  findUserByEmail,
  hashPassword,
  insertMembership,
  insertUser,
} from '../../features/identity/index.ts';
import type { Services } from '../../services.ts';

/** One demo person's way in. The password is public: these schools exist only where PREAU_DEMO is on. */
export interface DemoAccount {
  subdomain: string;
  email: string;
  password: string;
}

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
    body: 'Annonces, informations pratiques et nouvelles de l’établissement : tout se trouve ici.\n\nCet établissement est une démonstration.',
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
  const password_hash = await hashPassword(PASSWORD);
  return tenancy.central(async ({ trx }) => {
    const known = await findUserByEmail(trx, email);
    if (known) return known.id;
    const id = uuidv7();
    await insertUser(trx, { id, email, full_name: name, password_hash, is_superadmin: false });
    await insertMembership(trx, id, tenantId, role);
    return id;
  });
}

async function loadSchool(
  services: Services,
  school: (typeof SCHOOLS)[number],
  network: string,
): Promise<void> {
  const found = await services.tenants.list({ search: school.subdomain, page_size: 5 });
  let detail = found.rows.find(({ tenant }) => tenant.subdomain === school.subdomain);
  detail ??= await services.tenants.create(SYSTEM, {
    ...school,
    network,
    email: `contact@${school.subdomain}.invalid`,
    phone: '0199000000',
    address: '1 rue de la Démonstration',
  });
  if (!detail.tenant.provisioned_at) {
    await services.provisioning.provision(SYSTEM, detail.tenant.id);
    const directionId = await addPeople(services, detail.tenant.id, school.subdomain);
    const origin: Origin = {
      ...SYSTEM,
      actor: {
        type: 'user',
        id: directionId,
        label: `direction@${school.subdomain}.invalid`,
        fullName: 'Direction (démo)',
        role: 'admin',
        tenantId: detail.tenant.id,
        sessionId: '',
        expiresAt: new Date(),
      },
    };
    const ref = { id: detail.tenant.id, schemaName: detail.tenant.schema_name };
    for (const news of NEWS.toReversed()) await services.announcements.create(ref, origin, news);
  }
}

async function addPeople(services: Services, tenantId: string, subdomain: string): Promise<string> {
  const ids: string[] = [];
  for (const person of PEOPLE)
    ids.push(
      await addPerson(services, tenantId, `${person.label}@${subdomain}.invalid`, person.name, person.role),
    );
  return ids[0] ?? '';
}

/** Three schools in the first network, with people and news. Does nothing for a school that is there already. */
export async function loadDemo(services: Services, network: string): Promise<DemoAccount[]> {
  for (const school of SCHOOLS) await loadSchool(services, school, network);
  return SCHOOLS.flatMap(({ subdomain }) =>
    PEOPLE.slice(0, 2).map(({ label }) => ({
      subdomain,
      email: `${label}@${subdomain}.invalid`,
      password: PASSWORD,
    })),
  );
}
