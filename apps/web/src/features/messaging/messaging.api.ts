import type { listMedia } from '@preau/contracts/media';
import type * as contracts from '@preau/contracts/messaging';
import { call } from '../../shared/http.ts';
import { upload, type UploadOptions } from '../../shared/upload.ts';

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

/** One file a request, so that each has its own progress. */
export function uploadMessageFile(file: File, options: UploadOptions) {
  const form = new FormData();
  form.set('file', file);
  return upload<typeof contracts.uploadMessageFiles>('/conversations/files/', form, options);
}

export const copyMediaToMessage = (media_id: string) =>
  call<typeof contracts.copyMediaToMessage>('POST', '/conversations/files/copy/', { body: { media_id } });

export const dropMessageFile = (id: string) =>
  call<typeof contracts.dropMessageFile>('DELETE', '/conversations/files/:id/', { params: { id } });

/** Files of the library, to choose from. */
export const searchLibrary = (search: string) =>
  call<typeof listMedia>('GET', '/media/', { query: { page_size: 20, ...(search ? { search } : {}) } });

export const listReports = (query: { page?: number; page_size?: number }) =>
  call<typeof contracts.listMessageReports>('GET', '/message-reports/', { query });

export const getReport = (id: string) =>
  call<typeof contracts.getMessageReport>('GET', '/message-reports/:id/', { params: { id } });

export const resolveReport = (id: string, remove: boolean) =>
  call<typeof contracts.resolveMessageReport>('POST', '/message-reports/:id/resolve/', {
    params: { id },
    body: { remove },
  });

export const getMessagingSettings = () =>
  call<typeof contracts.getMessagingSettings>('GET', '/messaging-settings/');

export const putMessagingSettings = (body: contracts.MessagingSettings) =>
  call<typeof contracts.putMessagingSettings>('PUT', '/messaging-settings/', { body });
