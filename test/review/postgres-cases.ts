import type { Case } from './cases.ts'

const lead = `
  CREATE TABLE customer (id bigint PRIMARY KEY, name text);
  CREATE TABLE lead (
    id bigint PRIMARY KEY, email varchar(100), score integer, amount numeric(10, 2), customer_id bigint, at timestamp,
    note text, region text NOT NULL
  );
  CREATE INDEX lead_email_idx ON lead (email);
`
const ofLead = { dialect: 'postgres', landed: [lead] } as const
const concurrently = '-- sqlmig: no-transaction\n'

export const postgresCases: readonly Case[] = [
  {
    ...ofLead,
    rule: 'if-not-exists',
    finds: ['ALTER TABLE lead ADD COLUMN IF NOT EXISTS score bigint;'],
    passes: [
      'ALTER TABLE lead ADD COLUMN IF NOT EXISTS rank bigint;',
      // who knows what the code has done
      "DO $$ BEGIN EXECUTE 'ALTER TABLE lead DROP COLUMN score'; END $$; ALTER TABLE lead ADD COLUMN IF NOT EXISTS score int;",
    ],
  },
  {
    dialect: 'postgres',
    landed: [lead, 'CREATE TABLE lead_new (id bigint);', 'DROP TABLE lead;'],
    rule: 'rename-table',
    finds: ['ALTER TABLE customer RENAME TO client;'],
    passes: ['ALTER TABLE lead_new RENAME TO lead;'],
  },
  {
    ...ofLead,
    rule: 'index-not-concurrent',
    finds: [
      'CREATE INDEX ON lead (score);',
      'CREATE UNIQUE INDEX lead_score_idx ON lead (score);',
      'CREATE INDEX i ON table_of_before_sqlmig (a);',
      'CREATE INDEX i ON public.lead (score);',
    ],
    passes: [
      `${concurrently}CREATE INDEX CONCURRENTLY lead_score_idx ON lead (score);`,
      'CREATE TABLE visit (id bigint); CREATE INDEX ON visit (id);',
      'CREATE TABLE visit AS SELECT id FROM lead; CREATE INDEX ON visit (id);',
      'CREATE TEMP TABLE visit (id bigint); CREATE INDEX ON visit (id);',
      'CREATE MATERIALIZED VIEW app.sums AS SELECT 1 AS n; CREATE UNIQUE INDEX ON app.sums (n);',
      'CREATE TABLE visit_new (id bigint); ALTER TABLE visit_new RENAME TO visit; CREATE INDEX ON visit (id);',
    ],
  },
  {
    ...ofLead,
    rule: 'drop-index-not-concurrent',
    finds: ['DROP INDEX lead_email_idx;', 'DROP INDEX IF EXISTS somewhere.i;'],
    passes: [
      `${concurrently}DROP INDEX CONCURRENTLY lead_email_idx;`,
      'CREATE TABLE visit (id bigint); CREATE INDEX visit_idx ON visit (id); DROP INDEX visit_idx;',
    ],
  },
  {
    ...ofLead,
    rule: 'reindex-not-concurrent',
    finds: [`${concurrently}REINDEX TABLE lead;`, 'REINDEX INDEX lead_email_idx;'],
    passes: [
      `${concurrently}REINDEX TABLE CONCURRENTLY lead;`,
      `${concurrently}REINDEX (VERBOSE) INDEX CONCURRENTLY i;`,
    ],
  },
  {
    ...ofLead,
    rule: 'concurrent-if-not-exists',
    finds: [`${concurrently}CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON lead (score);`],
    passes: [
      `${concurrently}CREATE INDEX CONCURRENTLY i ON lead (score);`,
      'CREATE TABLE visit (id int); CREATE INDEX IF NOT EXISTS i ON visit (id);',
    ],
  },
  {
    ...ofLead,
    rule: 'foreign-key-validated-at-once',
    finds: [
      'ALTER TABLE lead ADD FOREIGN KEY (customer_id) REFERENCES customer (id);',
      'ALTER TABLE ONLY lead ADD CONSTRAINT fk FOREIGN KEY (customer_id) REFERENCES customer ON DELETE CASCADE;',
      // a default means that rows have to be looked up
      'ALTER TABLE lead ADD COLUMN other bigint DEFAULT 1 REFERENCES customer (id);',
    ],
    passes: [
      'ALTER TABLE lead ADD CONSTRAINT fk FOREIGN KEY (customer_id) REFERENCES customer (id) NOT VALID;',
      'CREATE TABLE visit (lead_id bigint); ALTER TABLE visit ADD FOREIGN KEY (lead_id) REFERENCES lead (id);',
      'ALTER TABLE lead ADD COLUMN other bigint REFERENCES customer (id);',
    ],
  },
  {
    ...ofLead,
    rule: 'check-validated-at-once',
    finds: [
      'ALTER TABLE lead ADD CONSTRAINT c CHECK (score > 0);',
      'ALTER TABLE lead ADD CHECK (score > 0) NO INHERIT;',
      'ALTER TABLE lead ADD COLUMN rank integer DEFAULT 0 CHECK (rank >= 0);',
    ],
    passes: [
      'ALTER TABLE lead ADD CONSTRAINT c CHECK (score > 0) NOT VALID;',
      'CREATE TABLE visit (n int); ALTER TABLE visit ADD CHECK (n > 0);',
    ],
  },
  {
    ...ofLead,
    rule: 'validate-in-same-transaction',
    finds: [
      'ALTER TABLE lead ADD CONSTRAINT c CHECK (score > 0) NOT VALID; ALTER TABLE lead VALIDATE CONSTRAINT c;',
      'ALTER TABLE lead ADD CONSTRAINT "C" CHECK (score > 0) NOT VALID; ALTER TABLE lead VALIDATE CONSTRAINT "C";',
    ],
    passes: [
      `${concurrently}ALTER TABLE lead ADD CONSTRAINT c CHECK (score > 0) NOT VALID; ALTER TABLE lead VALIDATE CONSTRAINT c;`,
      ['ALTER TABLE lead ADD CONSTRAINT c CHECK (score > 0) NOT VALID;', 'ALTER TABLE lead VALIDATE CONSTRAINT c;'],
    ],
  },
  {
    ...ofLead,
    rule: 'key-without-index',
    finds: [
      'ALTER TABLE lead ADD UNIQUE (email);',
      'ALTER TABLE lead ADD CONSTRAINT k UNIQUE (email, score);',
      'ALTER TABLE somewhere ADD PRIMARY KEY (id);',
      'ALTER TABLE lead ADD COLUMN token text UNIQUE;',
    ],
    passes: [
      'ALTER TABLE lead ADD CONSTRAINT k UNIQUE USING INDEX k;',
      'CREATE TABLE visit (id int); ALTER TABLE visit ADD PRIMARY KEY (id);',
    ],
  },
  {
    ...ofLead,
    rule: 'set-not-null',
    finds: [
      'ALTER TABLE lead ALTER COLUMN email SET NOT NULL;',
      // not yet validated
      [
        'ALTER TABLE lead ADD CONSTRAINT c CHECK (email IS NOT NULL) NOT VALID;',
        'ALTER TABLE lead ALTER email SET NOT NULL;',
      ],
      // about another column
      [
        'ALTER TABLE lead ADD CONSTRAINT c CHECK (score IS NOT NULL) NOT VALID;',
        'ALTER TABLE lead VALIDATE CONSTRAINT c;',
        'ALTER TABLE lead ALTER email SET NOT NULL;',
      ],
    ],
    passes: [
      [
        'ALTER TABLE lead ADD CONSTRAINT c CHECK (email IS NOT NULL) NOT VALID;',
        'ALTER TABLE lead VALIDATE CONSTRAINT c;',
        'ALTER TABLE lead ALTER email SET NOT NULL;',
      ],
      'ALTER TABLE lead ALTER email DROP NOT NULL;',
      'ALTER TABLE lead ALTER region SET NOT NULL;',
      'CREATE TABLE visit (n int); ALTER TABLE visit ALTER n SET NOT NULL;',
    ],
  },
  {
    ...ofLead,
    rule: 'type-change-rewrites',
    finds: [
      'ALTER TABLE lead ALTER COLUMN score TYPE bigint;',
      'ALTER TABLE lead ALTER email TYPE varchar(50);',
      'ALTER TABLE lead ALTER amount TYPE numeric(12, 3);',
      'ALTER TABLE lead ALTER at TYPE timestamptz;',
      "SET timezone = 'UTC';\nSET timezone = 'Asia/Tokyo';\nALTER TABLE lead ALTER at TYPE timestamptz;",
      'ALTER TABLE lead ALTER email TYPE text USING lower(email);',
      'ALTER TABLE somewhere ALTER a TYPE text;',
      'ALTER TABLE lead ALTER note TYPE jsonb USING note::jsonb;',
    ],
    passes: [
      'ALTER TABLE lead ALTER email TYPE varchar(200);',
      'ALTER TABLE lead ALTER email TYPE text;',
      'ALTER TABLE lead ALTER email TYPE text USING email::text;',
      'ALTER TABLE lead ALTER email SET DATA TYPE varchar;',
      'ALTER TABLE lead ALTER amount TYPE numeric(12, 2);',
      'ALTER TABLE lead ALTER amount TYPE numeric;',
      'ALTER TABLE lead ALTER score TYPE int;',
      "SET timezone = 'UTC';\nALTER TABLE lead ALTER at TYPE timestamptz USING at;",
      'SET LOCAL TIME ZONE UTC;\nALTER TABLE lead ALTER at TYPE timestamptz;',
      'CREATE TABLE visit (n int); ALTER TABLE visit ALTER n TYPE bigint;',
    ],
  },
  {
    ...ofLead,
    rule: 'added-column-rewrites',
    finds: [
      'ALTER TABLE lead ADD COLUMN token uuid DEFAULT gen_random_uuid();',
      'ALTER TABLE lead ADD COLUMN token uuid NOT NULL DEFAULT public.uuid_generate_v4();',
      'ALTER TABLE lead ADD COLUMN n bigserial;',
      'ALTER TABLE lead ADD COLUMN n bigint GENERATED ALWAYS AS IDENTITY;',
      'ALTER TABLE lead ADD COLUMN twice int GENERATED ALWAYS AS (score * 2) STORED;',
      'ALTER TABLE lead ADD COLUMN seen timestamptz DEFAULT clock_timestamp();',
    ],
    passes: [
      'ALTER TABLE lead ADD COLUMN seen timestamptz DEFAULT now();',
      "ALTER TABLE lead ADD COLUMN state text NOT NULL DEFAULT 'random()';",
      'ALTER TABLE lead ADD COLUMN token uuid; ALTER TABLE lead ALTER token SET DEFAULT gen_random_uuid();',
      'CREATE TABLE visit (id int); ALTER TABLE visit ADD COLUMN token uuid DEFAULT gen_random_uuid();',
    ],
  },
  {
    ...ofLead,
    rule: 'table-rewritten',
    finds: ['ALTER TABLE lead SET UNLOGGED;', 'ALTER TABLE lead SET TABLESPACE fast;'],
    passes: ['ALTER TABLE lead SET (fillfactor = 70);', 'CREATE TABLE visit (id int); ALTER TABLE visit SET UNLOGGED;'],
  },
  {
    ...ofLead,
    rule: 'lock-table',
    finds: ['LOCK TABLE lead;', 'LOCK lead IN SHARE ROW EXCLUSIVE MODE;', 'LOCK TABLE lead IN EXCLUSIVE MODE NOWAIT;'],
    passes: [
      'LOCK TABLE lead IN ROW EXCLUSIVE MODE;',
      'LOCK TABLE lead IN ACCESS SHARE MODE;',
      'CREATE TABLE visit (id int); LOCK TABLE visit;',
    ],
  },
  {
    ...ofLead,
    rule: 'blocking-maintenance',
    finds: [
      `${concurrently}VACUUM FULL lead;`,
      `${concurrently}VACUUM (FULL, ANALYZE) lead;`,
      'CLUSTER lead USING lead_email_idx;',
      'REFRESH MATERIALIZED VIEW lead_sums;',
    ],
    passes: [
      `${concurrently}VACUUM (ANALYZE) lead;`,
      'REFRESH MATERIALIZED VIEW CONCURRENTLY lead_sums;',
      'CREATE MATERIALIZED VIEW lead_sums AS SELECT 1 AS n WITH NO DATA; REFRESH MATERIALIZED VIEW lead_sums;',
      'ALTER TABLE lead CLUSTER ON lead_email_idx;',
    ],
  },
  {
    dialect: 'postgres',
    landed: ["CREATE TYPE mood AS ENUM ('good'); CREATE TABLE day (mood mood);"],
    rule: 'enum-value-used-too-early',
    finds: [
      "ALTER TYPE mood ADD VALUE 'bad'; INSERT INTO day VALUES ('bad');",
      "ALTER TYPE mood ADD VALUE IF NOT EXISTS 'bad' AFTER 'good'; ALTER TABLE day ALTER mood SET DEFAULT 'bad';",
    ],
    passes: [
      "ALTER TYPE mood ADD VALUE 'bad'; INSERT INTO day VALUES ('good');",
      "-- sqlmig: no-transaction\nALTER TYPE mood ADD VALUE 'bad'; INSERT INTO day VALUES ('bad');",
      ["ALTER TYPE mood ADD VALUE 'bad';", "INSERT INTO day VALUES ('bad');"],
      "CREATE TYPE size AS ENUM ('s'); ALTER TYPE size ADD VALUE 'm'; CREATE TABLE hat (size size DEFAULT 'm');",
    ],
  },
  {
    ...ofLead,
    rule: 'drop-cascade',
    finds: ['DROP TYPE mood CASCADE;', 'DROP EXTENSION IF EXISTS citext CASCADE;', 'DROP SCHEMA old CASCADE;'],
    passes: ['DROP TYPE mood;', 'DROP SCHEMA old RESTRICT;', "COMMENT ON TYPE mood IS 'no CASCADE';"],
  },
]
