-- The ladder of schools as one text, made by `pnpm preau fleet snapshot`. Not to be edited.
-- version 20261121_000100_media_files
-- ladder 3e305da8395e646c7b18a1ae0dde4a9515c3f977f1a753380a4a8451ea2b215e
-- text 59d94d7e62375ef2cd249139c6668862c6079e242ce2cce20d43da64c0979543
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
;
CREATE TABLE media_files (
      id uuid PRIMARY KEY,
      folder text NOT NULL,
      -- Shown in the page that visitors see: 'logo' or 'favicon'.
      purpose text,
      name text NOT NULL,
      alt text NOT NULL DEFAULT '',
      media_type text NOT NULL,
      bytes bigint NOT NULL,
      sha256 text NOT NULL,
      width integer,
      height integer,
      storage_key text NOT NULL,
      uploader_id uuid,
      uploader_name text NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now(),
      updated_at timestamptz NOT NULL DEFAULT now(),
      trashed_at timestamptz,
      version integer NOT NULL DEFAULT 1
    )
;
CREATE INDEX media_files_trash_index ON media_files (trashed_at) WHERE trashed_at IS NOT NULL
;
CREATE UNIQUE INDEX media_files_purpose_index ON media_files (purpose) WHERE purpose IS NOT NULL
;
CREATE TABLE media_variants (
      media_id uuid NOT NULL REFERENCES media_files (id),
      variant text NOT NULL,
      format text NOT NULL,
      bytes bigint NOT NULL,
      width integer NOT NULL,
      height integer NOT NULL,
      storage_key text NOT NULL,
      PRIMARY KEY (media_id, variant, format)
    )
