import type * as contracts from '@preau/contracts/directory';
import { call } from '../../shared/http.ts';

export const listDirectory = (query: contracts.DirectoryQuery) =>
  call<typeof contracts.listDirectory>('GET', '/directory/', { query });

export const getSchool = (school: string) =>
  call<typeof contracts.getDirectoryEntry>('GET', '/directory/:school/', { params: { school } });

export const listAgenda = (query: contracts.AgendaQuery) =>
  call<typeof contracts.listAgenda>('GET', '/agenda/', { query });
