/** Gives each change of the directory its revision and its outbox row, in the transaction of the change itself. */
const directory = require(`${__hooks}/directory.js`);

/**
 * The next revision of all directory records. Always greater than the one before; following the clock (milliseconds
 * since 1970) keeps it so after a backup was restored or a power cut took the last commits, when billing already knows
 * revisions that this database has forgotten.
 */
function nextRevision(tx) {
  const result = new DynamicModel({ rev: 0 });
  tx.db()
    .newQuery(
      "UPDATE directory_revision SET rev = MAX(rev + 1, CAST(unixepoch('subsec') * 1000 AS INTEGER)) RETURNING rev",
    )
    .one(result);
  return result.rev;
}

function enqueue(tx, change) {
  const row = new Record(tx.findCollectionByNameOrId('outbox'));
  row.set('rev', change.rev);
  row.set('collection', change.collection);
  row.set('record_id', change.id);
  row.set('payload', change);
  tx.save(row);
}

module.exports = {
  /** Runs the rest of a create, update or delete (`e.next`) with `e.app` set to one transaction. */
  inTransaction(e) {
    const app = e.app;
    const collection = e.record.collection().name;
    try {
      app.runInTransaction((tx) => {
        e.app = tx;
        const rev = nextRevision(tx);
        if (e.type !== 'delete') e.record.set('rev', rev);
        e.next();
        // Read again: the record in hand may carry columns that somebody else has changed since it was loaded.
        const record = e.type === 'delete' ? null : directory.read(tx, collection, e.record.id);
        enqueue(tx, { collection, id: e.record.id, rev, record });
      });
    } finally {
      e.app = app;
    }
  },
};
