import type { Identity, SequenceOptions } from '../schema/table.ts'

/** In the order of DDLCompiler.get_identity_options. */
export function sequenceOptions(options: SequenceOptions): readonly string[] {
  const { increment, start, minvalue, maxvalue, nominvalue, nomaxvalue, cache, cycle } = options
  return [
    ...(increment === undefined ? [] : [`INCREMENT BY ${increment}`]),
    ...(start === undefined ? [] : [`START WITH ${start}`]),
    ...(minvalue === undefined ? [] : [`MINVALUE ${minvalue}`]),
    ...(maxvalue === undefined ? [] : [`MAXVALUE ${maxvalue}`]),
    ...(nominvalue ? ['NO MINVALUE'] : []),
    ...(nomaxvalue ? ['NO MAXVALUE'] : []),
    ...(cache === undefined ? [] : [`CACHE ${cache}`]),
    ...(cycle === undefined ? [] : [cycle ? 'CYCLE' : 'NO CYCLE']),
  ]
}

export function identityText(identity: Identity): string {
  const options = sequenceOptions(identity).join(' ')
  return `GENERATED ${identity.always ? 'ALWAYS' : 'BY DEFAULT'} AS IDENTITY${options && ` (${options})`}`
}
