#!/bin/sh
# The product's own role and database, made once when the volume is empty. Why these attributes: docs/how-to/own-postgresql.md
set -eu
psql --set=ON_ERROR_STOP=1 --set=password="$POSTGRES_PASSWORD" --username postgres <<'SQL'
CREATE ROLE preau LOGIN NOINHERIT CREATEROLE PASSWORD :'password';
CREATE DATABASE preau OWNER preau ENCODING 'UTF8' TEMPLATE template0;
\connect preau
ALTER SCHEMA public OWNER TO preau;
SQL
