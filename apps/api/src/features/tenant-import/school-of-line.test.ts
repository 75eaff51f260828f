import { describe, expect, it } from 'vitest';
import { subdomainCandidates } from './choose-subdomain.ts';
import { findColumns } from './columns.ts';
import { schoolOfLine } from './school-of-line.ts';

describe('columns', () => {
  it('of the national directory are understood, however they are written', () => {
    const headings = [
      'Identifiant_de_l_etablissement',
      'Nom établissement',
      'Type_etablissement',
      'Adresse_1',
      'Code postal',
      'Nom_commune',
      'Telephone',
      'Mail',
      'Web',
    ];
    expect(findColumns(headings).columns).toEqual([
      'uai',
      'school_name',
      'school_type',
      'address',
      'postal_code',
      'city',
      'phone',
      'email',
      'website',
    ]);
  });

  it('of our own are understood', () => {
    const headings = [
      'uai',
      'school_name',
      'school_type',
      'subdomain',
      'email',
      'phone',
      'address',
      'postal_code',
      'city',
      'website',
      'network',
      'max_students',
    ];
    expect(findColumns(headings).columns).not.toContain(null);
  });
});

describe('the school of a line', () => {
  it.each([
    [{ school_type: 'Ecole' }, 'ecole'],
    [{ school_type: 'École' }, 'ecole'],
    [{ school_type: 'Collège' }, 'college'],
    [{ school_type: 'Lycée' }, 'lycee'],
    [{ school_type: 'Lycée', nature: 'LYCEE PROFESSIONNEL' }, 'lycee_pro'],
    [{ school_type: 'Lycée', nature: 'LYCEE POLYVALENT' }, 'lycee'],
    [{ school_type: 'Lycée', professional: '1', general: '0', technological: '0' }, 'lycee_pro'],
    [{ school_type: 'Lycée', professional: '1', general: '1' }, 'lycee'],
    [{ school_type: 'Lycée professionnel' }, 'lycee_pro'],
    [{ nature: 'ECOLE MATERNELLE' }, 'ecole'],
    [{ school_type: 'lycee_pro' }, 'lycee_pro'],
    [{ school_type: 'Service Administratif' }, 'Service Administratif'],
  ])('%j is of type %s', (cells, type) => {
    expect(schoolOfLine(cells).school_type).toBe(type);
  });

  it('gets back the zeros that a spreadsheet took', () => {
    expect(schoolOfLine({ postal_code: '1000', phone: '144321980.0' })).toEqual({
      postal_code: '01000',
      phone: '0144321980',
    });
    expect(schoolOfLine({ postal_code: '75005', phone: '01 44 32 19 80' })).toEqual({
      postal_code: '75005',
      phone: '01 44 32 19 80',
    });
  });

  it('has an address of the lines that say something of their own', () => {
    const cells = {
      address: '123 rue Saint-Jacques',
      address_2: 'BP 12',
      address_3: '75005 PARIS 05',
      postal_code: '75005',
      city: 'Paris',
    };
    expect(schoolOfLine(cells).address).toBe('123 rue Saint-Jacques, BP 12');
    expect(schoolOfLine({ ...cells, address_3: 'Bâtiment B' }).address).toBe(
      '123 rue Saint-Jacques, BP 12, Bâtiment B',
    );
  });

  it('says nothing of what its cells do not', () => {
    expect(schoolOfLine({ uai: '0750655e', website: 'www.louis.fr' })).toEqual({
      uai: '0750655E',
      website: 'https://www.louis.fr',
    });
  });
});

describe('the address proposed for a school', () => {
  const school = { school_name: 'École Jules Ferry', city: 'Lyon', postal_code: '69003', uai: '0690001A' };
  it('is its name, then what tells it from others', () => {
    expect(subdomainCandidates(school, false)).toEqual([
      'ecole-jules-ferry',
      'ecole-jules-ferry-lyon',
      'ecole-jules-ferry-lyon-69003',
      'ecole-jules-ferry-0690001a',
    ]);
  });
  it('is never the bare name for one of several, whichever line comes first', () => {
    expect(subdomainCandidates(school, true)[0]).toBe('ecole-jules-ferry-lyon');
  });
  it('does not say a city twice, is a label, and passes for no address of the platform', () => {
    expect(subdomainCandidates({ ...school, school_name: 'Lycée de Lyon' }, false)[1]).toBe(
      'lycee-de-lyon-69003',
    );
    expect(subdomainCandidates({ ...school, school_name: 'Admin' }, false)[0]).toBe('admin-lyon');
    for (const label of subdomainCandidates({ ...school, school_name: 'x'.repeat(200) }, false))
      expect(label).toMatch(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])$/);
    expect(subdomainCandidates({ uai: '0690001A', school_name: '🎒' }, false)).toEqual([
      'ecole',
      'ecole-0690001a',
    ]);
  });
});
