import type * as contracts from '@preau/contracts/mails';
import { call } from '../../shared/http.ts';

export const listMails = (query: contracts.MailQuery) =>
  call<typeof contracts.listMails>('GET', '/platform/mails/', { query });

export const getMail = (id: string) =>
  call<typeof contracts.getMail>('GET', '/platform/mails/:id/', { params: { id } });
