import { Type, type Static } from 'typebox';
import { Email, Nullable, Phone, Uuid } from './fields.ts';
import { GUARDIAN_RELATIONS, SCHOOL_ROLES } from './vocabulary.ts';

/** What the people of a roster have in common. */

export const PersonName = Type.String({ minLength: 1, maxLength: 100, format: 'not-blank' });

export const contactFields = {
  email: Type.Optional(Nullable(Email)),
  phone: Type.Optional(Nullable(Phone)),
};
export const addressField = { address: Type.Optional(Nullable(Type.String({ maxLength: 300 }))) };

/** The member account of a record. */
export const RecordAccount = Type.Object({
  user_id: Uuid,
  email: Type.String(),
  full_name: Type.String(),
  role: Type.Enum([...SCHOOL_ROLES]),
});
export type RecordAccount = Static<typeof RecordAccount>;

export const Contact = {
  email: Nullable(Type.String({ description: 'Null also where the reader may not see it' })),
  phone: Nullable(Type.String()),
};

export const Relation = Type.Enum([...GUARDIAN_RELATIONS]);
export const Guardianship = Type.Object(
  {
    relation: Relation,
    may_be_written_to: Type.Optional(Type.Boolean({ default: true })),
    may_collect: Type.Optional(
      Type.Boolean({ default: false, description: 'May take the child away from school' }),
    ),
  },
  { additionalProperties: false },
);
export type Guardianship = Static<typeof Guardianship>;

export const RecordInvitation = Type.Object(
  {
    email: Type.Optional(
      Type.String({ format: 'email', maxLength: 254, description: 'That of the record when not told' }),
    ),
  },
  { additionalProperties: false },
);
export type RecordInvitation = Static<typeof RecordInvitation>;

/** `tied`: the address is a member's already, whose account the record has from now on. */
export const RecordInvited = Type.Object({
  status: Type.Enum(['invited', 'tied']),
  email: Type.String(),
  invitation_url: Nullable(Type.String()),
});
export type RecordInvited = Static<typeof RecordInvited>;

export const BirthDate = Type.String({ format: 'past-date', description: 'YYYY-MM-DD, not to come' });
