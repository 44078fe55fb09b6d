/** DDL of many kinds, all of it within one transaction. */
export const postgresKinds: readonly string[] = [
  'CREATE TABLE kinds (id serial PRIMARY KEY, a integer, b varchar(20), old integer)',
  "INSERT INTO kinds (id, a, b) VALUES (1, 1, 'x'), (2, 2, 'y')",
  "CREATE TYPE mood AS ENUM ('good', 'bad')",
  "ALTER TABLE kinds ADD COLUMN c mood NOT NULL DEFAULT 'good'",
  'ALTER TABLE kinds ALTER COLUMN b TYPE text, ALTER COLUMN b SET NOT NULL',
  'ALTER TABLE kinds RENAME COLUMN a TO amount',
  'ALTER TABLE kinds DROP COLUMN old',
  'ALTER TABLE kinds ADD CONSTRAINT kinds_team FOREIGN KEY (amount) REFERENCES teams (id)',
  "COMMENT ON TABLE kinds IS 'of many kinds'",
  'ALTER TABLE kinds RENAME TO sorts',
  'CREATE VIEW sorted AS SELECT id, amount FROM sorts',
  'CREATE MATERIALIZED VIEW sums AS SELECT sum(amount) AS total FROM sorts',
  `CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO trace VALUES (71, NEW.id);
  RETURN NEW;
END $$`,
  'CREATE TRIGGER sorts_insert AFTER INSERT ON sorts FOR EACH ROW EXECUTE FUNCTION noted()',
  "INSERT INTO sorts (id, amount, b) VALUES (3, 3, 'z')",
  'CREATE TABLE spare AS SELECT id FROM sorts',
  'TRUNCATE TABLE spare',
  'CREATE SEQUENCE counted START 5',
  'DROP VIEW sorted',
  'INSERT INTO trace VALUES (7, 1)',
]
