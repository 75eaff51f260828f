import { mount } from '@vue/test-utils';
import { describe, expect, it } from 'vitest';
import { h, type VNode } from 'vue';
import DataTable from './DataTable.vue';
import { initialsOf } from '../identity/initials.ts';
import { pagesAround } from '../navigation/pages.ts';
import Pagination from '../navigation/Pagination.vue';

interface School {
  id: string;
  name: string;
  students: number;
}

const rows: School[] = [
  { id: 'a', name: 'Lycée Hugo', students: 812 },
  { id: 'b', name: 'Collège Curie', students: 430 },
];

type Slots = {
  empty?: string;
  'cell-name'?: (scope: { row: School }) => VNode;
};

function table(props: Record<string, unknown> = {}, slots: Slots = {}) {
  return mount(DataTable<School>, {
    props: {
      columns: [
        { key: 'name', label: 'Nom', sortable: true },
        { key: 'students', label: 'Élèves', sortable: true, align: 'end' },
        { key: 'note', label: 'Note', text: (row: School) => `n° ${row.id}` },
      ],
      rows,
      rowKey: (row: School) => row.id,
      caption: 'Écoles',
      ...props,
    },
    slots,
  });
}

describe('DataTable', () => {
  it('is named by its caption and headed by its columns', () => {
    const page = table();
    expect(page.get('caption').text()).toBe('Écoles');
    expect(page.findAll('th[scope=col]').map((th) => th.text())).toEqual(['Nom', 'Élèves', 'Note']);
  });

  it('tells the sort of each column that can be sorted, and of no other', () => {
    const sorts = table({ ordering: '-students' })
      .findAll('th')
      .map((th) => th.attributes('aria-sort'));
    expect(sorts).toEqual(['none', 'descending', undefined]);
  });

  it('chooses rows one by one or all that are shown, and keeps those of other pages', async () => {
    const page = table({
      selectLabel: (row: School) => `Choisir ${row.name}`,
      selectAllLabel: 'Choisir la page',
      selected: ['elsewhere'],
      'onUpdate:selected': (selected: string[]) => page.setProps({ selected }),
    });
    const [all, first] = page.findAll<HTMLInputElement>('input[type=checkbox]');
    expect(first!.attributes('aria-label')).toBe('Choisir Lycée Hugo');
    await first!.setValue(true);
    expect(page.props('selected')).toEqual(['elsewhere', 'a']);
    expect(all!.element.indeterminate).toBe(true);
    await all!.setValue(true);
    expect(page.props('selected')).toEqual(['elsewhere', 'a', 'b']);
    expect(all!.element.checked).toBe(true);
    await all!.setValue(false);
    expect(page.props('selected')).toEqual(['elsewhere']);
  });

  it('asks for ascending first, then turns round, then takes the other column', async () => {
    const page = table({ 'onUpdate:ordering': (ordering: string) => page.setProps({ ordering }) });
    const [name, students] = page.findAll('th button');
    await name!.trigger('click');
    await name!.trigger('click');
    await name!.trigger('click');
    await students!.trigger('click');
    expect(page.emitted('update:ordering')).toEqual([['name'], ['-name'], ['name'], ['students']]);
    expect(page.findAll('th')[1]!.attributes('aria-sort')).toBe('ascending');
  });

  it('shows a row by its slot, its text or its field', () => {
    const page = table({}, { 'cell-name': ({ row }: { row: School }) => h('strong', row.name) });
    const cells = page.findAll('tbody tr')[0]!.findAll('td');
    expect(cells[0]!.get('strong').text()).toBe('Lycée Hugo');
    expect(cells[1]!.text()).toContain('812');
    expect(cells[2]!.text()).toContain('n° a');
  });

  it('makes the first cell the link of the row', () => {
    const page = table({ rowLink: (row: School) => `/tenants/${row.id}` });
    const links = page.findAll('tbody a');
    expect(links.map((link) => link.attributes('href'))).toEqual(['/tenants/a', '/tenants/b']);
    expect(links[0]!.text()).toBe('Lycée Hugo');
  });

  it('says that it loads, keeping the rows that it has', () => {
    const page = table({ loading: true, loadingLabel: 'Chargement' });
    expect(page.attributes('aria-busy')).toBe('true');
    expect(page.findAll('tbody tr')).toHaveLength(2);
    const first = table({ loading: true, loadingLabel: 'Chargement', rows: [] }, { empty: 'Aucune école' });
    expect(first.get('[role=status]').text()).toBe('Chargement');
    expect(first.text()).not.toContain('Aucune école');
  });

  it('shows the empty slot when there is nothing', () => {
    expect(table({ rows: [] }, { empty: 'Aucune école' }).text()).toContain('Aucune école');
  });
});

describe('Pagination', () => {
  const props = {
    count: 95,
    pageSize: 20,
    label: 'Pages',
    previousLabel: 'Précédente',
    nextLabel: 'Suivante',
    pageLabel: (page: number) => `Page ${page}`,
  };

  it('names each page, marks the current one and stops at the ends', async () => {
    const page = mount(Pagination, { props: { ...props, page: 1 } });
    expect(page.get('[aria-current=page]').attributes('aria-label')).toBe('Page 1');
    expect(page.get('[aria-label=Précédente]').attributes('disabled')).toBeDefined();
    await page.get('[aria-label=Suivante]').trigger('click');
    await page.get('[aria-label="Page 5"]').trigger('click');
    expect(page.emitted('update:page')).toEqual([[2], [5]]);
    await page.setProps({ page: 5 });
    expect(page.get('[aria-label=Suivante]').attributes('disabled')).toBeDefined();
  });

  it('offers nothing when all rows are on one page', () => {
    expect(mount(Pagination, { props: { ...props, count: 20, page: 1 } }).findAll('button')).toEqual([]);
  });
});

describe('pagesAround', () => {
  it('always holds both ends, the page and its neighbours, and leaves out two pages or more', () => {
    for (let last = 1; last <= 30; last += 1) {
      for (let page = 1; page <= last; page += 1) {
        const entries = pagesAround(page, last);
        const numbers = entries.filter((entry) => entry !== null);
        expect(numbers).toEqual([...new Set(numbers)].toSorted((a, b) => a - b));
        for (const wanted of [1, page - 1, page, page + 1, last]) {
          if (wanted >= 1 && wanted <= last) expect(numbers).toContain(wanted);
        }
        for (const [at, entry] of entries.entries()) {
          const gap = (entries[at + 1] ?? 0) - (entries[at - 1] ?? 0);
          if (entry === null) expect(gap).toBeGreaterThan(2);
          else if (at > 0 && entries[at - 1] !== null) expect(entry).toBe(entries[at - 1]! + 1);
        }
        expect(entries.length).toBeLessThanOrEqual(7);
      }
    }
  });
});

describe('initialsOf', () => {
  it.each([
    ['Lycée Victor Hugo', 'LH'],
    ["Collège de l'Étang-Salé", 'CS'],
    ['École', 'É'],
    ['  école jean macé ', 'ÉM'],
    ['🎒 Les Petits', 'LP'],
    ['🎒', '🎒'],
    ['42', '4'],
    ['', ''],
  ])('%j gives %j', (name, initials) => {
    expect(initialsOf(name)).toBe(initials);
  });
});
