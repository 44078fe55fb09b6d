import type { Case } from './cases.ts'

const lead = `
  CREATE TABLE customer (id BIGINT PRIMARY KEY, name TEXT);
  CREATE TABLE lead_entry (
    id BIGINT PRIMARY KEY, email VARCHAR(40), name VARCHAR(100), score INT(11), state ENUM('new', 'won') NOT NULL,
    customer_id BIGINT, note TEXT
  );
`
const ofLead = { dialect: 'mysql', landed: [lead] } as const

export const mysqlCases: readonly Case[] = [
  {
    ...ofLead,
    rule: 'alter-copies-table',
    finds: [
      'ALTER TABLE lead_entry MODIFY score BIGINT;',
      'ALTER TABLE lead_entry CHANGE score points DECIMAL(10, 2);',
      // the length takes two bytes from 256 bytes on, and a character may take four
      'ALTER TABLE lead_entry MODIFY email VARCHAR(100);',
      'ALTER TABLE lead_entry MODIFY name VARCHAR(50);',
      "ALTER TABLE lead_entry MODIFY state ENUM('won', 'new') NOT NULL;",
      'ALTER TABLE lead_entry ADD FOREIGN KEY (customer_id) REFERENCES customer (id);',
      'ALTER TABLE lead_entry ADD CONSTRAINT c CHECK (score > 0);',
      'ALTER TABLE lead_entry DROP PRIMARY KEY;',
      'ALTER TABLE lead_entry ENGINE=MyISAM;',
      'ALTER TABLE lead_entry ADD twice INT AS (score * 2) STORED;',
      'ALTER TABLE lead_entry PARTITION BY HASH (id) PARTITIONS 4;',
      'ALTER TABLE lead_entry ADD COLUMN a INT, ALGORITHM=COPY;',
    ],
    passes: [
      'ALTER TABLE lead_entry MODIFY email VARCHAR(60);',
      'ALTER TABLE lead_entry MODIFY name VARCHAR(200);',
      'ALTER TABLE lead_entry MODIFY score INT;',
      "ALTER TABLE lead_entry MODIFY state ENUM('new', 'won', 'lost') NOT NULL;",
      'ALTER TABLE lead_entry CHANGE score points INT(11);',
      'ALTER TABLE lead_entry ADD COLUMN a INT DEFAULT 0;',
      'ALTER TABLE lead_entry ADD INDEX (score);',
      'ALTER TABLE lead_entry ENGINE=InnoDB;',
      'ALTER TABLE lead_entry MODIFY score BIGINT, ALGORITHM=INPLACE;',
      'ALTER TABLE lead_entry DROP PRIMARY KEY, ADD PRIMARY KEY (id, email);',
      'SET foreign_key_checks = 0;\nALTER TABLE lead_entry ADD FOREIGN KEY (customer_id) REFERENCES customer (id);',
      'CREATE TABLE visit (id INT); ALTER TABLE visit MODIFY id BIGINT;',
    ],
  },
  {
    ...ofLead,
    rule: 'charset-conversion',
    finds: ['ALTER TABLE lead_entry CONVERT TO CHARACTER SET utf8mb4;'],
    passes: [
      'ALTER TABLE lead_entry DEFAULT CHARACTER SET utf8mb4;',
      'CREATE TABLE visit (id INT); ALTER TABLE visit CONVERT TO CHARACTER SET utf8mb4;',
    ],
  },
  {
    ...ofLead,
    rule: 'alter-rebuilds-table',
    finds: [
      'ALTER TABLE lead_entry MODIFY email VARCHAR(40) NOT NULL;',
      'ALTER TABLE lead_entry FORCE;',
      'ALTER TABLE lead_entry ENGINE=innodb;',
      'ALTER TABLE lead_entry ROW_FORMAT=DYNAMIC;',
    ],
    passes: [
      'ALTER TABLE lead_entry MODIFY email VARCHAR(40);',
      "ALTER TABLE lead_entry COMMENT 'people who asked';",
      'CREATE TABLE visit (id INT); ALTER TABLE visit FORCE;',
    ],
  },
  {
    ...ofLead,
    rule: 'index-blocks-writes',
    finds: [
      'CREATE FULLTEXT INDEX i ON lead_entry (note);',
      'ALTER TABLE lead_entry ADD FULLTEXT KEY (note);',
      'ALTER TABLE lead_entry ADD COLUMN n INT AUTO_INCREMENT UNIQUE;',
    ],
    passes: [
      'CREATE INDEX i ON lead_entry (score);',
      'CREATE TABLE visit (t TEXT); CREATE FULLTEXT INDEX i ON visit (t);',
    ],
  },
  {
    ...ofLead,
    rule: 'several-alters',
    finds: ['ALTER TABLE lead_entry ADD a INT;\nALTER TABLE lead_entry ADD b INT;'],
    passes: [
      'ALTER TABLE lead_entry ADD a INT, ADD b INT;',
      'ALTER TABLE lead_entry ADD a INT; ALTER TABLE customer ADD a INT;',
      'ALTER TABLE lead_entry ADD a INT; UPDATE lead_entry SET a = 1 WHERE id = 1; ALTER TABLE lead_entry MODIFY a INT NOT NULL;',
      'ALTER TABLE lead_entry DROP FOREIGN KEY f; ALTER TABLE lead_entry ADD CONSTRAINT f FOREIGN KEY (customer_id) REFERENCES customer (id);',
    ],
  },
  {
    ...ofLead,
    rule: 'lock-table',
    finds: ['LOCK TABLES lead_entry WRITE;', 'LOCK TABLES visit READ, customer WRITE;'],
    passes: ['UNLOCK TABLES;', 'CREATE TABLE visit (id INT); LOCK TABLES `visit` WRITE;'],
  },
]
