export { createApiKeyService, type ApiKeyService } from './api-key.service.ts';
