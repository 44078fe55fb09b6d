-- A lead inbox: forms on a web site bring leads, some leads become customers.

CREATE TABLE customer (
  id integer NOT NULL PRIMARY KEY,
  name varchar(200) NOT NULL,
  email varchar(320) NOT NULL,
  created_at timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT customer_email_key UNIQUE (email)
);

CREATE TABLE lead_entry (
  id integer NOT NULL PRIMARY KEY,
  customer_id integer,
  form varchar(50) NOT NULL,
  email varchar(320) NOT NULL,
  message text,
  received_at timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT lead_entry_customer_fkey FOREIGN KEY (customer_id) REFERENCES customer (id)
);
