export {
  defineMail,
  mailRegistry,
  type MailContent,
  type MailDefinition,
  type MailSite,
} from './define-mail.ts';
export { createMailService, type MailService, type MailToWrite } from './mail.service.ts';
export { smtpTransport, type MailTransport } from './mail-transport.ts';
