-- The ladder of schools as one text, made by `pnpm preau fleet snapshot`. Not to be edited.
-- version 20261120_000001_announcements
-- ladder bf81201cafb4dede0d9974653e758c3556bd6fcca68e116db2c60102bd08f144
-- text 83a6300ce2c65852036cfc205fb233ea2f6e87c02da925ea377a29d0a3e71555
CREATE TABLE announcements (
      id uuid PRIMARY KEY,
      title text NOT NULL,
      body text NOT NULL,
      pinned boolean NOT NULL DEFAULT false,
      author_id uuid,
      author_name text NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now(),
      updated_at timestamptz NOT NULL DEFAULT now(),
      version integer NOT NULL DEFAULT 1
    )
;
CREATE INDEX announcements_order_index ON announcements (pinned DESC, created_at DESC, id)
