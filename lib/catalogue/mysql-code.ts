import type { Session } from '../drivers/driver.ts'
import type { CatalogueObject, ObjectKind } from './model.ts'
import { object, properties, unqualified } from './mysql.ts'

/** Views, routines, triggers and events. Who made them is left out: it is not the schema's affair, and another one in a copy. */
export async function mysqlCode(session: Session, database: string): Promise<readonly CatalogueObject[]> {
  const plain = (text: unknown) => unqualified(String(text ?? ''), database)
  const found: CatalogueObject[] = []
  for (const { name, body, checks, security } of await session.query(viewQuery)) {
    const own = {
      definition: plain(body),
      'check option': checks === 'NONE' ? null : checks,
      security: usual(security, 'DEFINER'),
    }
    found.push(object('view', name, properties(own)))
  }
  const parameters = await parametersOf(session)
  for (const { name, specific, kind, body, ...rest } of await session.query(routineQuery)) {
    const key = `${String(kind).toLowerCase()} ${specific}`
    const { returns, deterministic, data, security, modes, comment } = rest
    found.push(
      object(
        String(kind).toLowerCase() as ObjectKind,
        name,
        properties({
          definition: body,
          parameters: parameters.get(key)?.join(', '),
          returns,
          deterministic: deterministic === 'YES' ? 'yes' : null,
          data: usual(data, 'CONTAINS SQL'),
          security: usual(security, 'DEFINER'),
          'sql mode': modes,
          comment,
        }),
      ),
    )
  }
  for (const { name, tbl, timing, event, place, body, modes } of await session.query(triggerQuery)) {
    const own = properties({ definition: plain(body), when: `${timing} ${event}`, place, 'sql mode': modes })
    found.push({ ...object('trigger', name, own), table: `table ${tbl}` })
  }
  for (const { name, ...rest } of await session.query(eventQuery)) found.push(object('event', name, properties(rest)))
  return found
}

const usual = (value: unknown, standard: string) => (value === standard ? null : value)

const viewQuery = `SELECT table_name AS name, view_definition AS body, check_option AS checks, security_type AS security
FROM information_schema.views WHERE table_schema = DATABASE() ORDER BY 1`

const routineQuery = `SELECT routine_name AS name, specific_name AS \`specific\`, routine_type AS kind, routine_definition AS body, dtd_identifier AS returns,
  is_deterministic AS \`deterministic\`, sql_data_access AS data, security_type AS security, sql_mode AS modes, routine_comment AS comment
FROM information_schema.routines WHERE routine_schema = DATABASE() AND routine_type IN ('FUNCTION', 'PROCEDURE') ORDER BY 1`

async function parametersOf(session: Session): Promise<ReadonlyMap<string, readonly string[]>> {
  const all = new Map<string, string[]>()
  for (const { kind, routine, mode, name, type } of await session.query(parameterQuery)) {
    const key = `${String(kind).toLowerCase()} ${routine}`
    const text = `${kind === 'PROCEDURE' && mode !== 'IN' ? `${mode} ` : ''}\`${name}\` ${type}`
    all.set(key, [...(all.get(key) ?? []), text])
  }
  return all
}

const parameterQuery = `SELECT routine_type AS kind, specific_name AS routine, parameter_mode AS mode, parameter_name AS name, dtd_identifier AS type
FROM information_schema.parameters WHERE specific_schema = DATABASE() AND ordinal_position > 0 ORDER BY specific_name, ordinal_position`

const triggerQuery = `SELECT trigger_name AS name, event_object_table AS tbl, action_timing AS timing, event_manipulation AS event, action_order AS place,
  action_statement AS body, sql_mode AS modes FROM information_schema.triggers WHERE trigger_schema = DATABASE() ORDER BY 1`

const eventQuery = `SELECT event_name AS name, event_definition AS definition, CONCAT_WS(' ', event_type, interval_value, interval_field) AS schedule,
  starts, ends, execute_at AS \`at\`, status, on_completion AS completion, sql_mode AS modes, event_comment AS comment
FROM information_schema.events WHERE event_schema = DATABASE() ORDER BY 1`
