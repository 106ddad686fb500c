// Preloaded into a server under test: SQLite syncs less often than the product asks for, as LAX_SYNC says.
// oxlint-disable typescript/unbound-method -- what is replaced is called with the `this` it would have had
import Database from 'better-sqlite3';

const { pragma } = Database.prototype;
Database.prototype.pragma = function (source, options) {
  const lax = source.replace('synchronous = FULL', `synchronous = ${process.env['LAX_SYNC']}`);
  return pragma.call(this, lax, options);
};
