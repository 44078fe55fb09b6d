import { crashOfServer } from './matrix.ts'

await crashOfServer('postgres')
await crashOfServer('mariadb')
// takes long to make
if (process.env.SQLMIG_TEST_CRASH) await crashOfServer('mysql')
