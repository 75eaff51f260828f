export { createExplainService, type ExplainService } from './explain.service.ts';
