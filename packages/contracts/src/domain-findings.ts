import type { Sentence } from './languages.ts';

const sentence = (fr: string, en: string): Sentence => ({ fr, en });

/** What the doctor of domains can find, in the reader's words. Placeholders as in the table of errors. */
export const DOMAIN_FINDINGS = {
  dns_silent: sentence(
    'Le DNS ne répond pas pour {name} ({reason}) : rien ne peut en être dit pour l’instant.',
    'DNS does not answer for {name} ({reason}): nothing can be said of it for now.',
  ),
  txt_right: sentence(
    'L’enregistrement de preuve est en place.',
    'The record that proves ownership is there.',
  ),
  txt_vouched: sentence(
    'La plateforme se porte garante de ce domaine : aucune preuve n’est demandée.',
    'The platform answers for this domain: no proof is asked for.',
  ),
  txt_missing: sentence(
    'L’enregistrement TXT {name} n’existe pas encore. Un changement de DNS peut mettre quelques heures à se voir.',
    'There is no TXT record {name} yet. A change of DNS can take some hours to be seen.',
  ),
  txt_other: sentence(
    'L’enregistrement TXT {name} existe, avec une autre valeur.',
    'There is a TXT record {name}, with another value.',
  ),
  leads_here: sentence('Le domaine mène ici.', 'The domain leads here.'),
  leads_here_by_address: sentence(
    'Le domaine mène ici, par adresse : un CNAME vers {target} suivrait un changement d’adresse.',
    'The domain leads here, by address: a CNAME to {target} would follow a change of address.',
  ),
  leads_nowhere: sentence(
    'Le domaine ne mène nulle part : aucune adresse.',
    'The domain leads nowhere: no address.',
  ),
  leads_elsewhere: sentence('Le domaine mène ailleurs.', 'The domain leads elsewhere.'),
  leads_partly: sentence(
    'Une partie seulement des adresses est d’ici : une partie des visiteurs arrive ailleurs.',
    'Only some of the addresses are ours: some visitors arrive elsewhere.',
  ),
  proxied: sentence(
    'Le domaine passe par {proxy}, qui se place entre les visiteurs et la plateforme et empêche son certificat. Désactivez ce relais pour ce nom.',
    'The domain goes through {proxy}, which stands between visitors and the platform and keeps it from getting a certificate. Switch that proxy off for this name.',
  ),
  target_unknown: sentence(
    'La plateforme ne connaît pas ses propres adresses : {target} n’est pas dans le DNS.',
    'The platform does not know its own addresses: {target} is not in DNS.',
  ),
  ipv6_none: sentence('Aucune adresse IPv6 ne mène ailleurs.', 'No IPv6 address leads elsewhere.'),
  ipv6_elsewhere: sentence(
    'L’adresse IPv6 mène ailleurs : les visiteurs en IPv6 n’arrivent pas ici. Corrigez ou retirez l’enregistrement AAAA.',
    'The IPv6 address leads elsewhere: visitors with IPv6 do not arrive here. Correct or remove the AAAA record.',
  ),
  caa_right: sentence(
    'Rien n’empêche notre autorité de délivrer le certificat.',
    'Nothing keeps our authority from issuing the certificate.',
  ),
  caa_forbids: sentence(
    'Un enregistrement CAA de {name} réserve les certificats à d’autres autorités : ajoutez la nôtre.',
    'A CAA record of {name} reserves certificates to other authorities: add ours.',
  ),
} as const satisfies Record<string, Sentence>;

export type DomainFindingCode = keyof typeof DOMAIN_FINDINGS;
