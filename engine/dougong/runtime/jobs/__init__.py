"""Jobs: effects outside of the database, kept in the transaction of the write that wants them, carried out by workers until they are done."""
