import { Type } from 'typebox';
import { defineJob } from '../jobs/index.ts';
import { defineMail } from '../mail/index.ts';
import type { Quota } from './levels.repository.ts';

const SEATS_LEVEL = 'quotas.seats_level';

/** Students of a school: those with a record and those with an account, each once. */
export const SEATS: Quota = {
  name: 'seats',
  used: 'u.student_count',
  limit: 't.max_students',
  told: 'seats_told',
  mail: SEATS_LEVEL,
};

export const seatsMail = defineMail<{ level: number; used: number; limit: number }>({
  kind: SEATS_LEVEL,
  validHours: 72,
  texts: {
    fr: ({ level, used, limit }, site) => ({
      subject:
        level >= 100
          ? `Plus de place d’élève : ${site.name}`
          : `Places d’élèves occupées à ${level} % : ${site.name}`,
      paragraphs: [
        `${used} places d’élèves sur ${limit} sont prises à ${site.name}.`,
        level >= 100
          ? 'Plus aucun élève ne peut être ajouté ni invité tant qu’une place n’est pas libre.'
          : 'Une fois toutes les places prises, plus aucun élève ne pourra être ajouté ni invité.',
        'Un élève marqué comme parti libère sa place. Pour en avoir davantage, adressez-vous à la plateforme.',
      ],
      action: { label: 'Ouvrir les élèves', url: `${site.url}/students` },
    }),
    en: ({ level, used, limit }, site) => ({
      subject:
        level >= 100 ? `No student seat left: ${site.name}` : `Student seats ${level} % taken: ${site.name}`,
      paragraphs: [
        `${used} of ${limit} student seats are taken at ${site.name}.`,
        level >= 100
          ? 'No student can be added or invited until a seat is free.'
          : 'Once all are taken, no student can be added or invited.',
        'A student marked as gone frees their seat. For more of them, ask the platform.',
      ],
      action: { label: 'Open the students', url: `${site.url}/students` },
    }),
  },
});

/** Seats are taken on many ways, and a limit that is lowered is passed without anybody coming. */
export const tellSeatsJob = defineJob({
  kind: 'quotas.tell_seats',
  payload: Type.Object({}, { additionalProperties: false }),
  maxAttempts: 3,
  cron: '*/10 * * * *',
  handler: (_run, { quotaLevels }) => quotaLevels.tell(SEATS),
});
