import t from 'tap'
import { eachServer } from '../servers/databases.ts'
import { agrees } from './agree.ts'
import { scripts } from './scripts.ts'

for (const { name, on, statements } of scripts) {
  await eachServer(
    t,
    `the model is what the catalogue says: ${name}`,
    (t, database) => agrees(t, database, statements),
    on,
  )
}
