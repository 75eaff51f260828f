import { domainToUnicode } from 'node:url';
import { DOMAIN_FINDINGS } from '@preau/contracts/domain-findings';
import type { DomainDetail, DomainView } from '@preau/contracts/domains';
import { fillSentence } from '@preau/contracts/error-codes';
import type { Language } from '@preau/contracts/vocabulary';
import { challengeName } from './domain-doctor.ts';
import type { Domain } from './domain.repository.ts';

export function presentDomain(domain: Domain): DomainView {
  return {
    id: domain.id,
    domain: domain.domain,
    unicode: domainToUnicode(domain.domain) || domain.domain,
    kind: domain.kind,
    is_primary: domain.is_primary,
    status: domain.status,
    redirects: domain.redirects,
    created_at: domain.created_at.toISOString(),
    checked_at: domain.checked_at?.toISOString() ?? null,
    failing_since: domain.failing_since?.toISOString() ?? null,
    expires_at: domain.expires_at?.toISOString() ?? null,
    ...(domain.challenge_token && !domain.vouched
      ? {
          challenge: {
            name: challengeName(domain.domain),
            type: 'TXT' as const,
            value: domain.challenge_token,
          },
        }
      : {}),
  };
}

export function presentDomainDetail(domain: Domain, language: Language): DomainDetail {
  const { report } = domain;
  return {
    ...presentDomain(domain),
    report: report && {
      ...report,
      findings: report.findings.map((finding) => ({
        ...finding,
        message: fillSentence(DOMAIN_FINDINGS[finding.code][language], finding.values),
      })),
    },
  };
}
