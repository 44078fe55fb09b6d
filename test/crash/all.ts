// `npm run test:crash`: every point of the crash matrix, and some hundred random moments on each kind of database.
// SQLMIG_TEST_CRASH is the number of random moments, SQLMIG_TEST_SEED brings those of a former run back.

process.env.SQLMIG_TEST_CRASH ??= '300'
process.env.SQLMIG_TEST_SEED ??= String(Math.floor(Math.random() * 2 ** 31))
process.env.SQLMIG_TEST_TIMEOUT ??= '14400'
process.argv.push('test/crash')

await import('../run.js')
