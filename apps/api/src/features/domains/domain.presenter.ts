import type { DomainView } from '@preau/contracts/domains';
import type { Domain } from './domain.repository.ts';

export function presentDomain(domain: Domain): DomainView {
  return {
    id: domain.id,
    domain: domain.domain,
    is_primary: domain.is_primary,
    status: domain.status,
    created_at: domain.created_at.toISOString(),
    ...(domain.status === 'pending' && domain.challenge_token
      ? {
          challenge: {
            name: `_preau-challenge.${domain.domain}`,
            type: 'TXT' as const,
            value: domain.challenge_token,
          },
        }
      : {}),
  };
}
