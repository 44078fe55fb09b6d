import type { Case } from './cases.ts'

const lead = `
  CREATE TABLE customer (id INTEGER PRIMARY KEY, name TEXT, code TEXT UNIQUE);
  CREATE TABLE lead (id INTEGER PRIMARY KEY, email TEXT, score INTEGER, customer_id INTEGER REFERENCES customer (id));
  CREATE INDEX lead_email_idx ON lead (email);
`
const ofLead = { dialect: 'sqlite', landed: [lead] } as const
const rebuilt = `
  CREATE TABLE lead_new (id INTEGER PRIMARY KEY, email TEXT NOT NULL);
  INSERT INTO lead_new SELECT id, email FROM lead;
  DROP TABLE lead;
  ALTER TABLE lead_new RENAME TO lead;
`
const withIndex = `${rebuilt} CREATE INDEX lead_email_idx ON lead (email);`

export const sqliteCases: readonly Case[] = [
  {
    ...ofLead,
    rule: 'rebuild-renames-old-table',
    finds: [
      'ALTER TABLE customer RENAME TO customer_old; CREATE TABLE customer (id INTEGER PRIMARY KEY); DROP TABLE customer_old;',
    ],
    passes: [
      withIndex,
      'PRAGMA legacy_alter_table = ON; ALTER TABLE customer RENAME TO old; CREATE TABLE customer (id INTEGER PRIMARY KEY);',
      'ALTER TABLE lead RENAME TO enquiry;',
      // nobody refers to it
      'ALTER TABLE lead RENAME TO old; CREATE TABLE lead (id INTEGER PRIMARY KEY); DROP TABLE old;',
      // who does is made anew
      `ALTER TABLE customer RENAME TO old; CREATE TABLE customer (id INTEGER PRIMARY KEY); DROP TABLE lead;
       CREATE TABLE lead (customer_id INTEGER REFERENCES customer (id)); DROP TABLE old;`,
    ],
  },
  {
    ...ofLead,
    rule: 'rebuild-loses-index',
    finds: [rebuilt],
    passes: [
      withIndex,
      `${rebuilt} CREATE INDEX other_name ON lead (email);`,
      'DROP TABLE lead;',
      // the index was not there any more
      `DROP INDEX lead_email_idx; ${rebuilt}`,
    ],
  },
  {
    dialect: 'sqlite',
    landed: [lead, 'CREATE TRIGGER lead_log AFTER INSERT ON lead BEGIN SELECT 1; END;'],
    rule: 'rebuild-loses-index',
    finds: [withIndex],
    passes: [`${withIndex} CREATE TRIGGER lead_log AFTER INSERT ON lead BEGIN SELECT 1; END;`],
  },
  {
    dialect: 'sqlite',
    landed: [lead, 'CREATE VIEW emails AS SELECT email FROM lead;'],
    rule: 'rebuild-breaks-view',
    finds: [withIndex],
    passes: [
      `DROP VIEW emails; ${withIndex} CREATE VIEW emails AS SELECT email FROM lead;`,
      `PRAGMA legacy_alter_table = ON; ${withIndex}`,
      'ALTER TABLE customer RENAME TO client;',
    ],
  },
  {
    ...ofLead,
    rule: 'drop-parent-with-keys-on',
    finds: ['PRAGMA foreign_keys = ON; DROP TABLE customer;'],
    passes: [
      'DROP TABLE customer;',
      'PRAGMA foreign_keys = ON; DROP TABLE lead;',
      'PRAGMA foreign_keys = OFF; DROP TABLE customer;',
    ],
  },
  {
    ...ofLead,
    rule: 'foreign-keys-pragma',
    finds: ['PRAGMA foreign_keys = OFF; CREATE TABLE a (b);'],
    passes: ['-- sqlmig: no-transaction\nPRAGMA foreign_keys = OFF;', 'PRAGMA foreign_key_check;'],
  },
  {
    ...ofLead,
    rule: 'add-column-refused',
    finds: [
      'ALTER TABLE lead ADD COLUMN token TEXT UNIQUE;',
      'ALTER TABLE lead ADD COLUMN at TEXT DEFAULT CURRENT_TIMESTAMP;',
      'ALTER TABLE lead ADD COLUMN n INTEGER DEFAULT (random());',
      'CREATE TABLE visit (id INTEGER); ALTER TABLE visit ADD COLUMN token TEXT UNIQUE;',
    ],
    passes: [
      "ALTER TABLE lead ADD COLUMN at TEXT DEFAULT 'CURRENT_TIMESTAMP';",
      'ALTER TABLE lead ADD COLUMN n INTEGER DEFAULT -1;',
      'CREATE TABLE visit (id INTEGER); ALTER TABLE visit ADD COLUMN at TEXT DEFAULT CURRENT_TIMESTAMP;',
    ],
  },
  {
    ...ofLead,
    rule: 'drop-column-refused',
    finds: [
      'ALTER TABLE lead DROP COLUMN email;',
      'ALTER TABLE customer DROP COLUMN code;',
      'ALTER TABLE customer DROP COLUMN ID;',
    ],
    passes: ['ALTER TABLE lead DROP COLUMN score;', 'DROP INDEX lead_email_idx; ALTER TABLE lead DROP COLUMN email;'],
  },
]
