import { fileName } from '../chain/names.ts'
import type { DialectName } from '../dialects/dialect-name.ts'
import type { Conversion, ConvertedScript } from './convert.ts'

/** A file of the chain that an import makes. */
export interface Output {
  /** The file's name in the chain's folder. */
  readonly name: string
  /** Set where the file is for one dialect only. */
  readonly dialect: DialectName | undefined
  readonly text: string
  readonly conversion: Conversion
}

/** The same SQL for all dialects gives one common file, else each dialect has its own. */
export function outputsOf({ id, conversions }: ConvertedScript): readonly Output[] {
  const [first, ...others] = conversions
  if (!first) return []
  if (others.every(({ text }) => text === first.text))
    return [{ name: fileName(id), dialect: undefined, text: first.text, conversion: first }]
  return conversions.map((conversion) => {
    const { dialect, text } = conversion
    return { name: fileName(id, dialect), dialect, text, conversion }
  })
}
