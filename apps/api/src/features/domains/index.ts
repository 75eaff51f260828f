export { createDomainCare, type DomainCare } from './domain-care.service.ts';
export { createDomainService, type DomainService } from './domain.service.ts';
export { Domain, domainsOf, insertDomain, renameSubdomain } from './domain.repository.ts';
export { presentDomain } from './domain.presenter.ts';
export { subdomainProblem } from './subdomain-rules.ts';
