export const dialectNames = ['postgres', 'mysql', 'sqlite'] as const
/** The three kinds of database; `mysql` covers MariaDB. */
export type DialectName = (typeof dialectNames)[number]
