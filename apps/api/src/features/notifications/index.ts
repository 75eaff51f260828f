export {
  defineNotification,
  notificationRegistry,
  type NotificationDefinition,
  type NotificationText,
} from './define-notification.ts';
export { createNotificationService, type NotificationService } from './notification.service.ts';
export { createNotificationCare, type NotificationCare } from './notification-care.service.ts';
