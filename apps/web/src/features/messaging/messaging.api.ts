import type * as contracts from '@preau/contracts/messaging';
import { call } from '../../shared/http.ts';

export const listConversations = (query: { page?: number; page_size?: number }) =>
  call<typeof contracts.listConversations>('GET', '/conversations/', { query });

export const getConversation = (id: string) =>
  call<typeof contracts.getConversation>('GET', '/conversations/:id/', { params: { id } });

export const listMessages = (id: string, query: { before?: string; page_size?: number } = {}) =>
  call<typeof contracts.listMessages>('GET', '/conversations/:id/messages/', { params: { id }, query });

export const listRecipients = (search: string) =>
  call<typeof contracts.listRecipients>('GET', '/conversations/recipients/', { query: { search } });

export const createConversation = (body: contracts.ConversationCreate) =>
  call<typeof contracts.createConversation>('POST', '/conversations/', { body });

export const sendMessage = (id: string, body: contracts.MessageCreate) =>
  call<typeof contracts.sendMessage>('POST', '/conversations/:id/messages/', { params: { id }, body });

export const markConversationRead = (id: string) =>
  call<typeof contracts.readConversation>('POST', '/conversations/:id/read/', { params: { id } });

export const takeBackMessage = (id: string, message: string) =>
  call<typeof contracts.removeMessage>('DELETE', '/conversations/:id/messages/:message/', {
    params: { id, message },
  });

export const reportMessage = (id: string, message: string, reason: string) =>
  call<typeof contracts.reportMessage>('POST', '/conversations/:id/messages/:message/report/', {
    params: { id, message },
    body: { reason },
  });
