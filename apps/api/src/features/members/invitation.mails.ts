import type { SchoolRole } from '@preau/contracts/vocabulary';
import { defineMail, type MailDefinition } from '../mail/index.ts';
import { findOpen } from './invitation.repository.ts';
import { ROLE_WORDS } from './member.mails.ts';

export const INVITATION = 'members.invitation';
export const INVITATION_VALID_DAYS = 14;

interface Link {
  id: string;
  token: string;
}
interface Invited extends Link {
  role: SchoolRole;
  inviter: string | null;
}

const invitation = defineMail<Link, Invited>({
  kind: INVITATION,
  validHours: INVITATION_VALID_DAYS * 24,
  // Taken back or accepted before it was sent: nothing is said any more.
  async prepare(trx, { data }) {
    const row = await findOpen(trx, data.id);
    return row ? { ...data, role: row.role, inviter: row.inviter } : null;
  },
  texts: {
    fr: ({ token, role, inviter }, site) => ({
      subject: `Invitation : ${site.name}`,
      paragraphs: [
        `${inviter ? `${inviter} vous invite` : 'Vous êtes invité'} à rejoindre ${site.name}, en tant que : ${ROLE_WORDS.fr[role]}.`,
      ],
      action: { label: 'Accepter l’invitation', url: `${site.url}/invitation/${token}` },
      notes: [
        `Ce lien est valable ${INVITATION_VALID_DAYS} jours et ne sert qu’une fois.`,
        'Si vous ne connaissez pas cet établissement, ignorez ce message : aucun compte n’est ouvert.',
      ],
    }),
    en: ({ token, role, inviter }, site) => ({
      subject: `Invitation: ${site.name}`,
      paragraphs: [
        `${inviter ? `${inviter} invites you` : 'You are invited'} to join ${site.name}, as: ${ROLE_WORDS.en[role]}.`,
      ],
      action: { label: 'Accept the invitation', url: `${site.url}/invitation/${token}` },
      notes: [
        `This link is valid for ${INVITATION_VALID_DAYS} days and works once.`,
        'If you do not know this school, ignore this message: no account is opened.',
      ],
    }),
  },
});

export const invitationMails: readonly MailDefinition[] = [invitation];
